"""What a release publishes, what it holds back, and when it may change anything."""

import datetime
import json
import sys

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from innovation_archive.datasets.votes import VoteResults
from insights.models import ErasedVotes, ExactCounts, Release, ReleasedGroup, ReleasedPractice, Turnout
from insights.votes import counting
from insights.votes.release import digest_of, prepare, preview_fingerprint, release
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


FEW = (0, 4)


def published(practice):
    """What the public has of a practice: {group: ranges of (base, keep, amplify, discard, create, hands)}."""
    rows = ReleasedGroup.objects.published().filter(result__practice=practice)
    return {row.group: (row.base, *(between for _, between in row.counts), row.hands) for row in rows}


def result_of(practice):
    return ReleasedPractice.objects.current().get(practice=practice)


def bytes_of_votes(client):
    """Every public file and page that speaks of votes."""
    addresses = ["/data/vote_results.csv", "/data/vote_results.json", "/data/vote_verdicts.csv", "/data/practices.csv"]
    addresses += ["/", "/votes/", "/votes/?format=csv", "/votes/?sort=difference", "/votes/?sort=direction", "/data/"]
    addresses += [practice.get_absolute_url() for practice in Practice.objects.published().order_by("ref")]
    return {address: b"".join(client.get(address)) for address in addresses}


def test_release_publishes_ranges(programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(13, 7, 4, 0), Parks=(5, 12, 8, 23))
    release(programme, on=DAY)
    assert published(practice) == {
        "Hubs": ((23, 27), (13, 17), (5, 7), FEW, FEW, FEW),
        "Parks": ((48, 52), (5, 7), (8, 12), (8, 12), (23, 27), FEW),
    }
    assert list(Release.objects.values_list("programme", "released_on", "least_voters")) == [(programme.pk, DAY, 10)]


def test_release_freezes_words_judged_on_exact_counts(programme, room):
    practice = a_practice(statement="Vans")
    room.service_areas.set([a_service_area("Hubs"), a_service_area("Silent")])
    votes_on(practice, room, Hubs=(28, 2, 0, 0), Parks=(30, 0, 0, 0), Schools=(10, 0, 20, 0), Aid=(3, 0, 0, 0))
    release(programme)
    result = result_of(practice)
    assert (result.statement, result.direction, result.share) == ("Vans", "retain", "most")
    assert (result.verdict, result.less, result.more) == ("differ", ["Schools"], [])
    assert (result.joined, result.silent) == (["Aid", "Hubs"], ["Silent"])
    assert (result.voters_low, result.voters_high) == (33 + 28 + 28, 37 + 32 + 32)


def test_too_few_for_words_have_rows_and_no_words(programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(8, 0, 4, 0), Parks=(8, 0, 4, 0))
    release(programme)
    result = result_of(practice)
    assert len(published(practice)) == 2
    assert (result.direction, result.share, result.verdict, result.less, result.more) == ("", "", "", [], [])


def test_voters_without_a_service_area_join_nobody(programme, room):
    practice, few = a_practice(), a_practice()
    votes_on(practice, room, Parks=(3, 0, 0, 0), Hubs=(3, 0, 0, 0), unknown=(15, 0, 0, 0), Schools=(20, 0, 0, 0))
    votes_on(few, room, Parks=(20, 0, 0, 0), unknown=(0, 0, 9, 0))
    release(programme)
    assert list(published(practice)) == ["Hubs + Parks + Schools", "Not recorded"]
    assert list(published(few)) == ["Parks"]


def test_voters_without_a_service_area_enter_no_word(programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(30, 0, 0, 0), Parks=(30, 0, 0, 0), unknown=(0, 0, 80, 0))
    release(programme)
    result = result_of(practice)
    assert (result.direction, result.share, result.verdict) == ("retain", "nearly everyone", "agree")


def test_fewer_than_ten_voters_publish_the_statement_and_no_row(programme, room):
    practice = a_practice(status=Status.DRAFT)
    votes_on(practice, room, Hubs=(5, 0, 0, 0), Parks=(4, 0, 0, 0), unknown=(4, 0, 0, 0))
    (outcome,) = release(programme)
    assert outcome.held_back == ("Fewer than 10 people with a recorded service voted, so we do not show a breakdown.")
    assert published(practice) == {}
    result = result_of(practice)
    assert (result.verdict, result.voters_low, result.voters_high) == ("", None, None)
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
    assert published(practice) == {
        "Hubs": ((13, 17), (9, 17), FEW, FEW, FEW, FEW),
        "Parks": ((13, 17), FEW, FEW, (9, 17), FEW, (9, 17)),
    }
    assert published(other) == {"Hubs": ((10, 12), (6, 12), FEW, FEW, FEW, (6, 12))}
    assert len(outcomes) == 2


def test_release_counts_the_votes_of_its_programme_alone(programme, room):
    practice = a_practice()
    elsewhere = a_workshop()
    votes_on(practice, room, Hubs=(12, 0, 0, 0))
    votes_on(practice, elsewhere, Hubs=(0, 0, 50, 0))
    a_tally(practice=practice, workshop=elsewhere, service_area=a_service_area("Parks"), keep=50)
    release(programme)
    assert published(practice) == {"Hubs": ((10, 12), (6, 12), FEW, FEW, FEW, FEW)}


def test_release_without_votes_is_refused(programme, room):
    votes_on(a_practice(), a_workshop(), Hubs=(20, 0, 0, 0))
    with pytest.raises(ValidationError, match="Nobody has voted in the workshops"):
        release(programme)
    assert not Release.objects.exists()


def test_practice_of_two_programmes_has_a_result_in_each(programme, room):
    practice, elsewhere = a_practice(), a_workshop(programme=a_programme())
    votes_on(practice, room, Hubs=(20, 0, 0, 0))
    votes_on(practice, elsewhere, Hubs=(0, 0, 30, 0))
    release(programme, on=DAY)
    release(elsewhere.phase.programme, on=DAY)
    votes_on(practice, elsewhere, Hubs=(0, 0, 10, 0))
    release(elsewhere.phase.programme, on=datetime.date(2021, 1, 1))
    assert {
        result.programme: (result.voters_low, result.release.released_on)
        for result in ReleasedPractice.objects.current().filter(practice=practice)
    } == {programme: (18, DAY), elsewhere.phase.programme: (38, datetime.date(2021, 1, 1))}


def test_every_release_keeps_what_it_published(programme, room):
    practice = a_practice(statement="Vans")
    votes_on(practice, room, Hubs=(20, 0, 0, 0))
    release(programme, on=DAY)
    votes_on(practice, room, Hubs=(0, 0, 20, 0))
    release(programme, on=datetime.date(2021, 1, 1))
    kept = ReleasedPractice.objects.filter(practice=practice).order_by("pk")
    assert [(each.is_current, each.groups.get().base) for each in kept] == [(False, (18, 22)), (True, (38, 42))]
    assert [row["base_low"] for row in VoteResults().rows(None).values("base_low")] == [38]


def test_auditor_can_check_a_release_with_table_and_salt(programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(12, 3, 0, 1), unknown=(1, 0, 0, 0))
    a_tally(practice=practice, workshop=room, service_area=a_service_area("Parks"), keep=2, create=4)
    release(programme)
    exact = ExactCounts.objects.get()
    assert exact.table == {"Hubs": [12, 3, 0, 1, 0], "Not recorded": [1, 0, 0, 0, 0], "Parks": [2, 0, 0, 4, 6]}
    result = result_of(practice)
    assert result.digest == digest_of(result, exact.table, exact.salt)
    assert result.digest != digest_of(result, exact.table | {"Hubs": [11, 4, 0, 1, 0]}, exact.salt)


def test_votes_that_change_while_they_are_counted_are_counted_again(programme, room, monkeypatch):
    practice = a_practice()
    votes_on(practice, room, Hubs=(12, 0, 0, 0))
    count, calls = counting.voters_by_practice, []

    def somebody_votes(programme):
        if not calls:
            votes_on(practice, room, Hubs=(0, 0, 20, 0))
        calls.append(programme)
        return count(programme)

    monkeypatch.setattr("insights.votes.release.voters_by_practice", somebody_votes)
    release(programme)
    assert len(calls) == 2
    assert published(practice)["Hubs"][0] == (28, 32)


def test_votes_that_never_stop_changing_are_not_released(programme, room, monkeypatch):
    practice = a_practice()
    votes_on(practice, room, Hubs=(12, 0, 0, 0))
    count = counting.voters_by_practice

    def somebody_votes(programme):
        votes_on(practice, room, Hubs=(0, 0, 1, 0))
        return count(programme)

    monkeypatch.setattr("insights.votes.release.voters_by_practice", somebody_votes)
    with pytest.raises(ValidationError, match="Votes keep changing while they are counted"):
        release(programme)
    assert not Release.objects.exists()


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
        assert published(practice) == {
            "Hubs": ((13, 17), FEW, FEW, (9, 17), FEW, FEW),
            "Parks": ((23, 27), (8, 12), FEW, (13, 17), FEW, FEW),
        }
        assert result_of(practice).release.released_on == datetime.date(2021, 1, 1)
    else:
        assert published(practice) == {
            "Hubs": ((13, 17), (9, 17), FEW, FEW, FEW, FEW),
            "Parks": ((13, 17), FEW, (9, 17), FEW, FEW, FEW),
        }
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
    assert published(first) == {"Hubs": ((38, 42), (18, 22), FEW, (18, 22), FEW, FEW)}
    assert published(second) == {"Hubs": ((18, 22), (14, 22), FEW, FEW, FEW, FEW)}
    days = ReleasedPractice.objects.current().order_by("practice__pk").values_list("release__released_on", flat=True)
    assert list(days) == [datetime.date(2021, 1, 1), DAY]


def test_practice_of_too_few_is_shown_as_soon_as_there_are_ten(programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(9, 0, 0, 0))
    release(programme)
    assert [outcome.changes for outcome in release(programme)] == [False]
    votes_on(practice, room, Hubs=(1, 0, 0, 0))
    release(programme)
    assert published(practice) == {"Hubs": ((10, 12), (6, 12), FEW, FEW, FEW, FEW)}


def test_votes_that_come_for_hands_are_not_new(programme, room):
    practice = a_practice()
    a_tally(practice=practice, workshop=room, service_area=a_service_area("Hubs"), keep=20)
    release(programme)
    votes_on(practice, room, Hubs=(0, 0, 29, 0))
    assert [(outcome.newcomers, outcome.changes) for outcome in release(programme)] == [(9, False)]
    votes_on(practice, room, Hubs=(0, 0, 1, 0))
    release(programme)
    assert published(practice) == {"Hubs": ((28, 32), FEW, FEW, (24, 32), FEW, FEW)}


def test_whoever_is_erased_and_comes_back_is_not_new(programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(20, 0, 0, 0))
    release(programme)
    Participant.objects.filter(pk__in=Participant.objects.order_by("pk").values("pk")[:10]).delete()
    assert len(Turnout.objects.get().participants) == 20
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
    assert b"Vans" in before[practice.get_absolute_url()]
    votes = Vote.objects.order_by("pk").select_related("participant")
    kinds = {(vote.practice_id, vote.participant.service_area_id, vote.choice): vote.pk for vote in votes}
    assert len(kinds) == 7
    for vote in votes:
        if erase:
            vote.participant.delete()
        else:
            votes_on(vote.practice, room, Schools=(0, 0, 9, 0))
        if vote.pk in kinds.values():  # the last of its kind: a look at all pages takes long
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
    assert published(practice) == {"Hubs": ((23, 27), (8, 12), FEW, (8, 12), FEW, FEW)}


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


def heard_checks():
    return [each for each in run_checks() if not each.is_silenced()]


def test_thresholds_may_be_raised(settings, programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(14, 0, 0, 0), Parks=(15, 0, 0, 0))
    settings.VOTES_LEAST_GROUP = settings.VOTES_LEAST_NEWCOMERS = 15
    assert heard_checks() == []
    release(programme)
    assert published(practice) == {"Hubs + Parks": ((28, 32), (24, 32), FEW, FEW, FEW, FEW)}
    assert Release.objects.get().least_voters == 15
    votes_on(practice, room, Hubs=(14, 0, 0, 0))
    assert [outcome.changes for outcome in release(programme)] == [False]


@pytest.mark.parametrize("name", ["VOTES_LEAST_GROUP", "VOTES_LEAST_NEWCOMERS"])
@pytest.mark.parametrize("value", [9, 0, -10, "ten", "", None, 10.5, True])
def test_thresholds_are_never_lowered(name, value, settings, programme, room):
    setattr(settings, name, value)
    (error,) = heard_checks()
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
        assert outcome.poll.people == sum(map(sum, said.values())) + hands
        rows = published(practice)
        # Groups part the voters of known services: each name once, none left out.
        counted = {name: each for name, each in said.items() if any(each)} | (
            {"Yards": (hands, 0, 0, 0)} if hands else {}
        )
        unknown = counted.pop("unknown", (0, 0, 0, 0))
        recorded = sum(map(sum, counted.values()))
        names = [name for group in rows if group != "Not recorded" for name in group.split(" + ")]
        assert sorted(names) == (sorted(counted) if recorded >= 10 else [])
        assert ("Not recorded" in rows) is (sum(unknown) >= 10)
        # Every range holds the exact count, and none tells a count of 0 to 4, or that all but 0 to 4 chose the same.
        for group, shown in rows.items():
            members = [unknown] if group == "Not recorded" else [counted[name] for name in group.split(" + ")]
            exact = [sum(column) for column in zip(*members, strict=True)]
            assert all(low <= number <= high for number, (low, high) in zip([sum(exact), *exact], shown, strict=False))
            base, *counts = shown[:5]
            assert base[0] >= 10
            assert all(between == FEW or between[0] >= 5 for between in counts)
            assert all(low + 4 <= base[0] for low, high in counts if high >= base[1])
        # Whoever goes changes nothing; without newcomers a second release changes nothing.
        Participant.objects.filter(pk__in=list(Participant.objects.values_list("pk", flat=True)[:erased])).delete()
        assert published(practice) == rows
        if Vote.objects.exists() or hands:
            assert not any(each.changes for each in release(programme))
        assert published(practice) == rows


@pytest.mark.parametrize("folder", ["london.youth.policing", "brexit-consensus", "made-four-services"])
def test_release_of_whole_conversations_follows_the_rule_as_written_elsewhere(folder):
    """Ranges and words, by the rule's other implementation, on the conversation's own tallies."""
    path = shared("polis", folder)
    sys.path.append(str(path.parents[2] / "check"))
    import expected_release as rule

    for kind in ["programmes", "service_areas", "themes", "workshops", "participants", "practices", "votes"]:
        call_command("import_data", kind, str(path / f"{kind}.csv"))
    release(Vote.objects.first().workshop.phase.programme)
    tallies = json.loads((path / "oracle.json").read_text(encoding="utf-8"))
    for ref, tally in tallies.items():
        groups = {name or "Not recorded": tuple(counts) for name, counts in tally.items()}
        practice = Practice.objects.get(ref=ref)
        result = result_of(practice)
        assert {group: row[:5] for group, row in published(practice).items()} == rule.release(groups), ref
        words = {name: getattr(result, name) for name in ("direction", "share", "verdict", "less", "more")}
        assert words == (rule.words(groups) or dict.fromkeys(words, "") | {"less": [], "more": []}), ref
    assert len(tallies) > 20


def test_rows_of_a_poll_are_not_saved(programme, room):
    votes_on(a_practice(), room, Hubs=(12, 0, 0, 0))
    (outcome,) = prepare(programme)
    assert [row.pk for row in outcome.rows] == [None]
    assert not ReleasedGroup.objects.exists()


def test_voter_who_moves_service_area_counts_where_they_are_now(programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(12, 0, 0, 0), Parks=(12, 0, 0, 0))
    mover = a_participant(service_area=ServiceArea.objects.get(name="Hubs"))
    a_vote(practice=practice, participant=mover, workshop=room, choice=Choice.KEEP)
    mover.service_area = None
    mover.save()
    (outcome,) = prepare(programme)
    assert {name: counts.voters for name, counts in outcome.poll.groups.items()} == {
        "Hubs": 12,
        "Parks": 12,
        "Not recorded": 1,
    }


def test_release_keeps_how_many_were_there_and_how_many_voted(client, programme, room):
    votes_on(a_practice(), room, Hubs=(16, 0, 0, 0), Parks=(0, 5, 0, 0))
    for _turn in range(9):
        a_participant().workshops.add(room)
    for voter in Participant.objects.filter(votes__workshop=room)[:4]:
        voter.workshops.add(room)
    release(programme)
    made = Release.objects.get()
    assert (made.present_low, made.present_high, made.voted_low, made.voted_high) == (28, 32, 18, 22)
    html = " ".join(client.get("/votes/").content.decode().split())
    assert "About 30 people are recorded in these workshops; about 20 of them cast votes of their own." in html


def test_release_of_hands_alone_says_nothing_of_who_was_there(client, programme, room):
    a_tally(practice=a_practice(), workshop=room, service_area=a_service_area("Hubs"), keep=20)
    release(programme)
    assert Release.objects.get().present_low is None
    assert b"are recorded in these workshops" not in client.get("/votes/").content


def test_votes_of_the_erased_stay_as_counts_once_a_release_has_counted_them(programme, room):
    practice, unreleased = a_practice(), a_practice()
    votes_on(practice, room, Hubs=(15, 0, 5, 0))
    release(programme)
    erased = Vote.objects.filter(choice=Choice.DISCARD).first().participant
    a_vote(practice=unreleased, participant=erased, workshop=room, choice=Choice.KEEP)
    newcomer = votes_on(practice, room, Hubs=(0, 1, 0, 0))[0].participant
    erased.delete()
    newcomer.delete()
    (outcome,) = prepare(programme)
    assert outcome.poll.table == {"Hubs": [15, 0, 5, 0, 0]}
    assert list(ErasedVotes.objects.values_list("practice", "workshop", "choice", "people")) == [
        (practice.pk, room.pk, "discard", 1)
    ]


def test_erased_are_replaced_by_one_newcomer_more(programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(20, 0, 0, 0))
    release(programme)
    Participant.objects.first().delete()
    votes_on(practice, room, Hubs=(0, 0, 10, 0))
    assert [(outcome.newcomers, outcome.changes) for outcome in prepare(programme)] == [(9, False)]
    votes_on(practice, room, Hubs=(0, 0, 1, 0))
    release(programme)
    assert published(practice) == {"Hubs": ((28, 32), (18, 22), FEW, (8, 12), FEW, FEW)}


def test_erased_votes_stand_in_for_the_tally_as_the_votes_did(programme, room):
    practice = a_practice()
    votes_on(practice, room, Hubs=(12, 0, 0, 0))
    a_tally(practice=practice, workshop=room, service_area=ServiceArea.objects.get(name="Hubs"), discard=40)
    release(programme)
    for person in Participant.objects.all():
        person.delete()
    assert [outcome.poll.table for outcome in prepare(programme)] == [{"Hubs": [12, 0, 0, 0, 0]}]
