"""The roles, as groups with the rights of their desk. Which rows each may touch is decided object by object."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

VIEW = ["view"]
VIEW_AND_CHANGE = ["view", "change"]
ALL = ["view", "add", "change", "delete"]

RIGHTS = {
    "facilitator": {
        "workshops.workshop": ALL,
        "workshops.participant": ALL,
        "workshops.identity": ALL,
        "workshops.story": ALL,
        "workshops.telling": ["view", "add", "change"],
        "workshops.correction": ["view", "add"],
        "workshops.note": ["view", "change", "delete"],
        "workshops.practice": ALL,
        "workshops.vote": ALL,
        "workshops.tally": ALL,
        "workshops.ballot": ["view", "add", "change"],
        "innovation_archive.import": ["view", "add"],
    },
    "editor": {
        "workshops.programme": VIEW,
        "workshops.phase": VIEW,
        "workshops.servicearea": ALL,
        "workshops.theme": ALL,
        "workshops.place": ALL,
        "workshops.tag": ALL,
        "workshops.workshop": VIEW,
        "workshops.participant": VIEW,
        "workshops.story": VIEW_AND_CHANGE,
        "workshops.telling": VIEW,
        "workshops.correction": VIEW_AND_CHANGE,
        "workshops.practice": ALL,
        "workshops.vote": VIEW,
        "workshops.tally": VIEW,
        "workshops.ballot": VIEW,
        "insights.insight": ALL,
        "insights.evidence": ALL,
        "insights.setaside": ALL,
        "insights.article": ALL,
        "insights.commitment": ALL,
        "insights.review": ALL,
        "insights.publication": VIEW,
        "insights.publishedevidence": VIEW,
        "insights.release": VIEW,
        "insights.releasedgroup": VIEW,
        "innovation_archive.import": ["view", "add"],
        "innovation_archive.download": VIEW,
    },
    # Participants are not among it: their pages name the code, and analysts know them by pseudonym.
    "analyst": {
        "workshops.workshop": VIEW,
        "workshops.story": VIEW,
        "workshops.practice": VIEW,
        "workshops.vote": VIEW,
        "workshops.tally": VIEW,
        "insights.release": VIEW,
        "insights.releasedgroup": VIEW,
    },
    "system leader": {},
    "administrator": {
        "auth.user": ["view", "add", "change"],
        "auth.group": VIEW,
        "workshops.programme": ALL,
        "workshops.phase": ALL,
        "workshops.servicearea": ALL,
        "workshops.theme": ALL,
        "workshops.place": ALL,
        "innovation_archive.download": VIEW,
    },
}


def make_roles(apps, schema_editor):
    database = schema_editor.connection.alias
    make_permissions(apps, database)
    Group = apps.get_model("auth", "Group")
    for role, rights in RIGHTS.items():
        group, _ = Group.objects.using(database).get_or_create(name=role)
        group.permissions.set(
            permission(apps, database, model, right) for model, actions in rights.items() for right in actions
        )


def permission(apps, database, model, right):
    app_label, model_name = model.split(".")
    return (
        apps.get_model("auth", "Permission")
        .objects.using(database)
        .get(content_type__app_label=app_label, codename=f"{right}_{model_name}")
    )


def make_permissions(apps, database):
    """Django makes permissions when all migrations have run, which is too late for this one."""
    for label in ["auth", "workshops", "insights", "innovation_archive"]:
        app_config = apps.get_app_config(label)
        app_config.models_module = True
        create_permissions(app_config, apps=apps, using=database, verbosity=0)
        app_config.models_module = None


class Migration(migrations.Migration):
    run_before = [("workshops", "0004_plain_names")]  # which renames permissions that are given here
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("workshops", "0001_initial"),
        ("insights", "0001_initial"),
        ("innovation_archive", "0001_initial"),
    ]

    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
