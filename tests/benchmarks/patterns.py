"""How long the page of emerging patterns takes to count 200,000 stories, on both databases.

    python -m tests.benchmarks.patterns [--stories N]

Prints for each database the seconds of `patterns.find_patterns` (the best of five), those of a naive version that reads
every story with its tags through Django's models (once), and the ratio. Needs no data of yours, and leaves none.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from itertools import combinations

from tests.postgresql import postgresql

TAGS, AREAS, WORKSHOPS = 500, 8, 400


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.patterns", description=__doc__)
    parser.add_argument("--stories", type=int, default=200_000)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        return measure(options.stories)
    with tempfile.TemporaryDirectory() as folder, postgresql() as url:
        for database in ["", url]:
            command = [sys.executable, "-m", "tests.benchmarks.patterns", "--here", f"--stories={options.stories}"]
            environment = os.environ | {"DATABASE_URL": database, "DATA_DIR": folder}
            subprocess.run(command, env=environment, check=True)
    return None


def measure(stories):
    os.environ["DJANGO_SETTINGS_MODULE"] = "innovation_archive.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from insights.evidence import patterns

    call_command("migrate", verbosity=0)
    editor = build(stories)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    seconds = min(timed(patterns.find_patterns) for _ in range(5))
    naive_seconds = timed(lambda: naive(editor))
    print(
        f"{connection.vendor}: {stories} stories, {seconds:.2f} s; naive {naive_seconds:.2f} s, "
        f"{naive_seconds / seconds:.0f} times as long",
        flush=True,
    )


def timed(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def build(stories):
    """An archive of so many stories with three tags each at the middle, always the same. Returns an editor."""
    from django.contrib.auth.models import Group, User

    from workshops.choices import Consent, Status
    from workshops.models import Phase, Programme, ServiceArea, Story, StoryTag, Tag, Workshop
    from workshops.roles import EDITOR

    draw = random.Random(2020)
    programme = Programme.objects.create(slug="large", title="Large")
    phase = Phase.objects.create(programme=programme, number=1, question="?")
    areas = ServiceArea.objects.bulk_create(ServiceArea(slug=f"a{n}", name=f"Area {n}") for n in range(AREAS))
    workshops = Workshop.objects.bulk_create(
        Workshop(slug=f"w{n}", title=f"Workshop {n}", phase=phase) for n in range(WORKSHOPS)
    )
    tags = Tag.objects.bulk_create(Tag(name=f"tag {n}", slug=f"tag-{n}", key=f"tag {n}") for n in range(TAGS))
    kinds = [(Status.PUBLISHED, Consent.PUBLIC), (Status.DRAFT, Consent.TEAM), (Status.DRAFT, Consent.FACILITATORS)]
    text = "We met every Thursday and said what had worked. " * 12
    told = Story.objects.bulk_create(
        (
            Story(
                ref=f"s{n}",
                title=f"Story {n}",
                published_text=text,
                workshop=draw.choice(workshops),
                service_area=draw.choice(areas),
                status=status,
                consent=consent,
                effective_consent=consent,
            )
            for n, (status, consent) in enumerate(draw.choices(kinds, [8, 1, 1], k=stories))
        ),
        batch_size=2000,
    )
    frequent_first = [1 / (rank + 5) for rank in range(TAGS)]
    links = (
        StoryTag(content_object=story, tag=tag)
        for story in told
        for tag in set(draw.choices(tags, frequent_first, k=draw.randint(1, 5)))
    )
    StoryTag.objects.bulk_create(links, batch_size=5000)
    editor = User.objects.create(username="editor")
    editor.groups.add(Group.objects.get(name=EDITOR))
    return editor


def naive(editor):
    """Every story with its tags and workshop through the models, counted one by one."""
    from workshops.models import Story

    support, areas = Counter(), defaultdict(Counter)
    for story in Story.objects.visible_to(editor).prefetch_related("tags").select_related("service_area", "workshop"):
        names = sorted(tag.name for tag in story.tags.all())
        for pattern in [*((name,) for name in names), *combinations(names, 2)]:
            support[pattern] += 1
            areas[pattern][story.service_area] += 1
    return support.most_common(50)


if __name__ == "__main__":
    main()
