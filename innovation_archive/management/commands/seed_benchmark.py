"""A large invented archive for benchmarks. The same numbers and seed give the same archive on every machine."""

import datetime
import random
from itertools import islice

from django.core.management import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.models.query import QuerySet

from workshops import search
from workshops.choices import Choice, Consent, Kind, Status
from workshops.models import (
    OriginalText,
    Participant,
    Phase,
    Place,
    Practice,
    Programme,
    ServiceArea,
    Story,
    StoryTag,
    Tag,
    Theme,
    Vote,
    Workshop,
)

AREAS = ["Early help", "Community hubs", "Homelessness", "Early years"]
THEMES = ["Leadership", "Workforce", "Practice", "System conditions"]
ROLES = ["frontline practitioner", "system leader", "resident", "=manager, acting"]
SECTORS = ["local authority", "health", "VCSE, “small”", "housing", ""]
WORDS = [
    "people",
    "team",
    "week",
    "family",
    "phone",
    "food",
    "street",
    "council",
    "school",
    "nurse",
    "volunteer",
    "meeting",
    "trust",
    "form",
    "visit",
    "call",
    "letter",
    "garden",
    "kitchen",
    "driver",
    "list",
    "home",
    "doctor",
    "street",
    "neighbour",
    "worker",
    "office",
    "manager",
    "parcel",
    "weather",
    "morning",
    "evening",
]
# In how many of a thousand stories each word occurs: a common, a less common and a rare one, for measuring search.
TOLD_OF = {"tram": 450, "allotment": 50, "lighthouse": 1}
PLACES, WORKSHOPS, TAGS, VOTES_EACH = 10, 400, 500, 50


class Command(BaseCommand):
    help = "Fill an empty archive with invented stories and votes, for measuring. The same for the same seed."

    def add_arguments(self, parser):
        parser.add_argument("--stories", type=int, metavar="N", default=200_000, help="if not 200,000")
        parser.add_argument("--votes", type=int, metavar="N", default=1_000_000, help="if not 1,000,000")
        parser.add_argument("--seed", type=int, metavar="N", default=2020, help="another one gives another archive")

    def handle(self, stories, votes, seed, **options):
        if Programme.objects.exists():
            raise CommandError("This archive is in use. Make an empty one: DATA_DIR or DATABASE_URL names another.")
        self.fill(stories, votes, seed)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:  # what PostgreSQL would do by itself in time
                cursor.execute("ANALYZE" if connection.in_atomic_block else "VACUUM (ANALYZE)")
        self.stdout.write(f"{stories} stories and {votes} votes, all invented.")

    @transaction.atomic
    def fill(self, stories, votes, seed):
        self.draw = random.Random(seed)  # noqa: S311 - nothing secret depends on it
        self.make_frame()
        self.make_people(-(-votes // VOTES_EACH))
        self.make_stories(stories)
        self.make_votes(votes)
        search.optimise()

    def make_frame(self):
        programme = Programme.objects.create(slug="benchmark", title="Invented for measuring", illustrative=True)
        phases = [Phase.objects.create(programme=programme, number=n, question="What helped?") for n in (1, 2, 3)]
        self.areas = [ServiceArea.objects.create(slug=slug(name), name=name) for name in AREAS]
        self.themes = [Theme.objects.create(slug=slug(name), name=name) for name in THEMES]
        self.places = [Place.objects.create(code=f"X{n:08}", name=f"Place {n}") for n in range(PLACES)]
        self.tags = Tag.objects.bulk_create(Tag(name=f"tag {n}", slug=f"tag-{n}", key=f"tag {n}") for n in range(TAGS))
        first = datetime.date(2020, 1, 1)
        self.workshops = Workshop.objects.bulk_create(
            Workshop(
                slug=f"workshop-{n:03}",
                title=f"Workshop {n}",
                phase=self.draw.choice(phases),
                held_on=first + datetime.timedelta(days=n),
            )
            for n in range(WORKSHOPS)
        )

    def make_people(self, number):
        self.people = Participant.objects.bulk_create(
            (
                Participant(
                    code=f"b-{n}",
                    pseudonym=f"v-{self.draw.getrandbits(48):012x}",
                    role=self.draw.choice(ROLES),
                    sector=self.draw.choice(SECTORS),
                    service_area=self.draw.choice([*self.areas, None]),
                    place=self.draw.choice(self.places),
                    consent=Consent.CREDITED,
                )
                for n in range(number)
            ),
            batch_size=2000,
        )

    def make_stories(self, number):
        frequent_first = [1 / (rank + 5) for rank in range(TAGS)]
        themes = Story.themes.through
        drafts = (self.a_story(n) for n in range(number))
        while batch := list(islice(drafts, 5000)):
            # Without the indexes, which are built once at the end.
            stories = QuerySet(Story).bulk_create(batch)
            QuerySet(OriginalText).bulk_create(
                OriginalText(story=story, text=story.published_text) for story in stories
            )
            QuerySet(themes).bulk_create(
                themes(story=story, theme=theme)
                for story in stories
                for theme in self.draw.sample(self.themes, self.draw.randint(0, 2))
            )
            QuerySet(StoryTag).bulk_create(
                StoryTag(content_object=story, tag=tag)
                for story in stories
                for tag in dict.fromkeys(self.draw.choices(self.tags, frequent_first, k=self.draw.randint(0, 4)))
            )
        search.rebuild()

    def a_story(self, n):
        words = self.draw.choices(WORDS, k=self.draw.randint(40, 120))
        words += [word for word, often in TOLD_OF.items() if self.draw.randrange(1000) < often]
        self.draw.shuffle(words)
        status, consent = self.draw.choices(
            [
                (Status.PUBLISHED, Consent.PUBLIC),
                (Status.DRAFT, Consent.TEAM),
                (Status.DRAFT, Consent.FACILITATORS),
            ],
            [8, 1, 1],
        )[0]
        return Story(
            ref=f"{self.draw.getrandbits(40):010x}",
            title=f"{' '.join(words[:5]).capitalize()}, {n}",
            published_text=f"We said: “{' '.join(words)}”, and\nit held.",
            workshop=self.draw.choice(self.workshops),
            service_area=self.draw.choice([*self.areas, None]),
            place=self.draw.choice(self.places),
            kind=self.draw.choice([Kind.INNOVATION, Kind.INNOVATION, Kind.MESSAGE]),
            status=status,
            consent=consent,
            effective_consent=consent,
        )

    def make_votes(self, number):
        practices = Practice.objects.bulk_create(
            Practice(ref=f"P-{n:04}", statement=f"Ask first, {n}", status=Status.PUBLISHED)
            for n in range(10 * VOTES_EACH)
        )
        choices = Choice.values
        votes = (
            Vote(practice=practice, participant=person, workshop=workshop, choice=self.draw.choice(choices))
            for person in self.people
            for workshop in [self.draw.choice(self.workshops)]
            for practice in self.draw.sample(practices, VOTES_EACH)
        )
        votes = islice(votes, number)
        while batch := list(islice(votes, 10_000)):
            Vote.objects.bulk_create(batch)


def slug(name):
    return name.lower().replace(" ", "-")
