import django.db.models.deletion
from django.db import migrations, models

COUNTED = ["base", "keep", "amplify", "discard", "create", "hands"]


def range_fields():
    return [
        migrations.AddField("releasedgroup", f"{counted}_{end}", models.PositiveIntegerField(null=True))
        for counted in COUNTED
        for end in ("low", "high")
    ]


class Migration(migrations.Migration):
    """The columns of results by programme, with ranges and words. The next migration fills them."""

    dependencies = [("insights", "0003_verbose_names"), ("workshops", "0005_verbose_names")]

    operations = [
        *range_fields(),
        migrations.AddField(
            "releasedgroup",
            "result",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="groups",
                to="insights.releasedpractice",
            ),
        ),
        migrations.AlterField(
            "releasedpractice",
            "practice",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="results", to="workshops.practice"
            ),
        ),
        migrations.AddField(
            "releasedpractice",
            "programme",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="results", to="workshops.programme"
            ),
        ),
        migrations.AddField("releasedpractice", "statement", models.TextField(default="")),
        migrations.AddField("releasedpractice", "voters_low", models.PositiveIntegerField(null=True, blank=True)),
        migrations.AddField("releasedpractice", "voters_high", models.PositiveIntegerField(null=True, blank=True)),
        migrations.AddField("releasedpractice", "share", models.CharField(blank=True, default="", max_length=20)),
        migrations.AddField("releasedpractice", "less", models.TextField(blank=True, default="")),
        migrations.AddField("releasedpractice", "more", models.TextField(blank=True, default="")),
        migrations.AddField("releasedpractice", "joined", models.TextField(blank=True, default="")),
        migrations.AddField("releasedpractice", "silent", models.TextField(blank=True, default="")),
        migrations.AddField("releasedpractice", "least_share", models.FloatField(null=True)),
        migrations.AddField("releasedpractice", "gap", models.FloatField(null=True)),
        migrations.AddField("releasedpractice", "is_current", models.BooleanField(default=True)),
        migrations.AddField("releasedpractice", "is_by_first_rule", models.BooleanField(default=False)),
        migrations.AddField("releasedpractice", "is_taken_back", models.BooleanField(default=False)),
        migrations.AddField("releasedpractice", "corrected_on", models.DateField(null=True, blank=True)),
        migrations.AddField("releasedpractice", "correction", models.TextField(blank=True, default="")),
        migrations.AddField("releasedpractice", "digest", models.CharField(blank=True, default="", max_length=64)),
        migrations.CreateModel(
            name="ExactCounts",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("table", models.JSONField()),
                ("salt", models.CharField(max_length=64)),
                (
                    "result",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exact",
                        to="insights.releasedpractice",
                    ),
                ),
            ],
        ),
        migrations.AlterField(
            "turnout",
            "practice",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="turnouts", to="workshops.practice"
            ),
        ),
        migrations.AddField(
            "turnout",
            "programme",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="workshops.programme"
            ),
        ),
        migrations.RenameField("turnout", "participants", "people"),
        migrations.AddField("turnout", "participants", models.JSONField(default=list)),
    ]
