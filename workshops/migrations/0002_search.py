"""The index of words: a table without a model, since it is another one on each database."""

from django.db import migrations

CREATE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE workshops_search USING fts5(title, body, tags, spellings, tokenize = 'ascii')",
    ],
    "postgresql": [
        "CREATE TABLE workshops_search (story_id bigint PRIMARY KEY, vector tsvector NOT NULL)",
        "CREATE INDEX workshops_search_vector ON workshops_search USING gin (vector)",
        "CREATE INDEX workshops_search_seen ON workshops_story (id) INCLUDE (status, effective_consent)",
    ],
}
DROP = {
    "sqlite": ["DROP TABLE workshops_search"],
    "postgresql": ["DROP INDEX workshops_search_seen", "DROP TABLE workshops_search"],
}


def create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("workshops", "0001_initial")]

    operations = [migrations.RunPython(create, drop)]
