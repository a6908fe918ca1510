import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A request to change a target is one record, wherever it was asked (decision 19)."""

    dependencies = [
        ('performance', '0006_target_changes'),
    ]

    operations = [
        migrations.AddField(
            model_name='targetchange',
            name='origin',
            field=models.CharField(blank=True, max_length=40, verbose_name='来自'),
        ),
        migrations.AddField(
            model_name='targetchange',
            name='report',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='performance.monitoringreport', verbose_name='绩效运行监控'),
        ),
        migrations.AddField(
            model_name='targetchange',
            name='subject',
            field=models.CharField(blank=True, max_length=40, verbose_name='监控对象'),
        ),
        migrations.AlterField(
            model_name='targetchange',
            name='declaration',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='performance.targetdeclaration', verbose_name='绩效目标申报'),
        ),
        migrations.AddConstraint(
            model_name='targetchange',
            constraint=models.UniqueConstraint(models.F('report'), models.F('subject'), models.F('row'), name='one_request_per_indicator_of_a_report'),
        ),
        migrations.AddConstraint(
            model_name='targetchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('declaration__isnull', False), ('report__isnull', True), ('subject', '')), models.Q(('declaration__isnull', True), ('origin', ''), ('report__isnull', False), models.Q(('subject', ''), _negated=True)), _connector='OR'), name='asked_with_an_evaluation_or_in_monitoring'),
        ),
    ]
