from django.db import migrations

LEAST_VOTERS, FEW, SPREAD = 10, 4, 2
CHOICES = ["keep", "amplify", "discard", "create"]


def fill(apps, schema_editor):
    """Give results of the first rule the ranges that their rounded numbers stood for, and no words.

    A rounded number is the nearest 5 of a count, and an empty one stood for fewer than 5.
    """
    fill_groups(apps.get_model("insights", "ReleasedPractice"))
    fill_results(apps.get_model("insights", "ReleasedPractice"))
    fill_turnouts(apps.get_model("insights", "Turnout"), apps.get_model("insights", "ReleasedPractice"))


def fill_groups(released_practices):
    for result in released_practices.objects.all().iterator():
        groups = list(result.practice.released_groups.all())
        for group in groups:
            group.result = result
            group.base_low, group.base_high = max(LEAST_VOTERS, group.base - SPREAD), group.base + SPREAD
            for counted in [*CHOICES, "hands"]:
                low, high = as_range(getattr(group, counted))
                setattr(group, f"{counted}_low", low)
                setattr(group, f"{counted}_high", high)
            group.save()


def as_range(rounded):
    return (max(FEW + 1, rounded - SPREAD), rounded + SPREAD) if rounded else (0, FEW)


def fill_results(released_practices):
    for result in released_practices.objects.select_related("release", "practice").iterator():
        groups = list(result.groups.all())
        result.programme = result.release.programme
        result.statement = result.practice.statement
        result.is_by_first_rule = True
        result.direction = result.verdict = ""
        if groups:
            result.voters_low = sum(group.base_low for group in groups)
            result.voters_high = sum(group.base_high for group in groups)
        result.save()


def fill_turnouts(turnouts, released_practices):
    programmes = dict(released_practices.objects.values_list("practice", "programme"))
    for turnout in turnouts.objects.all().iterator():
        turnout.programme_id = programmes.get(turnout.practice_id)
        turnout.participants = sorted(turnout.people.values_list("pk", flat=True))
        turnout.save()
    turnouts.objects.filter(programme=None).delete()


class Migration(migrations.Migration):
    dependencies = [("insights", "0004_vote_ranges")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
