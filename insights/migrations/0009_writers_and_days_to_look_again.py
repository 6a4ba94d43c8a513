"""Drafts get who wrote them last, and published insights the day on which they are to be looked at again."""

import calendar

from django.db import migrations
from django.db.models import Max


def a_year_after(day):
    """The same day a year later; of 29 February the 28th."""
    last = calendar.monthrange(day.year + 1, day.month)[1]
    return day.replace(year=day.year + 1, day=min(day.day, last))


def name_writers(apps, schema_editor):
    database = schema_editor.connection.alias
    insights = apps.get_model("insights", "Insight").objects.using(database)
    history = apps.get_model("insights", "HistoricalInsight").objects.using(database)
    for insight in insights.exclude(status="published"):
        last = history.filter(id=insight.pk).order_by("-history_date", "-history_id").first()
        if last and last.history_user_id:
            insights.filter(pk=insight.pk).update(written_by=last.history_user_id)


def set_days(apps, schema_editor):
    insights = apps.get_model("insights", "Insight").objects.using(schema_editor.connection.alias)
    dated = insights.filter(status="published").annotate(last=Max("publications__published_on"))
    for insight in dated.exclude(last=None):
        insights.filter(pk=insight.pk).update(look_again_on=a_year_after(insight.last))


class Migration(migrations.Migration):
    dependencies = [("insights", "0008_working_copies")]
    operations = [
        migrations.RunPython(name_writers, migrations.RunPython.noop),
        migrations.RunPython(set_days, migrations.RunPython.noop),
    ]
