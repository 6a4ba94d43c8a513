from django.db import migrations


def freeze(apps, schema_editor):
    """The words of practices whose votes were released stay as people voted on them."""
    database = schema_editor.connection.alias
    released = apps.get_model("insights", "ReleasedPractice").objects.using(database).values("practice")
    apps.get_model("workshops", "Practice").objects.using(database).filter(pk__in=released).update(is_frozen=True)


class Migration(migrations.Migration):
    dependencies = [("insights", "0010_names_translators_see"), ("workshops", "0011_frozen_statements")]

    operations = [migrations.RunPython(freeze, migrations.RunPython.noop)]
