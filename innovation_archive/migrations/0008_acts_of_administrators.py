"""The log of what administrators do, and of which programmes a download holds; who may read the logs."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models


READERS = ["editor", "administrator"]
LOGS = [("workshops", "view_privatereading"), ("innovation_archive", "view_administrativeact")]


def let_logs_be_read(apps, schema_editor):
    database = schema_editor.connection.alias
    make_permissions(apps, database)
    for group in apps.get_model("auth", "Group").objects.using(database).filter(name__in=READERS):
        for app, codename in LOGS:
            permissions = apps.get_model("auth", "Permission").objects.using(database)
            group.permissions.add(permissions.get(content_type__app_label=app, codename=codename))


def make_permissions(apps, database):
    """Django makes permissions when all migrations have run, which is too late for this one."""
    for label in ["workshops", "innovation_archive"]:
        app_config = apps.get_app_config(label)
        app_config.models_module = True
        create_permissions(app_config, apps=apps, using=database, verbosity=0)
        app_config.models_module = None


class Migration(migrations.Migration):

    dependencies = [
        ("innovation_archive", "0006_housekeeping"),
        ('workshops', '0019_role_grants_and_readings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='download',
            name='of_all_programmes',
            field=models.BooleanField(default=True, verbose_name='of all programmes'),  # until now every file was
        ),
        migrations.AlterField(
            model_name='download',
            name='of_all_programmes',
            field=models.BooleanField(default=False, verbose_name='of all programmes'),
        ),
        migrations.AddField(
            model_name='download',
            name='programmes',
            field=models.ManyToManyField(blank=True, help_text='Those that the file holds.', related_name='+', to='workshops.programme', verbose_name='programmes'),
        ),
        migrations.CreateModel(
            name='AdministrativeAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('made', 'Account made'), ('opened', 'Account opened'), ('closed', 'Account closed'), ('renamed', 'Account renamed'), ('renewed', 'Password set'), ('given', 'Role given'), ('taken', 'Role taken'), ('rights', 'Rights given or taken directly')], max_length=20, verbose_name='what was done')),
                ('detail', models.TextField(blank=True, help_text='A role, a former name, or rights.', verbose_name='detail')),
                ('programme', models.CharField(blank=True, help_text='Its title then; empty for the whole archive.', max_length=200, verbose_name='programme')),
                ('done_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='done at')),
                ('about', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='done by')),
            ],
            options={
                'verbose_name': 'act of an administrator',
                'verbose_name_plural': 'acts of administrators',
                'ordering': ['-done_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['made', 'opened', 'closed', 'renamed', 'renewed', 'given', 'taken', 'rights'])), name='act_kind_is_known')],
            },
        ),
        migrations.RunPython(let_logs_be_read, migrations.RunPython.noop),
    ]
