"""Tables under the names of their models: what was told, ballot papers, failed attempts."""

import django.db.models.deletion
from django.db import migrations, models

RENAMED = {"Telling": "OriginalText", "Paper": "BallotPaper", "MistypedCode": "FailedAttempt"}
ACTIONS = ("add", "change", "delete", "view")


def rename_permissions(apps, names):
    """Django renames content types with their models, but not the permissions of roles that lead to them."""
    Permission = apps.get_model("auth", "Permission")
    for old, new in names.items():
        for action in ACTIONS:
            Permission.objects.filter(
                content_type__app_label="workshops", codename=f"{action}_{old.lower()}"
            ).update(codename=f"{action}_{new.lower()}")


def forwards(apps, schema_editor):
    rename_permissions(apps, RENAMED)


def backwards(apps, schema_editor):
    rename_permissions(apps, {new: old for old, new in RENAMED.items()})


class Migration(migrations.Migration):
    dependencies = [
        ("workshops", "0003_practice_version"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        *(migrations.RenameModel(old, new) for old, new in RENAMED.items()),
        migrations.AlterField(
            "OriginalText",
            "story",
            models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="original_text",
                serialize=False,
                to="workshops.story",
            ),
        ),
        migrations.RunPython(forwards, backwards),
    ]
