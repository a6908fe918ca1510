"""The read-only lists: what one may see, and nothing to write."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from departments.models import StaffMember
from filings.models import Filing
from filings.states import State
from performance.models import SelfEvaluation
from tests.performance.rows import file_clean_evaluation

SignIn = Callable[[StaffMember], Client]
MODELS = ("targetdeclaration", "selfevaluation")


@pytest.fixture
def evaluation(filing: Filing, lin: StaffMember) -> SelfEvaluation:
    return file_clean_evaluation(filing, lin)


def shown(client: Client, model: str) -> str:
    answer = client.get(reverse(f"work:performance_{model}_changelist"), {"q": "示例"})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_the_department_sees_its_own(
    filing: Filing, evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn, model: str
) -> None:
    text = shown(sign_in(lin), model)
    assert str(filing.public_id) in text


@pytest.mark.parametrize("model", MODELS)
def test_the_outsider_sees_an_empty_list(
    filing: Filing, evaluation: SelfEvaluation, wai: StaffMember, sign_in: SignIn, model: str
) -> None:
    assert str(filing.public_id) not in shown(sign_in(wai), model)


@pytest.mark.parametrize("model", MODELS)
def test_the_bureau_sees_what_was_handed_in(
    filing: Filing, evaluation: SelfEvaluation, wang: StaffMember, sign_in: SignIn, model: str
) -> None:
    client = sign_in(wang)
    assert str(filing.public_id) not in shown(client, model)
    Filing.objects.filter(pk=filing.pk).update(state=State.SUBMITTED)
    assert str(filing.public_id) in shown(client, model)


@pytest.mark.parametrize("model", MODELS)
def test_nobody_writes_here(
    evaluation: SelfEvaluation, lin: StaffMember, sign_in: SignIn, model: str
) -> None:
    client = sign_in(lin)
    pk = evaluation.pk if model == "selfevaluation" else evaluation.declaration_id
    for action, args in (("add", []), ("delete", [pk])):
        url = reverse(f"work:performance_{model}_{action}", args=args)
        assert client.get(url).status_code == 403
        assert client.post(url).status_code == 403
    change = reverse(f"work:performance_{model}_change", args=[pk])
    assert client.post(change, {"title": "x", "objective": "x"}).status_code == 403
    assert SelfEvaluation.objects.get().title == "示例项目"


@pytest.mark.parametrize("model", MODELS)
def test_a_system_administrator_sees_no_list(
    evaluation: SelfEvaluation, system_admin: StaffMember, sign_in: SignIn, model: str
) -> None:
    url = reverse(f"work:performance_{model}_changelist")
    assert sign_in(system_admin).get(url).status_code == 403
