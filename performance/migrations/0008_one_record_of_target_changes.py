from datetime import datetime, time

from django.db import migrations
from django.utils import timezone

STATES = {'requested': 'asked', 'agreed': 'accepted', 'refused': 'refused'}


def _day(moment):
    return timezone.localdate(moment) if moment else None


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time())) if day else None


def move(apps, schema_editor):
    """Every request asked in monitoring becomes a TargetChange of its report."""
    old = apps.get_model('performance', 'TargetChangeRequest')
    new = apps.get_model('performance', 'TargetChange')
    new.objects.bulk_create(
        new(
            report=row.report,
            subject=row.subject,
            kind='change',
            row=row.key,
            indicator_name=row.name,
            field='target',
            old=row.old_target,
            new=row.new_target,
            reason=row.text,
            asked_by_id=row.report.submitted_by_id or row.report.opened_by_id,
            asked_on=_day(row.report.submitted_at or row.report.opened_at),
            state=STATES[row.state],
            decided_by_id=row.decided_by_id,
            decided_on=_day(row.decided_at),
            decision_reason=row.decision_reason,
        )
        for row in old.objects.select_related('report').order_by('pk')
    )


def move_back(apps, schema_editor):
    """The requests of reports leave for their own table."""
    old = apps.get_model('performance', 'TargetChangeRequest')
    asked = apps.get_model('performance', 'TargetChange').objects.filter(report__isnull=False)
    states = {new: before for before, new in STATES.items()}
    old.objects.bulk_create(
        old(
            report_id=row.report_id,
            subject=row.subject,
            key=row.row,
            name=row.indicator_name,
            old_target=row.old,
            new_target=row.new,
            text=row.reason,
            state=states[row.state],
            decided_by_id=row.decided_by_id,
            decided_at=_midnight(row.decided_on),
            decision_reason=row.decision_reason,
        )
        for row in asked.order_by('pk')
    )
    asked.delete()


class Migration(migrations.Migration):
    """What was asked in monitoring moves; the table it stood in is empty of purpose then."""

    dependencies = [
        ('performance', '0007_requests_asked_in_monitoring'),
    ]

    operations = [
        migrations.RunPython(move, move_back),
        migrations.DeleteModel(name='TargetChangeRequest'),
    ]
