"""Names of models and fields, written out for translators. The database knows nothing of them."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class OnlyInState(migrations.SeparateDatabaseAndState):
    """Changes what later migrations know of the models, and makes these anew once. Django would do that after each
    operation, which takes ten seconds."""

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)
        super().state_forwards(app_label, state)


class Migration(migrations.Migration):
    dependencies = [
        ('innovation_archive', '0003_files_are_measured_in_memory'),
        ('workshops', '0005_verbose_names'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        OnlyInState(
            state_operations=[
                migrations.AlterModelOptions(
                    name='download',
                    options={'ordering': ['-downloaded_at', '-pk'], 'verbose_name': 'download', 'verbose_name_plural': 'downloads'},
                ),
                migrations.AlterModelOptions(
                    name='import',
                    options={'ordering': ['-uploaded_at', '-pk'], 'verbose_name': 'import', 'verbose_name_plural': 'imports'},
                ),
                migrations.AlterModelOptions(
                    name='importedrow',
                    options={'ordering': ['line'], 'verbose_name': 'imported row', 'verbose_name_plural': 'imported rows'},
                ),
                migrations.AlterModelOptions(
                    name='importline',
                    options={'ordering': ['line'], 'verbose_name': 'import line', 'verbose_name_plural': 'import lines'},
                ),
                migrations.AlterField(
                    model_name='download',
                    name='downloaded_at',
                    field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='downloaded at'),
                ),
                migrations.AlterField(
                    model_name='download',
                    name='expires_on',
                    field=models.DateField(verbose_name='expires on'),
                ),
                migrations.AlterField(
                    model_name='download',
                    name='file',
                    field=models.CharField(max_length=100, verbose_name='file'),
                ),
                migrations.AlterField(
                    model_name='download',
                    name='purpose',
                    field=models.CharField(max_length=200, verbose_name='purpose'),
                ),
                migrations.AlterField(
                    model_name='download',
                    name='user',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user'),
                ),
                migrations.AlterField(
                    model_name='import',
                    name='added',
                    field=models.PositiveIntegerField(default=0, verbose_name='added'),
                ),
                migrations.AlterField(
                    model_name='import',
                    name='changed',
                    field=models.PositiveIntegerField(default=0, verbose_name='changed'),
                ),
                migrations.AlterField(
                    model_name='import',
                    name='content',
                    field=models.BinaryField(null=True, verbose_name='content'),
                ),
                migrations.AlterField(
                    model_name='import',
                    name='decided_at',
                    field=models.DateTimeField(null=True, verbose_name='decided at'),
                ),
                migrations.AlterField(
                    model_name='import',
                    name='digest',
                    field=models.CharField(help_text='Of the outcome that was previewed.', max_length=64, verbose_name='digest'),
                ),
                migrations.AlterField(
                    model_name='import',
                    name='encoding',
                    field=models.CharField(blank=True, max_length=20, verbose_name='encoding'),
                ),
                migrations.AlterField(
                    model_name='import',
                    name='file_name',
                    field=models.CharField(max_length=255, verbose_name='file name'),
                ),
                migrations.AlterField(
                    model_name='import',
                    name='kind',
                    field=models.CharField(max_length=40, verbose_name='kind'),
                ),
                migrations.AlterField(
                    model_name='import',
                    name='made_tags',
                    field=models.JSONField(default=list, verbose_name='made tags'),
                ),
                migrations.AlterField(
                    model_name='import',
                    name='notices',
                    field=models.JSONField(default=list, verbose_name='notices'),
                ),
                migrations.AlterField(
                    model_name='import',
                    name='refused',
                    field=models.PositiveIntegerField(default=0, verbose_name='refused'),
                ),
                migrations.AlterField(
                    model_name='import',
                    name='state',
                    field=models.CharField(choices=[('waiting', 'Not imported yet'), ('imported', 'Imported'), ('undone', 'Undone')], default='waiting', max_length=20, verbose_name='state'),
                ),
                migrations.AlterField(
                    model_name='import',
                    name='unchanged',
                    field=models.PositiveIntegerField(default=0, verbose_name='unchanged'),
                ),
                migrations.AlterField(
                    model_name='import',
                    name='uploaded_at',
                    field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='uploaded at'),
                ),
                migrations.AlterField(
                    model_name='import',
                    name='user',
                    field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user'),
                ),
                migrations.AlterField(
                    model_name='import',
                    name='workshop',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workshops.workshop', verbose_name='workshop'),
                ),
                migrations.AlterField(
                    model_name='importedrow',
                    name='before',
                    field=models.JSONField(help_text='The fields and links that it changed; nothing if it added the row.', null=True, verbose_name='before'),
                ),
                migrations.AlterField(
                    model_name='importedrow',
                    name='left_as',
                    field=models.CharField(help_text='SHA-256 of all its fields and links once it was written.', max_length=64, verbose_name='left as'),
                ),
                migrations.AlterField(
                    model_name='importedrow',
                    name='line',
                    field=models.PositiveIntegerField(verbose_name='line'),
                ),
                migrations.AlterField(
                    model_name='importedrow',
                    name='of',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='written', to='innovation_archive.import', verbose_name='of'),
                ),
                migrations.AlterField(
                    model_name='importedrow',
                    name='row',
                    field=models.PositiveBigIntegerField(help_text='Its primary key.', verbose_name='row'),
                ),
                migrations.AlterField(
                    model_name='importline',
                    name='changes',
                    field=models.JSONField(default=list, help_text='[column, text before, text after]', verbose_name='changes'),
                ),
                migrations.AlterField(
                    model_name='importline',
                    name='key',
                    field=models.CharField(blank=True, max_length=250, verbose_name='key'),
                ),
                migrations.AlterField(
                    model_name='importline',
                    name='line',
                    field=models.PositiveIntegerField(verbose_name='line'),
                ),
                migrations.AlterField(
                    model_name='importline',
                    name='of',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='innovation_archive.import', verbose_name='of'),
                ),
                migrations.AlterField(
                    model_name='importline',
                    name='outcome',
                    field=models.CharField(choices=[('added', 'Added'), ('changed', 'Changed'), ('unchanged', 'Unchanged'), ('kept', 'Kept withdrawn'), ('refused', 'Refused')], max_length=20, verbose_name='outcome'),
                ),
                migrations.AlterField(
                    model_name='importline',
                    name='reasons',
                    field=models.JSONField(default=list, help_text='Why it is refused, a sentence each.', verbose_name='reasons'),
                ),
            ],
        ),
    ]
