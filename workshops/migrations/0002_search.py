"""The index of words: a table without a model, since it is another one on each database."""

from django.db import migrations

from workshops.search import STORES


def create(apps, schema_editor):
    for statement in STORES[schema_editor.connection.vendor].CREATE:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in STORES[schema_editor.connection.vendor].DROP:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("workshops", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
