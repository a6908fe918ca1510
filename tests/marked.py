"""林's filing with a mark in everything a person can write, to see where the marks turn up.

``SECRET`` begins every mark in what is filed and reviewed, ``REGISTER`` every mark in the registers
of departments and accounts, which a system administrator keeps.
"""

from __future__ import annotations

import hashlib
import json
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import override_settings
from django.utils import timezone

import disclosures
from budgets.models import (
    Cell,
    EconomicCode,
    FunctionalCode,
    ProcurementItem,
    ProcurementLine,
    Project,
    ProjectBudgetLine,
    PurchasedServiceLine,
    ServiceDirectoryEntry,
    Upload,
    Workbook,
)
from budgets.services import export_workbook
from budgets.uploads import path_of, write_once
from departments.models import Department, FiscalYear, Role, StaffMember, Unit
from disclosures import storage
from disclosures.evaluate import evaluate
from disclosures.extract_intake import keep_extract
from disclosures.filing import file_package
from disclosures.filing_package import FilingPackage
from disclosures.models import RenderedFile
from disclosures.package import read
from disclosures.printed_extract import Extract
from disclosures.services import frozen_bytes
from disclosures.snapshots import CATALOGUES, build_package
from filings.models import Filing, Job, JobKind, Snapshot, SnapshotPurpose
from filings.services import freeze, issue_receipt, record
from filings.states import State
from performance.evaluation import ChangeKind
from performance.form_imports import export_forms, keep_forms
from performance.models import (
    FormUpload,
    IndicatorResult,
    LibraryIndicator,
    MonitoringMeasure,
    MonitoringReport,
    ScoreDeduction,
    SelfEvaluation,
    TargetChange,
    TargetDeclaration,
)
from performance.monitoring.steps import STEPS
from portal.addresses import WORDS
from reviews.models import Remark, Waiver
from reviews.views.review import TABS
from reviews.workflow import TRANSITIONS
from rulebook.amounts import MoneyUnit
from tests import factories

SECRET, REGISTER = "林密", "林册"
FIGURE = Decimal("987654321.09")
PDF = f"%PDF-1.7 {SECRET}文件".encode()
SAMPLE = Path(disclosures.__file__).parent / "samples" / "shili_review_2023.json"


def _entry(model: Any, code: str, name: str) -> Model:
    """A row of a catalogue that the product does not ship."""
    entry, _ = model.objects.get_or_create(code=code, first_fiscal_year=2023, name=name)
    found: Model = entry
    return found


def _recommended(filing: Filing) -> Model:
    """A row of the bureau's library of indicators, which every department below may read."""
    found, _ = LibraryIndicator.objects.get_or_create(
        region=filing.department.region,
        scope="project",
        tier_one="产出指标",
        tier_two="数量指标",
        name="维护设备台数",
        kind="quantitative",
        source="示例",
    )
    entry: Model = found
    return entry


@dataclass(frozen=True, slots=True)
class Marked:
    """林's filing and one of everything that belongs to it."""

    filing: Filing
    workbook: Workbook
    cell: Cell
    project: Project
    declaration: TargetDeclaration
    evaluation: SelfEvaluation
    result: IndicatorResult
    deduction: ScoreDeduction
    change: TargetChange
    upload: Upload
    form_upload: FormUpload
    job: Job
    rendered: RenderedFile
    snapshot: Snapshot
    sent: Remark
    unsent: Remark
    waiver: Waiver
    monitoring: MonitoringReport
    change_request: TargetChange
    lin: StaffMember

    @property
    def secrets(self) -> tuple[str, ...]:
        """What nobody else may read."""
        return (SECRET, f"{FIGURE:,.2f}", f"{FIGURE}", self.snapshot.sha256)

    def values(self) -> dict[str, list[object]]:
        """A value for every converter of every route, all of them 林's."""
        filing = self.filing
        return {
            "filing": [filing.public_id],
            "book": [self.workbook.unit.code],
            "unit": [self.workbook.unit.code],
            "sheet": [self.cell.sheet],
            "list_key": ["procurement"],
            "block": ["indicators"],
            "upload": [self.upload.sha256],
            "int:upload": [self.upload.pk],
            "form_upload": [self.form_upload.sha256],
            "subject": [self.project.code, "department"],
            "result": [self.result.pk],
            "indicator": [self.result.indicator_id],
            "goal": [self.result.indicator.goal_id],
            "change": [self.change.pk],
            "adjustment": [self.change_request.pk],
            "job": [self.job.pk],
            "file": [self.rendered.public_id],
            "remark": [self.sent.pk, self.unsent.pk],
            "month": [self.monitoring.month],
            "step": [step.key for step in STEPS[:1]],
            "key": [step.key for step in TRANSITIONS],
            "tab": [tab for tab, _ in TABS],
            "code": [filing.department.code],
            "year": [filing.fiscal_year_id],
            "kind": [WORDS[filing.kind]],
            "version": [filing.version],
        } | self._admin_values()

    def _admin_values(self) -> dict[str, list[object]]:
        ours: list[Model] = [
            self.filing.department,
            self.workbook.unit,
            self.filing.fiscal_year,
            self.lin,
            self.project,
            self.declaration,
            self.evaluation,
            FunctionalCode.objects.first() or FunctionalCode(),
            EconomicCode.objects.first() or EconomicCode(),
            _entry(ProcurementItem, "A02010105", "台式计算机"),
            _entry(ServiceDirectoryEntry, "A", "基本公共服务"),
            _recommended(self.filing),
            ProjectBudgetLine.objects.get(filing=self.filing),
            ProcurementLine.objects.get(filing=self.filing),
            PurchasedServiceLine.objects.get(filing=self.filing),
        ]
        found: dict[str, list[object]] = {
            f"{row._meta.app_label}/{row._meta.model_name}": [row.pk] for row in ours
        }
        own = [*ours, self.filing, self.snapshot, self.sent, self.rendered, self.upload, self.cell]
        kinds = [ContentType.objects.get_for_model(type(row)) for row in own]
        return found | {
            "content_type_id": [kind.pk for kind in kinds],
            "r/<path:content_type_id> object_id": [self.filing.pk, self.project.pk],
        }

    def state(self) -> str:
        """Everything in the database that belongs to the filing, to see that nothing changed."""
        rows: list[Any] = [self.filing.__class__.objects.filter(pk=self.filing.pk).values()]
        for model in apps.get_models():
            for field in model._meta.get_fields():
                if field.concrete and field.is_relation and field.related_model is Filing:
                    mine = {f"{field.name}": self.filing}
                    rows.append(model._default_manager.filter(**mine).order_by("pk").values())
        rows += [Cell.objects.filter(workbook=self.workbook).values()]
        rows += [Project.objects.filter(unit__department=self.filing.department).values()]
        rows += [Department.objects.filter(pk=self.filing.department_id).values()]
        rows += [StaffMember.objects.filter(pk=self.lin.pk).values("password", "role", "is_active")]
        return json.dumps([list(found) for found in rows], default=str, ensure_ascii=False)


def roots(folder: Path) -> dict[str, Path]:
    """The settings that put every file of a test into a folder."""
    return {"PUBLISHED_ROOT": folder / "published", "MEDIA_ROOT": folder / "uploads"}


def make_marked(folder: Path) -> Marked:
    """File the sample of an invented department, mark every text of it and hand it in."""
    with override_settings(**roots(folder)):
        return _with_the_rest(*_filed())


def _filed() -> tuple[Filing, StaffMember]:
    found = read(SAMPLE.read_bytes()).package
    assert found is not None
    lin = _people(found)
    filing = factories.make_filing(lin.department or Department(), lin)
    refused = file_package(filing=filing, staff=lin, package=found)
    assert not refused
    _mark_texts(filing)
    return filing, lin


def in_state(marked: Marked, state: State) -> Marked:
    """A copy of what a module's tests share, with the filing in a state."""
    own = deepcopy(marked)
    Filing.objects.filter(pk=own.filing.pk).update(state=state)
    own.filing.refresh_from_db()
    return own


def _people(package: FilingPackage) -> StaffMember:
    head = package.head
    for label in package.codes:
        CATALOGUES[label.classification].objects.get_or_create(
            code=label.code, first_fiscal_year=head.fiscal_year, defaults={"name": label.name}
        )
    FiscalYear.objects.get_or_create(year=head.fiscal_year)
    department = factories.make_department(
        f"{REGISTER}部门", head.department_code, head.region_code
    )
    for book in package.books:
        factories.make_unit(department, f"{REGISTER}单位", book.book, book.unit_kind.value)
    return factories.make_staff(
        "lin", Role.PREPARER, department=department, display_name=f"{REGISTER}姓名"
    )


def _mark_texts(filing: Filing) -> None:
    """Every text of the filing begins with a mark; one entered cell holds the figure."""
    for number, text in enumerate(filing.report_texts.all()):
        text.body = f"{SECRET}文字{number}。"
        text.save()
    filing.variance_explanations.update(text=f"{SECRET}原因")
    filing.key_tasks.update(item=f"{SECRET}重点工作", target=f"{SECRET}目标")
    Project.objects.filter(unit__department=filing.department).update(name=f"{SECRET}项目")
    filing.declarations.update(objective=f"{SECRET}总体目标")
    filing.declarations.filter(project=None, unit=None).update(source=f"{SECRET}申报表")
    filing.evaluations.update(title=f"{SECRET}自评表", problems=f"{SECRET}绩效问题")
    filing.approval_document_no = f"{SECRET}批复"
    filing.save(update_fields=["approval_document_no"])


def _marked_cell(workbook: Workbook) -> Cell:
    cell = workbook.cells.filter(sheet="expenditure_sheet", column="basic").first()
    assert cell is not None
    cell.value = FIGURE
    cell.save()
    return cell


def _change(result: IndicatorResult, lin: StaffMember) -> TargetChange:
    """A request to change the target of the result's indicator."""
    return TargetChange.objects.create(
        declaration=result.evaluation.declaration,
        kind=ChangeKind.CHANGE.value,
        indicator=result.indicator,
        row="1.1",
        indicator_name=result.indicator.name,
        field="target",
        old=result.indicator.target,
        new=f"{SECRET}新目标",
        reason=f"{SECRET}调整理由",
        asked_by=lin,
        asked_on=date(2024, 1, 5),
    )


def _with_the_rest(filing: Filing, lin: StaffMember) -> Marked:
    """The filing after a first round of review: receipt, remarks, waiver, files, jobs."""
    wang = factories.make_staff("wang", Role.BUREAU_REVIEWER, region=filing.department.region)
    workbook = Workbook.objects.filter(filing=filing).with_names()[0]
    cell = _marked_cell(workbook)
    evaluation = filing.evaluations.exclude(declaration__project=None)[0]
    result = evaluation.results.all()[0]
    extract = Extract(title=f"{SECRET}摘录")
    keep_extract(filing=filing, staff=lin, name=f"{SECRET}摘录.xlsx", extract=extract)
    _list_rows(filing, workbook.unit, evaluation.declaration.project)
    snapshot = _submission(filing, lin)
    record(filing=filing, staff=lin, action="hand_back", detail={"reason": f"{SECRET}退回原因"})
    monitoring = _monitoring(filing, lin, evaluation.declaration.project)
    marked = Marked(
        filing=filing,
        workbook=workbook,
        cell=cell,
        project=evaluation.declaration.project,
        declaration=evaluation.declaration,
        evaluation=evaluation,
        result=result,
        deduction=ScoreDeduction.objects.create(
            result=result, points=1, reason=f"{SECRET}扣分", made_by=wang, role=wang.role
        ),
        change=_change(result, lin),
        upload=_upload(workbook, lin),
        form_upload=_form_upload(filing, lin),
        job=_job(filing, lin),
        rendered=_rendered(filing),
        snapshot=snapshot,
        sent=_remark(filing, wang, is_sent=True),
        unsent=_remark(filing, wang, is_sent=False),
        waiver=Waiver.objects.create(
            filing=filing,
            check_id="FA-101",
            reason=f"{SECRET}豁免",
            granted_by=wang,
            expires_on=date(2099, 1, 1),
        ),
        monitoring=monitoring,
        change_request=monitoring.changes.get(),
        lin=lin,
    )
    Filing.objects.filter(pk=filing.pk).update(
        state=State.SUBMITTED,
        review_opened_at=timezone.now(),
        submitted_by=lin,
        submitted_at=timezone.now(),
    )
    return marked


def _monitoring(filing: Filing, lin: StaffMember, project: Project) -> MonitoringReport:
    """A report of June, handed in, with a measure and the change of a target it asks for."""
    report = MonitoringReport.objects.create(
        filing=filing, month=6, state="submitted", opened_by=lin,
        submitted_by=lin, submitted_at=timezone.now(),
    )  # fmt: skip
    row = {"report": report, "subject": project.code}
    MonitoringMeasure.objects.create(**row, number=1, kind="reduce", text=f"{SECRET}监控措施")
    TargetChange.objects.create(
        **row, kind="change", row="1.1", indicator_name=f"{SECRET}调整指标", field="target",
        new="≥1次", reason=f"{SECRET}调整理由", asked_by=lin, asked_on=date(2024, 1, 5),
    )  # fmt: skip
    return report


def _list_rows(filing: Filing, unit: Unit, project: Project) -> None:
    """One row of each list, with marks in its words."""
    ProjectBudgetLine.objects.create(
        filing=filing,
        project=project,
        kind="operating",
        frequency="recurrent",
        main_use=f"{SECRET}用途",
    )
    row = {"filing": filing, "unit": unit, "number": 1, "project_name": f"{SECRET}所属"}
    ProcurementLine.objects.create(**row, item_name=f"{SECRET}采购")
    PurchasedServiceLine.objects.create(**row, content=f"{SECRET}服务")


def _submission(filing: Filing, staff: StaffMember) -> Snapshot:
    package = build_package(filing)
    results = evaluate(package)
    snapshot = freeze(
        filing=filing,
        staff=staff,
        purpose=SnapshotPurpose.SUBMISSION,
        content=frozen_bytes(package, results),
        rules=results.rules,
    )
    issue_receipt(snapshot=snapshot)
    return snapshot


def _remark(filing: Filing, staff: StaffMember, *, is_sent: bool) -> Remark:
    words = "已发意见" if is_sent else "未发意见"
    return Remark.objects.create(
        filing=filing,
        text=f"{SECRET}{words}",
        made_by=staff,
        is_sent=is_sent,
        answer=f"{SECRET}答复" if is_sent else "",
    )


def _form_upload(filing: Filing, staff: StaffMember) -> FormUpload:
    data = export_forms(filing=filing, unit=MoneyUnit.YUAN) or b""
    return keep_forms(filing=filing, staff=staff, name=f"{SECRET}绩效.xlsx", data=data)


def _upload(workbook: Workbook, staff: StaffMember) -> Upload:
    content = export_workbook(workbook=workbook)
    sha256 = hashlib.sha256(content).hexdigest()
    write_once(path_of(sha256), content)
    return Upload.objects.create(
        filing=workbook.filing,
        workbook=workbook,
        name=f"{SECRET}上传.xlsx",
        sha256=sha256,
        size=len(content),
        path=path_of(sha256),
        uploaded_by=staff,
    )


def _job(filing: Filing, staff: StaffMember) -> Job:
    return Job.objects.create(
        kind=JobKind.RENDER_REPORT,
        key="marked",
        filing=filing,
        message=f"{SECRET}进度",
        requested_by=staff,
    )


def _rendered(filing: Filing) -> RenderedFile:
    path, sha256 = storage.keep(PDF, official=False)
    return RenderedFile.objects.create(
        filing=filing,
        is_draft=True,
        path=path,
        sha256=sha256,
        source_sha256="0" * 64,
        size=len(PDF),
    )
