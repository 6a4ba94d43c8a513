"""How many public stories have each value of a facet, and which, counted from the stories there are."""

from collections import defaultdict

from django.db import migrations, models

BLOCK_SIZE = 4096
COLUMNS = {"service_area": "service_area", "place": "place", "phase": "workshop__phase", "kind": "kind"}
LINKS = {"theme": ("Story_themes", "story", "theme"), "tag": ("StoryTag", "content_object", "tag")}
PUBLISHED, PUBLIC_CONSENT = "published", 2


def count_stories(apps, schema_editor):
    alias = schema_editor.connection.alias
    stories = apps.get_model("workshops", "Story").objects.using(alias)
    last = stories.order_by("-pk").values_list("pk", flat=True).first()
    for block in range(last // BLOCK_SIZE + 1 if last else 0):
        of_block = stories.filter(pk__gte=block * BLOCK_SIZE, pk__lt=(block + 1) * BLOCK_SIZE)
        count_block(apps, alias, block, of_block.filter(status=PUBLISHED, effective_consent__gte=PUBLIC_CONSENT))


def count_block(apps, alias, block, public):
    found = defaultdict(int)
    for pk, *values in public.order_by().values_list("pk", *COLUMNS.values()):
        found["public", ""] |= 1 << pk % BLOCK_SIZE
        for facet, value in zip(COLUMNS, values, strict=True):
            if value is not None:
                found[facet, str(value)] |= 1 << pk % BLOCK_SIZE
    for facet, (links, story, term) in LINKS.items():
        of_these = apps.get_model("workshops", links).objects.using(alias)
        of_these = of_these.filter(**{f"{story}__in": public.order_by().values("pk")}).order_by()
        for pk, value in of_these.values_list(story, term):
            found[facet, str(value)] |= 1 << pk % BLOCK_SIZE
    counts = apps.get_model("workshops", "FacetCount")
    counts.objects.using(alias).bulk_create(
        [
            counts(
                block=block,
                facet=facet,
                value=value,
                number=bits.bit_count(),
                stories=bits.to_bytes((bits.bit_length() + 7) // 8, "little"),
            )
            for (facet, value), bits in found.items()
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("workshops", "0006_practice_description")]

    operations = [
        migrations.CreateModel(
            name="FacetCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("block", models.PositiveIntegerField()),
                ("facet", models.CharField(max_length=20)),
                ("value", models.CharField(blank=True, max_length=20)),
                ("number", models.PositiveIntegerField()),
                ("stories", models.BinaryField()),
            ],
            options={
                "indexes": [models.Index(fields=["facet", "value", "number"], name="facet_totals")],
                "constraints": [
                    models.UniqueConstraint(fields=("block", "facet", "value"), name="facet_value_once_a_block")
                ],
            },
        ),
        migrations.RunPython(count_stories, migrations.RunPython.noop),
    ]
