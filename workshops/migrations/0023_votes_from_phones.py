from django.db import migrations, models
from django.db.models import Exists, OuterRef


def mark_votes(apps, schema_editor):
    """Mark the votes of people who hold a ballot paper for their practice; so far that was worked out each time."""
    database = schema_editor.connection.alias
    papers = apps.get_model("workshops", "BallotPaper").objects.using(database)
    same = {"participant": OuterRef("participant"), "ballot__workshop": OuterRef("workshop"), "voided_at": None}
    for name, practice in (("Vote", "practice"), ("MergedVote", "merge__into")):
        cast = papers.filter(**same, ballot__practices=OuterRef(practice))
        apps.get_model("workshops", name).objects.using(database).filter(Exists(cast)).update(from_phone=True)


class Migration(migrations.Migration):
    dependencies = [("workshops", "0022_days_of_entry")]

    operations = [
        migrations.AddField(
            model_name="vote",
            name="from_phone",
            field=models.BooleanField(
                default=False,
                editable=False,
                help_text="Nobody at the desk sees this vote by itself.",
                verbose_name="from a phone",
            ),
        ),
        migrations.AddField(
            model_name="mergedvote",
            name="from_phone",
            field=models.BooleanField(default=False, verbose_name="from a phone"),
        ),
        migrations.RunPython(mark_votes, migrations.RunPython.noop),
    ]
