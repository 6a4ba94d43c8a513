"""Withdrawn stories lose the words that their rows still held, and each level of consent gets a record."""

from django.db import migrations, models

OLD_WORDING = 1
BATCH = 1000


def empty_withdrawn(apps, schema_editor):
    story = apps.get_model("workshops", "Story")
    withdrawn = story.objects.filter(status="withdrawn")
    pks = list(withdrawn.values_list("pk", flat=True))
    for start in range(0, len(pks), BATCH):
        batch = pks[start : start + BATCH]
        forget_parts(apps, batch)
        story.objects.filter(pk__in=batch).update(
            kind="innovation", title="", published_text="", service_area=None, place=None, told_by=None, consent=0,
            consent_ceiling=0, effective_consent=0, credit="", agreements=0, location="", source_url="", remark="",
        )
    # Whether they had been public is not known any more; their addresses go on saying that they are gone.
    removed = apps.get_model("workshops", "RemovedStory")
    rows = withdrawn.values_list("pk", "withdrawn_at")
    removed.objects.bulk_create([removed(story_id=pk, day=at.date(), reach=2) for pk, at in rows], batch_size=BATCH)


def forget_parts(apps, pks):
    for model, field in [
        ("OriginalText", "story__in"),
        ("Correction", "story__in"),
        ("StoryTag", "content_object__in"),
        ("HistoricalStoryTag", "content_object__in"),
        ("HistoricalStory_themes", "history__id__in"),
        ("HistoricalStory", "id__in"),
    ]:
        apps.get_model("workshops", model).objects.filter(**{field: pks}).delete()
    story = apps.get_model("workshops", "Story")
    story.themes.through.objects.filter(story__in=pks).delete()
    apps.get_model("workshops", "Practice").stories.through.objects.filter(story__in=pks).delete()


def record_levels(apps, schema_editor):
    record = apps.get_model("workshops", "ConsentRecord")
    for name in ("Story", "Participant"):
        givers = apps.get_model("workshops", name).objects.order_by("pk")
        if name == "Story":
            givers = givers.exclude(status="withdrawn")
        rows = [
            record(**{f"{name.lower()}_id": pk}, level=level, wording=OLD_WORDING, language="en-gb", way="unknown")
            for pk, level in givers.values_list("pk", "consent").iterator(chunk_size=BATCH)
        ]
        record.objects.bulk_create(rows, batch_size=BATCH)


def finish(apps, schema_editor):
    """Check foreign keys now: PostgreSQL changes no table that still waits for a check."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def begin(apps, schema_editor):
    """On the way back: let the checks wait again, as they do by default."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [("workshops", "0013_consent_records")]

    operations = [
        migrations.RunPython(empty_withdrawn, migrations.RunPython.noop),
        migrations.RunPython(record_levels, migrations.RunPython.noop),
        migrations.RunPython(finish, begin),
        migrations.AddConstraint(
            model_name='story',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'withdrawn'), _negated=True), models.Q(('consent', 0), ('credit', ''), ('location', ''), ('place', None), ('published_text', ''), ('remark', ''), ('service_area', None), ('source_url', ''), ('title', ''), ('told_by', None)), _connector='OR'), name='story_withdrawn_holds_no_words'),
        ),
    ]
