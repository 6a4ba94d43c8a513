import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("workshops", "0016_mail"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ErasureRequest',
            fields=[
                ('participant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='erasure_request', serialize=False, to='workshops.participant', verbose_name='participant')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='asked at')),
                ('due_at', models.DateTimeField(verbose_name='due at')),
                ('reference', models.CharField(max_length=20, unique=True, verbose_name='reference')),
                ('remembered', models.JSONField(default=dict, verbose_name='remembered')),
            ],
            options={
                'verbose_name': 'erasure asked for',
                'verbose_name_plural': 'erasures asked for',
                'ordering': ['due_at'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='correction',
            name='correction_says_what_and_why',
        ),
        migrations.AddField(
            model_name='correction',
            name='answer_by',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='answer by'),
        ),
        migrations.AddField(
            model_name='correction',
            name='is_from_teller',
            field=models.BooleanField(default=False, editable=False, verbose_name='from who told it'),
        ),
        # Slips from before have no such moment, so those rows get none.
        migrations.AddField(
            model_name='slip',
            name='issued_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='issued at'),
        ),
        migrations.AlterField(
            model_name='slip',
            name='issued_at',
            field=models.DateTimeField(blank=True, default=django.utils.timezone.now, null=True, verbose_name='issued at'),
        ),
        migrations.AddField(
            model_name='slip',
            name='word',
            field=models.CharField(blank=True, max_length=128, verbose_name='word'),
        ),
        migrations.AddField(
            model_name='slip',
            name='word_chosen_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='word chosen at'),
        ),
        migrations.AlterField(
            model_name='correction',
            name='published_text',
            field=models.TextField(blank=True, help_text='As readers should see it from now on.', verbose_name='published wording'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('why', ''), _negated=True), models.Q(models.Q(('published_text', ''), _negated=True), ('is_from_teller', True), _connector='OR')), name='correction_says_what_and_why'),
        ),
        migrations.AddConstraint(
            model_name='correction',
            constraint=models.CheckConstraint(condition=models.Q(('is_from_teller', False), models.Q(('answer_by__isnull', False), ('suggested_by__isnull', True)), _connector='OR'), name='correction_from_teller_has_a_clock'),
        ),
        migrations.AddConstraint(
            model_name='slip',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('word', ''), ('word_chosen_at__isnull', True)), models.Q(models.Q(('word', ''), _negated=True), ('word_chosen_at__isnull', False)), _connector='OR'), name='slip_word_is_chosen_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='erasurerequest',
            constraint=models.CheckConstraint(condition=models.Q(('due_at__gt', models.F('asked_at'))), name='erasure_can_be_called_back'),
        ),
    ]
