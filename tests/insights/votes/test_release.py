"""What a release publishes, what it holds back, and when it may change anything."""

import datetime
import json
from collections import Counter

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from insights.models import Release, ReleasedGroup, ReleasedPractice, Turnout
from insights.votes.measures import measure_released
from insights.votes.release import band, merge_groups, prepare, preview_fingerprint, release, rows_of
from tests.factories import (
    a_participant,
    a_practice,
    a_programme,
    a_service_area,
    a_tally,
    a_vote,
    a_workshop,
    votes_on,
)
from tests.shared import shared
from workshops.choices import Choice, Status
from workshops.models import Ballot, Participant, Practice, ServiceArea, Vote

pytestmark = pytest.mark.django_db

DAY = datetime.date(2020, 10, 13)


@pytest.fixture
def room():
    return a_workshop()


@pytest.fixture
def programme(room):
    return room.phase.programme


def published(practice):
    """What the public has of a practice: {group: (base, keep, amplify, discard, create, hands)}."""
    rows = ReleasedGroup.objects.filter(practice=practice)
    return {row.group: (row.base, *(count for _, count in row.counts), row.hands) for row in rows}


def bytes_of_votes(client):
    """Every public file and page that speaks of votes."""
    addresses = ["/data/vote_results.csv", "/data/vote_results.json", "/data/practices.csv", "/data/practices.json"]
    addresses += ["/", "/votes/", "/votes/?format=csv", "/votes/?sort=difference", "/votes/?sort=direction", "/data/"]
    addresses += [practice.get_absolute_url() for practice in Practice.objects.published().order_by("ref")]
    return {address: b"".join(client.get(address)) for address in addresses}


def test_release_rounds_and_bands_each_count(programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(13, 7, 4, 0), Parks=(5, 12, 8, 23))
    release(programme, on=DAY)
    assert published(practice) == {"Hubs": (25, 15, 5, None, None, 0), "Parks": (50, 5, 10, 10, 25, 0)}
    assert list(Release.objects.values_list("programme", "released_on", "least_voters")) == [(programme.pk, DAY, 10)]


@pytest.mark.parametrize(
    ("count", "shown"), [(0, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (1002, 1000)]
)
def test_band_hides_a_count_below_five(count, shown):
    assert band(count) == shown


@pytest.mark.parametrize(
    ("sizes", "merged"),
    [
        ({"A": 10, "B": 10}, {("A",): 10, ("B",): 10}),
        ({"A": 18, "B": 3, "C": 3}, {("A", "B", "C"): 24}),
        ({"A": 18, "B": 6, "C": 5}, {("A",): 18, ("B", "C"): 11}),
        ({"D": 9, "C": 9, "B": 9, "A": 9}, {("A", "B"): 18, ("C", "D"): 18}),
        ({"D": 1, "A": 30, "C": 20, "B": 20}, {("A",): 30, ("B", "D"): 21, ("C",): 20}),
        ({"A": 9, "B": 0}, {}),
        ({"A": 5, "B": 5}, {("A", "B"): 10}),
        ({}, {}),
    ],
)
def test_merge_joins_the_smallest_until_all_have_ten(sizes, merged):
    groups = {name: Counter(keep=size) for name, size in sizes.items()}
    assert {names: counts.total() for names, counts in merge_groups(groups, 10).items()} == merged


def test_merged_group_bears_its_names_in_order(programme, room):
    practice = a_practice()
    votes_on(practice, room, Parks=(3, 0, 0, 0), Hubs=(3, 0, 0, 0), unknown=(3, 0, 0, 0), Schools=(20, 0, 0, 0))
    release(programme)
    assert published(practice) == {"Hubs + Not recorded + Parks + Schools": (30, 30, None, None, None, 0)}


def test_voters_without_a_service_area_are_not_recorded(programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(20, 0, 0, 0), Parks=(0, 20, 0, 0), unknown=(0, 0, 15, 0))
    release(programme)
    assert set(published(practice)) == {"Hubs", "Parks", "Not recorded"}
    assert practice.released.direction == "retain"


def test_fewer_than_ten_voters_publish_the_statement_and_no_row(programme, room):
    practice = a_practice(status=Status.DRAFT)
    votes_on(practice, room, Hubs=(5, 0, 0, 0), Parks=(4, 0, 0, 0))
    (outcome,) = release(programme)
    assert outcome.held_back == "Fewer than 10 people voted, so we do not show a breakdown."
    assert published(practice) == {}
    assert (practice.released.verdict, practice.released.consensus) == ("not enough service areas to compare", None)
    practice.refresh_from_db()
    assert practice.status == Status.PUBLISHED


def test_votes_stand_in_for_the_tally_of_their_area_and_workshop_alone(programme, room):
    practice, other = a_practice(), a_practice()
    hubs, parks = a_service_area("Hubs"), a_service_area("Parks")
    second = a_workshop(phase=room.phase)
    votes_on(practice, room, Hubs=(12, 0, 0, 0))
    for workshop, area, counted in [(room, hubs, 40), (second, hubs, 3), (room, parks, 15)]:
        a_tally(practice=practice, workshop=workshop, service_area=area, discard=counted)
    a_tally(practice=other, workshop=room, service_area=hubs, keep=11)
    a_tally(practice=a_practice(), workshop=room, service_area=hubs)
    outcomes = release(programme)
    assert published(practice) == {"Hubs": (15, 10, None, None, None, None), "Parks": (15, None, None, 15, None, 15)}
    assert published(other) == {"Hubs": (10, 10, None, None, None, 10)}
    assert len(outcomes) == 2


def test_release_counts_the_votes_of_its_programme_alone(programme, room):
    practice = a_practice()
    elsewhere = a_workshop()
    votes_on(practice, room, Hubs=(12, 0, 0, 0))
    votes_on(practice, elsewhere, Hubs=(0, 0, 50, 0))
    a_tally(practice=practice, workshop=elsewhere, service_area=a_service_area("Parks"), keep=50)
    release(programme)
    assert published(practice) == {"Hubs": (10, 10, None, None, None, 0)}


def test_release_without_votes_is_refused(programme, room):
    votes_on(a_practice(), a_workshop(), Hubs=(20, 0, 0, 0))
    with pytest.raises(ValidationError, match="Nobody has voted in the workshops"):
        release(programme)
    assert not Release.objects.exists()


def test_release_writes_the_measures_of_its_rows(programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(10, 6, 2, 2), Parks=(1, 1, 16, 2), Schools=(40, 20, 10, 10))
    release(programme)
    found = ReleasedPractice.objects.get()
    expected = measure_released(ReleasedGroup.objects.filter(practice=practice))
    assert (found.direction, found.consensus, found.divergence, found.apart, found.stability, found.verdict) == (
        expected.direction, expected.consensus, expected.divergence, "Parks", expected.stability, "apart",
    )  # fmt: skip


@pytest.mark.parametrize(("newcomers", "changes"), [(0, False), (9, False), (10, True)])
def test_rows_change_all_together_with_ten_newcomers(newcomers, changes, programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(15, 0, 0, 0), Parks=(0, 15, 0, 0))
    release(programme, on=DAY)
    Vote.objects.update(choice=Choice.DISCARD)
    votes_on(practice, room, Parks=(newcomers, 0, 0, 0))
    (outcome,) = release(programme, on=datetime.date(2021, 1, 1))
    assert outcome.changes is changes
    if changes:
        assert published(practice) == {"Hubs": (15, None, None, 15, None, 0), "Parks": (25, 10, None, 15, None, 0)}
        assert practice.released.release.released_on == datetime.date(2021, 1, 1)
    else:
        assert published(practice) == {"Hubs": (15, 15, None, None, None, 0), "Parks": (15, None, 15, None, None, 0)}
        assert outcome.held_back == (
            f"Stays as released on 13 October 2020: {newcomers or 'nobody'} voted for the first time since, and 10 must."
        )
        assert Release.objects.count() == 1


def test_no_row_of_a_group_that_has_merged_since_stays(programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(5, 0, 0, 0), Parks=(0, 6, 0, 0))
    release(programme, on=DAY)
    assert list(published(practice)) == ["Hubs + Parks"]
    votes_on(practice, room, Hubs=(10, 0, 0, 0), Parks=(0, 10, 0, 0))
    release(programme, on=datetime.date(2021, 1, 1))
    assert sorted(published(practice)) == ["Hubs", "Parks"]


def test_one_practice_changes_without_another(programme, room):
    first, second = a_practice(), a_practice()
    for practice in (first, second):
        votes_on(practice, room, Hubs=(20, 0, 0, 0))
    release(programme, on=DAY)
    votes_on(first, room, Hubs=(0, 0, 20, 0))
    votes_on(second, room, Hubs=(0, 0, 9, 0))
    release(programme, on=datetime.date(2021, 1, 1))
    assert published(first) == {"Hubs": (40, 20, None, 20, None, 0)}
    assert published(second) == {"Hubs": (20, 20, None, None, None, 0)}
    days = ReleasedGroup.objects.order_by("practice__pk").values_list("release__released_on", flat=True)
    assert list(days) == [datetime.date(2021, 1, 1), DAY]


def test_practice_of_too_few_is_shown_as_soon_as_there_are_ten(programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(9, 0, 0, 0))
    release(programme)
    assert [outcome.changes for outcome in release(programme)] == [False]
    votes_on(practice, room, Hubs=(1, 0, 0, 0))
    release(programme)
    assert published(practice) == {"Hubs": (10, 10, None, None, None, 0)}


def test_votes_that_come_for_hands_are_not_new(programme, room):
    practice = a_practice()
    a_tally(practice=practice, workshop=room, service_area=a_service_area("Hubs"), keep=20)
    release(programme)
    votes_on(practice, room, Hubs=(0, 0, 29, 0))
    assert [(outcome.newcomers, outcome.changes) for outcome in release(programme)] == [(9, False)]
    votes_on(practice, room, Hubs=(0, 0, 1, 0))
    release(programme)
    assert published(practice) == {"Hubs": (30, None, None, 30, None, 0)}


def test_whoever_is_erased_and_comes_back_is_not_new(programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(20, 0, 0, 0))
    release(programme)
    Participant.objects.filter(pk__in=Participant.objects.order_by("pk").values("pk")[:10]).delete()
    assert Turnout.objects.get().participants.count() == 10
    votes_on(practice, room, Hubs=(0, 0, 19, 0))
    assert [(outcome.newcomers, outcome.changes) for outcome in release(programme)] == [(9, False)]


def test_whoever_takes_a_vote_back_and_votes_again_is_not_new(programme, room):
    practice = a_practice()
    voters = [vote.participant for vote in votes_on(practice, room, Hubs=(20, 0, 0, 0))]
    release(programme)
    Vote.objects.all().delete()
    for voter in voters:
        a_vote(practice=practice, participant=voter, workshop=room, choice=Choice.DISCARD)
    assert [(outcome.newcomers, outcome.changes) for outcome in release(programme)] == [(0, False)]


@pytest.mark.parametrize("erase", [True, False])
def test_one_voter_less_or_more_changes_no_public_byte(erase, client, programme, room, monkeypatch):
    moment = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: moment)  # /data/ tells to the minute when each file was written
    practice, small, waiting = a_practice(statement="Vans"), a_practice(), a_practice()
    a_service_area("Schools")
    votes_on(practice, room, Hubs=(14, 8, 0, 1), Parks=(0, 1, 12, 0))
    votes_on(small, room, Hubs=(1, 0, 0, 0))
    release(programme, on=DAY)
    votes_on(waiting, room, Hubs=(1, 0, 0, 0))
    b"".join(client.get("/data/archive.zip"))  # measures the files, so that /data/ has their sizes to show
    before = bytes_of_votes(client)
    assert b"about 25" in before[practice.get_absolute_url()]
    for vote in Vote.objects.select_related("participant"):
        if erase:
            vote.participant.delete()
        else:
            votes_on(vote.practice, room, Schools=(0, 0, 9, 0))
        assert bytes_of_votes(client) == before


def test_only_a_release_changes_the_programme_of_a_practice(client, programme, room):
    """A list narrowed to a programme would otherwise tell whether anyone voted."""
    practice = a_practice()
    votes_on(practice, room, Hubs=(12, 0, 0, 0))
    address = f"/votes/?programme={programme.slug}"
    assert list(client.get(address).context["practice_list"]) == []
    release(programme)
    assert list(client.get(address).context["practice_list"]) == [practice]


def test_order_of_groups_and_votes_changes_nothing(programme, room):
    practice, twin = a_practice(), a_practice()
    votes_on(practice, room, Parks=(4, 0, 0, 0), Hubs=(4, 0, 0, 0), Schools=(12, 3, 1, 5), Aid=(7, 0, 6, 0))
    votes_on(twin, room, Aid=(7, 0, 6, 0), Schools=(12, 3, 1, 5), Hubs=(4, 0, 0, 0), Parks=(4, 0, 0, 0))
    release(programme)
    assert published(practice) == published(twin) != {}


def test_release_of_something_other_than_what_was_seen_is_refused(programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(12, 0, 0, 0))
    seen = preview_fingerprint(prepare(programme))
    votes_on(practice, room, Hubs=(0, 0, 12, 0))
    with pytest.raises(ValidationError, match="have changed since you looked"):
        release(programme, seen=seen)
    assert published(practice) == {}
    Practice.objects.update(statement="Other words")
    with pytest.raises(ValidationError, match="have changed since you looked"):
        release(programme, seen=preview_fingerprint(prepare(programme)) + "x")
    release(programme, seen=preview_fingerprint(prepare(programme)))
    assert published(practice) == {"Hubs": (25, 10, None, 10, None, 0)}


def test_votes_of_an_open_ballot_are_not_released(programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(12, 0, 0, 0))
    ballot = Ballot.objects.create(workshop=room, seats=30)
    ballot.practices.add(practice)
    assert prepare(programme) == []
    Ballot.objects.update(closed_at=ballot.opened_at, salt="")
    assert len(prepare(programme)) == 1


def test_practice_taken_back_after_its_release_is_in_no_file(client, programme, room):
    practice = a_practice(statement="Vans for everyone")
    votes_on(practice, room, Hubs=(12, 0, 0, 0))
    release(programme)
    assert b"Vans" in b"".join(client.get("/data/vote_results.csv"))
    Practice.objects.update(status=Status.DRAFT)
    assert [address for address, content in bytes_of_votes(client).items() if b"Vans" in content] == []


def test_thresholds_may_be_raised(settings, programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(14, 0, 0, 0), Parks=(15, 0, 0, 0))
    settings.VOTES_LEAST_GROUP = settings.VOTES_LEAST_NEWCOMERS = 15
    assert run_checks() == []
    release(programme)
    assert published(practice) == {"Hubs + Parks": (30, 30, None, None, None, 0)}
    assert Release.objects.get().least_voters == 15
    votes_on(practice, room, Hubs=(14, 0, 0, 0))
    assert [outcome.changes for outcome in release(programme)] == [False]


@pytest.mark.parametrize("name", ["VOTES_LEAST_GROUP", "VOTES_LEAST_NEWCOMERS"])
@pytest.mark.parametrize("value", [9, 0, -10, "ten", "", None, 10.5, True])
def test_thresholds_are_never_lowered(name, value, settings, programme, room):
    setattr(settings, name, value)
    (error,) = run_checks()
    assert error.id == "insights.E001"
    assert error.msg == f"{name} is {value!r}. It may be raised above 10, never lowered."
    votes_on(a_practice(), room, Hubs=(12, 0, 0, 0))
    with pytest.raises(ImproperlyConfigured, match=name):
        release(programme)
    assert not Release.objects.exists()


counts = st.tuples(*[st.integers(0, 14)] * 4)
NAMES = ["Aid", "Hubs", "Parks", "Schools", "unknown"]


class AnyVotes(TestCase):
    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(st.dictionaries(st.sampled_from(NAMES), counts, min_size=1), st.integers(0, 20), st.integers(0, 60))
    @example({"Hubs": (5, 0, 0, 4)}, 0, 0)  # one too few for any row
    @example({"Hubs": (18, 0, 0, 0), "Parks": (3, 0, 0, 0), "Aid": (0, 0, 3, 0)}, 0, 12)
    def test_release_keeps_its_promises_whatever_was_voted(self, said, hands, erased):
        room = a_workshop(programme=a_programme())
        practice, programme = a_practice(), room.phase.programme
        votes_on(practice, room, **said)
        area = ServiceArea.objects.filter(name="Yards").first() or a_service_area("Yards")
        a_tally(practice=practice, workshop=room, service_area=area, keep=hands)
        if not hands and not any(map(any, said.values())):
            return
        (outcome,) = release(programme)
        rows = published(practice)
        # Groups part the voters: each name once, none left out.
        names = [name for group in rows for name in group.split(" + ")]
        expected = {name.replace("unknown", "Not recorded") for name, each in said.items() if any(each)}
        expected |= {"Yards"} if hands else set()
        people = sum(map(sum, said.values())) + hands
        assert outcome.poll.people == people
        assert sorted(names) == (sorted(expected) if people >= 10 else [])
        for base, *shown in rows.values():
            assert base >= 10
            assert [number % 5 for number in (base, *shown) if number is not None] == [0] * (
                1 + sum(number is not None for number in shown)
            )
            assert all(number >= 5 for number in shown[:4] if number is not None)
        assert abs(sum(base for base, *_ in rows.values()) - (people if rows else 0)) <= 2.5 * len(rows)
        # Whoever goes changes nothing; without newcomers a second release changes nothing.
        Participant.objects.filter(pk__in=list(Participant.objects.values_list("pk", flat=True)[:erased])).delete()
        assert published(practice) == rows
        if Vote.objects.exists() or hands:
            assert not any(each.changes for each in release(programme))
        assert published(practice) == rows


@pytest.mark.parametrize("folder", ["london.youth.policing", "brexit-consensus", "15-per-hour-seattle"])
def test_release_of_real_votes_follows_the_independent_rule(folder, capsys):
    """The rule as design writes it once more, in other words, on the conversation's own tallies."""
    path = shared("polis", folder)
    for kind in ["programmes", "service_areas", "themes", "workshops", "participants", "practices", "votes"]:
        call_command("import_data", kind, str(path / f"{kind}.csv"))
    room = Vote.objects.select_related("workshop__phase__programme").first().workshop
    release(room.phase.programme)
    checked = 0
    for ref, tallies in json.loads((path / "oracle.json").read_text(encoding="utf-8")).items():
        expected = by_the_rule({name or "Not recorded": tuple(tally) for name, tally in tallies.items()})
        assert {group: row[:5] for group, row in published(Practice.objects.get(ref=ref)).items()} == expected, ref
        checked += 1
    assert checked == len(json.loads((path / "oracle.json").read_text(encoding="utf-8"))) > 20


def by_the_rule(tallies):
    groups = sorted((sum(tally), (name,), tally) for name, tally in tallies.items() if sum(tally))
    while len(groups) > 1 and groups[0][0] < 10:
        (_, names, tally), (_, others, other), *rest = groups
        names, tally = tuple(sorted(names + others)), tuple(map(sum, zip(tally, other, strict=True)))
        groups = sorted([(sum(tally), names, tally), *rest], key=lambda each: (each[0], " + ".join(each[1])))
    if not groups or groups[0][0] < 10:
        return {}
    return {
        " + ".join(names): (round(base / 5 + 1e-9) * 5, *(None if n < 5 else round(n / 5 + 1e-9) * 5 for n in tally))
        for base, names, tally in groups
    }


def test_rows_of_a_poll_are_not_saved(programme, room):
    votes_on(a_practice(), room, Hubs=(12, 0, 0, 0))
    (outcome,) = prepare(programme)
    assert [row.pk for row in rows_of(outcome.poll)] == [None]
    assert not ReleasedGroup.objects.exists()


def test_voter_who_moves_service_area_counts_where_they_are_now(programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(12, 0, 0, 0), Parks=(12, 0, 0, 0))
    mover = a_participant(service_area=ServiceArea.objects.get(name="Hubs"))
    a_vote(practice=practice, participant=mover, workshop=room, choice=Choice.KEEP)
    mover.service_area = None
    mover.save()
    (outcome,) = prepare(programme)
    assert {name: counts.total() for name, counts in outcome.poll.groups.items()} == {
        "Hubs": 12,
        "Parks": 12,
        "Not recorded": 1,
    }
