"""Files that the database writes itself: the same to the letter as those written in Python, and given up in time."""

import threading
import time

import pytest
from django.db import OperationalError, connection, connections
from django.test.utils import CaptureQueriesContext

from innovation_archive.datasets import DATASETS, Audience, Stories
from innovation_archive.exchange.csv_postgresql import in_transaction, snapshot
from innovation_archive.exchange.exports import CsvFile, csv_line
from tests import factories as make
from workshops.choices import Consent
from workshops.consent.withdrawal import withdraw_stories
from workshops.models import Participant, Story, Tally, Theme, Vote

AWKWARD = [
    "", "plain", "=1+1", "+44", "-5", "@a", "'=1", " '@a", "' tis", "＝1", "＋1", "－1", "＠1", 'say "no"', "a,b", "\\.", "\\N",
    "NULL", " spaced ", "Zoë, 東京 🐝", "e\u0301", "%s %(a)s %", "{}", ";", "a|b", "1e5", "0012", "'", "''", '"',
]  # fmt: skip
FLAT = [name for name, each in DATASETS.items() if each.is_flat]


def awkward_archive():
    """Rows of every flat dataset, with each awkward text in each column that is free, and columns left empty."""
    workshop = make.a_workshop()
    for number, text in enumerate(AWKWARD):
        area = make.a_service_area(f"{text} area {number}", slug=f"{text}-{number}") if number % 3 else None
        voter = make.a_participant(pseudonym=f"{text[:10]}{number}", role="x", service_area=area,
                                   place=make.a_place(code=f"{text}{number}") if number % 2 else None)  # fmt: skip
        alike = [voter, make.a_participant(place=voter.place), make.a_participant(place=voter.place)]
        # Past the fields, which would tidy what stands at the ends.
        described = Participant.objects.filter(pk__in=[each.pk for each in alike])
        described.update(role=text, sector=AWKWARD[-number])
        practice = make.a_practice(ref=f"{text}{number}")
        make.a_vote(practice=practice, participant=voter, workshop=workshop)
        if area:
            Tally.objects.create(practice=practice, workshop=workshop, service_area=area, keep=number)
            result = make.a_practice(ref=f"r{number}", statement=f"{text}\n{text}.")
            make.a_result(result, {area.name: (10, 0, 5, 0)})
        withdraw_stories([make.a_story(workshop=workshop)])
    alone = make.a_participant(role="the only one", sector="a,b", place=make.a_place())
    make.a_vote(practice=practice, participant=alone, workshop=workshop)


@pytest.mark.parametrize("dataset", FLAT)
def test_database_writes_the_lines_that_python_writes(db, dataset):
    awkward_archive()
    for audience in DATASETS[dataset].audiences:
        file = CsvFile(DATASETS[dataset](), audience)
        header, *pieces = file
        expected = list(CsvFile(DATASETS[dataset](), audience).lines())
        assert "".join(pieces) == "".join(piece for piece, _ in expected)
        assert file.rows == sum(rows for _, rows in expected) >= 20
        assert header == csv_line(column.column_name for column in DATASETS[dataset]().columns(audience))


@pytest.mark.parametrize("audience", Audience)
def test_stories_are_read_by_field_as_their_models_say(audience, db, settings):
    settings.SITE_URL = "https://archive.example"
    workshop = make.a_workshop()
    for number, text in enumerate(AWKWARD):
        story = make.a_story(
            ref=f"s-{number}",
            workshop=make.a_workshop(held_on=None) if number % 2 else workshop,
            text=text,
            title=f"{text}.",
            told_by=make.a_participant(consent=Consent.CREDITED) if number % 3 else None,
            consent=Consent.CREDITED if number % 2 else Consent.PUBLIC,
            service_area=make.a_service_area(slug=f"{number}") if number % 4 else None,
            place=make.a_place() if number % 5 else None,
            themes=[make.a_theme(slug=f"{letter}{number}") for letter in "bBa"[: number % 4]],
            tags=[f"{tag}{number}" for tag in ["z", "Z", "a|b", "a\\"][: number % 5]],
        )
        # Past the fields, which would tidy what stands at the ends, and past the gate, which wants words.
        Story.objects.filter(pk=story.pk).update(published_text=f"{text}\n", credit=text, location=AWKWARD[-number])
    stories = Stories()
    read = list(stories.records(audience))
    stories.is_fields = False
    assert read == list(stories.records(audience))
    assert len(read) == len(AWKWARD)


def test_flat_file_takes_as_many_queries_whatever_its_length(db):
    def queries_of_file(rows):
        with CaptureQueriesContext(connection) as queries:
            assert "".join(CsvFile(DATASETS["votes"](), Audience.ANALYST)).count("keep") == rows
        return len(queries)

    workshop = make.a_workshop()
    make.a_vote(practice=make.a_practice(), participant=make.a_participant(), workshop=workshop)
    of_one = queries_of_file(1)
    for _ in range(30):
        make.a_vote(practice=make.a_practice(), participant=make.a_participant(), workshop=workshop)
    assert queries_of_file(31) == of_one


def test_file_leaves_no_table_behind_also_where_it_is_read_beside_another(db):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL copies without tables of its own")
    awkward_archive()
    whole = "".join(CsvFile(DATASETS["votes"](), Audience.ANALYST))
    broken_off = iter(CsvFile(DATASETS["votes"](), Audience.ANALYST))
    next(broken_off), next(broken_off)
    assert "".join(CsvFile(DATASETS["votes"](), Audience.ANALYST)) == whole
    broken_off.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM temp.sqlite_master")
        assert not cursor.fetchall()


@pytest.mark.django_db(transaction=True)
def test_snapshot_shows_one_moment_and_lets_others_write():
    make.a_theme("One")

    def write():
        make.a_theme("Two")
        connections.close_all()

    with snapshot():
        before = Theme.objects.count()
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
        assert (before, Theme.objects.count()) == (1, 1)
    assert Theme.objects.count() == 2
    assert not in_transaction()


def many_votes(practices, voters):
    workshop = make.a_workshop()
    on = [make.a_practice() for _ in range(practices)]
    people = Participant.objects.bulk_create(
        Participant(code=f"c{n}", role="resident " * 10, consent=Consent.TEAM) for n in range(voters)
    )
    Vote.objects.bulk_create(
        Vote(practice=practice, participant=person, workshop=workshop, choice="keep")
        for practice in on
        for person in people
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("dataset", ["votes", "participants"])
def test_file_that_nobody_reads_on_is_given_up_at_once(dataset):
    many_votes(10, 3000)
    pieces = iter(CsvFile(DATASETS[dataset](), Audience.ANALYST))
    next(pieces), next(pieces)
    started = time.monotonic()
    pieces.close()
    assert time.monotonic() - started < 2
    assert not in_transaction()
    assert Vote.objects.count() == 30_000


@pytest.mark.django_db(transaction=True)
def test_failure_amid_a_file_is_raised_and_not_taken_for_its_end():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite reads in this very thread")
    many_votes(10, 3000)
    pieces = iter(CsvFile(DATASETS["votes"](), Audience.ANALYST))
    next(pieces), next(pieces)
    connection.connection.cancel()
    with pytest.raises((OperationalError, Exception), match="cancel"):
        list(pieces)
    assert not in_transaction()
