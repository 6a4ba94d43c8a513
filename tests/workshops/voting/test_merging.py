"""Practices that mean the same become one and two again: votes, hands, links, the old address, and what is refused."""

import pytest
from django.core.exceptions import ValidationError

from insights.models import Evidence, ReleasedPractice
from insights.publications.publishing import publish_insight
from insights.publications.working_copies import restore_version, row_to_write
from insights.votes.release import release
from tests.desk import act, messages
from tests.factories import (
    a_ballot,
    a_participant,
    a_practice,
    a_result,
    a_service_area,
    a_story,
    a_tally,
    a_theme,
    a_user,
    a_vote,
    a_workshop,
    an_insight,
    votes_on,
)
from workshops.models import MergedVote, Note, Practice, PracticeMerge, Tally, Vote
from workshops.roles import ANALYST, EDITOR, FACILITATOR
from workshops.voting import ballots
from workshops.voting.merging import ADD, KEEP, merge_practices, undo_merge

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return a_user(EDITOR)


@pytest.fixture
def room():
    return a_workshop(title="A room")


@pytest.fixture
def old():
    return a_practice(statement="Keep vans.", ref="P-old")


@pytest.fixture
def into():
    return a_practice(statement="Keep the vans.", ref="P-new")


def votes_of(practice):
    return sorted(practice.votes.values_list("pk", "participant", "choice", "workshop"))


def hands(practice):
    return sorted(practice.tallies.values_list("workshop", "service_area", "keep", "discard"))


def refused(call, *arguments):
    before = [list(model.objects.order_by("pk").values()) for model in (Practice, Vote, Tally, PracticeMerge)]
    with pytest.raises(ValidationError) as refusal:
        call(*arguments)
    assert [list(model.objects.order_by("pk").values()) for model in (Practice, Vote, Tally, PracticeMerge)] == before
    return " ".join(refusal.value.messages)


def test_later_vote_of_a_person_wins(old, into, room, editor):
    first, second, third = a_participant(), a_participant(), a_participant()
    a_vote(practice=old, participant=first, choice="keep", workshop=room)
    a_vote(practice=into, participant=first, choice="discard", workshop=room)
    a_vote(practice=into, participant=second, choice="discard", workshop=room)
    later = a_vote(practice=old, participant=second, choice="keep", workshop=room)
    alone = a_vote(practice=old, participant=third, choice="create", workshop=room)
    merge_practices(old, into, editor)
    assert dict(into.votes.values_list("participant", "choice")) == {
        first.pk: "discard", second.pk: "keep", third.pk: "create"
    }  # fmt: skip
    assert {later.pk, alone.pk} <= set(into.votes.values_list("pk", flat=True))
    assert not Practice.objects.filter(ref="P-old").exists()


def test_undo_restores_every_vote(old, into, room, editor):
    first, second = a_participant(), a_participant()
    a_vote(practice=old, participant=first, choice="keep", workshop=room)
    a_vote(practice=into, participant=first, choice="discard")
    a_vote(practice=into, participant=second, choice="discard", workshop=room)
    a_vote(practice=old, participant=second, choice="keep")
    votes_on(old, room, Hubs=(3, 0, 0, 0))
    before = votes_of(old), votes_of(into)
    key = old.pk
    back = undo_merge(merge_practices(old, into, editor))
    assert (votes_of(back), votes_of(into)) == before
    assert (back.pk, back.ref, back.statement, back.status) == (key, "P-old", "Keep vans.", "published")
    assert not MergedVote.objects.exists()


def test_undo_keeps_a_newer_vote_and_brings_back_none_that_was_taken_out(old, into, room, editor):
    anew, gone, erased = a_participant(), a_participant(), a_participant()
    for person in (anew, gone, erased):
        a_vote(practice=old, participant=person, choice="keep", workshop=room)
    a_vote(practice=into, participant=anew, choice="keep", workshop=room)
    merge = merge_practices(old, into, editor)
    Vote.objects.filter(practice=into, participant=anew).update(choice="discard")
    Vote.objects.filter(practice=into, participant=gone).delete()
    erased.delete()
    back = undo_merge(merge)
    assert list(back.votes.values_list("participant", "choice")) == [(anew.pk, "keep")]
    assert list(into.votes.values_list("participant", "choice")) == [(anew.pk, "discard")]


def test_links_notes_and_closed_ballots_move_and_return(old, into, room, editor):
    shared, theme, area, story = a_theme("Shared"), a_theme("Own"), a_service_area("Hubs"), a_story()
    old.themes.set([shared, theme])
    into.themes.set([shared])
    old.service_areas.set([area])
    old.stories.set([story])
    old.tags.add("vans", "trust")
    into.tags.add("trust")
    note = Note.objects.create(workshop=room, text="Vans!", practice=old)
    ballot = a_ballot([old], workshop=room)
    ballots.close_ballot(ballot)

    def links(practice):
        names = {
            name: set(getattr(practice, name).all())
            for name in ("themes", "service_areas", "stories", "notes", "ballots")
        }
        return names | {"tags": set(practice.tags.names())}

    before = links(old), links(into)
    merge = merge_practices(old, into, editor)
    assert links(into) == {
        "themes": {shared, theme},
        "service_areas": {area},
        "stories": {story},
        "tags": {"vans", "trust"},
        "notes": {note},
        "ballots": {ballot},
    }
    back = undo_merge(merge)
    assert (links(back), links(into)) == before


def test_hands_of_other_rooms_move(old, into, room, editor):
    area = a_service_area()
    a_tally(practice=old, workshop=room, service_area=area, keep=5)
    other = a_tally(practice=into, workshop=a_workshop(), service_area=area, keep=7)
    merge = merge_practices(old, into, editor)
    assert hands(into) == sorted([(room.pk, area.pk, 5, 0), (other.workshop_id, area.pk, 7, 0)])
    back = undo_merge(merge)
    assert hands(back) == [(room.pk, area.pk, 5, 0)]


@pytest.mark.parametrize(("how", "keep", "discard"), [(KEEP, 7, 1), (ADD, 12, 3)])
def test_hands_counted_for_both_are_kept_or_added_as_the_editor_says(how, keep, discard, old, into, room, editor):
    area = a_service_area()
    a_tally(practice=old, workshop=room, service_area=area, keep=5, discard=2)
    a_tally(practice=into, workshop=room, service_area=area, keep=7, discard=1)
    merge = merge_practices(old, into, editor, how)
    assert hands(into) == [(room.pk, area.pk, keep, discard)]
    back = undo_merge(merge)
    assert (hands(back), hands(into)) == ([(room.pk, area.pk, 5, 2)], [(room.pk, area.pk, 7, 1)])


def test_hands_counted_for_both_need_an_answer(old, into, room, editor):
    area = a_service_area()
    a_tally(practice=old, workshop=room, service_area=area, keep=5)
    a_tally(practice=into, workshop=room, service_area=area, keep=7)
    assert refused(merge_practices, old, into, editor) == (
        "Hands were counted for both in one room. Say whether they are the same hands."
    )


def test_undo_after_hands_were_entered_anew_is_refused(old, into, room, editor):
    area = a_service_area()
    a_tally(practice=old, workshop=room, service_area=area, keep=5)
    a_tally(practice=into, workshop=room, service_area=area, keep=7)
    merge = merge_practices(old, into, editor, ADD)
    Tally.objects.update(keep=11)
    assert refused(undo_merge, merge).startswith("Hands of it were entered anew since")


def test_evidence_moves_unless_the_insight_has_the_other(old, into, editor):
    one, both = an_insight(), an_insight()
    moves = Evidence.objects.create(insight=one, practice=old, role="supports")
    Evidence.objects.create(insight=both, practice=old, role="contradicts", order=2)
    stays = Evidence.objects.create(insight=both, practice=into, role="supports")
    merge = merge_practices(old, into, editor)
    assert set(into.evidence.all()) == {moves, stays}
    assert both.evidence.count() == 1
    back = undo_merge(merge)
    assert sorted(back.evidence.values_list("insight", "role", "order")) == sorted(
        [(one.pk, "supports", 1), (both.pk, "contradicts", 2)]
    )
    assert list(into.evidence.all()) == [stays]


def test_evidence_of_a_working_copy_moves_too(old, into, editor):
    insight = an_insight()
    Evidence.objects.create(insight=insight, practice=old, role="supports")
    copy = row_to_write(insight)
    merge = merge_practices(old, into, editor)
    pieces = Evidence.with_working_copies
    assert set(pieces.values_list("insight", "practice")) == {(insight.pk, into.pk), (copy.pk, into.pk)}
    back = undo_merge(merge)
    assert set(pieces.values_list("insight", "practice")) == {(insight.pk, back.pk), (copy.pk, back.pk)}


def test_version_with_both_practices_is_restored_with_the_one(old, into, editor):
    insight = an_insight([a_story(), a_story()], none_found="We asked.")
    for order, practice in enumerate((old, into), 3):
        Evidence.objects.create(insight=insight, practice=practice, role="supports", order=order)
    version = publish_insight(insight)
    merge_practices(old, into, editor)
    assert restore_version(version) == 0
    written = insight.working_copy.evidence.filter(story=None)
    assert list(written.values_list("practice", "order")) == [(into.pk, 3)]


def test_undo_forgets_evidence_of_an_insight_that_is_gone(old, into, editor):
    gone = an_insight(status="draft")
    for practice in (old, into):
        Evidence.objects.create(insight=gone, practice=practice, role="supports")
    merge = merge_practices(old, into, editor)
    gone.delete()
    assert not undo_merge(merge).evidence.exists()


def test_released_practice_stays_and_takes_the_other(old, into, room, editor):
    a_result(old)
    says = "The votes on “Keep vans.” were released, so it stays. Merge the other into it instead."
    assert refused(merge_practices, old, into, editor) == says
    merge_practices(into, old, editor)
    assert Practice.objects.get() == old


def test_undo_after_a_release_of_both_is_refused(old, into, room, editor):
    votes_on(old, room, Hubs=(12, 0, 0, 0))
    merge = merge_practices(old, into, editor)
    release(room.phase.programme)
    assert ReleasedPractice.objects.get().practice == into
    assert refused(undo_merge, merge) == "The votes on both together were released since, so they stay together."


def test_merge_while_people_vote_is_refused(old, into, room, editor):
    a_ballot([into], workshop=room)
    assert refused(merge_practices, old, into, editor) == (
        "People are voting on one of them just now. Merge them when the ballot is closed."
    )


def test_practice_is_not_merged_into_itself(old, editor):
    assert refused(merge_practices, old, old, editor) == "A practice is not merged into itself. Choose two."


def test_old_addresses_lead_on_through_two_merges(old, into, editor, client):
    last = a_practice(ref="P-last")
    merge = merge_practices(old, into, editor)
    response = client.get("/practices/P-old/")
    assert (response.status_code, response.url) == (301, "/practices/P-new/")
    again = merge_practices(into, last, editor)
    assert client.get("/practices/P-old/").url == "/practices/P-last/"
    merge.refresh_from_db()
    assert refused(undo_merge, merge) == "The practice that stayed was merged into another since. Undo that first."
    undo_merge(again)
    assert client.get("/practices/P-old/").url == "/practices/P-new/"
    undo_merge(PracticeMerge.objects.get())
    assert client.get("/practices/P-old/").status_code == 200
    assert client.get("/practices/P-none/").status_code == 404


def test_old_address_does_not_tell_of_a_draft(old, editor, client):
    merge_practices(old, a_practice(status="draft"), editor)
    assert client.get("/practices/P-old/").status_code == 404


# At the desk


def text(response):
    return " ".join(response.content.decode().split())


def test_editor_merges_ticked_practices_and_undoes_it(old, into, room, editor, client):
    client.force_login(editor)
    area = a_service_area("Hubs")
    a_tally(practice=old, workshop=room, service_area=area, keep=5)
    a_tally(practice=into, workshop=room, service_area=area, keep=7)
    asked = act(client, Practice, "merge_practices", old, into)
    assert "<li>A room, Hubs</li>" in text(asked)
    sent = {"practice": [old.pk, into.pk], "into": into.pk}
    address = "/admin/workshops/practice/merge/"
    assert "Say whether they are the same hands." in text(client.post(address, sent))
    done = client.post(address, sent | {"tallies": "add"}, follow=True)
    assert messages(done) == ["“Keep vans.” went into “Keep the vans.”. This can be undone under “Merged practices”."]
    assert hands(into) == [(room.pk, area.pk, 12, 0)]
    merge = PracticeMerge.objects.get()
    assert (merge.merged_by, merge.ref) == (editor, "P-old")
    assert "“Keep vans.” (P-old) went into “Keep the vans.”" in text(client.get("/admin/workshops/practice/merges/"))
    undone = client.post("/admin/workshops/practice/merges/", {"merge": merge.pk}, follow=True)
    assert messages(undone) == ["“Keep vans.” is a practice of its own again, with its votes."]
    assert client.post("/admin/workshops/practice/merges/", {"merge": merge.pk}).status_code == 404
    assert client.post("/admin/workshops/practice/merges/", {"merge": "x"}).status_code == 404


@pytest.mark.parametrize("into", ["", "0", "x", "99999999999999999999"])
def test_merge_into_no_practice_is_refused(into, old, editor, client):
    client.force_login(editor)
    response = client.post("/admin/workshops/practice/merge/", {"practice": [old.pk, a_practice().pk], "into": into})
    assert response.status_code == 400
    assert "Nothing is merged yet." in text(response)
    assert Practice.objects.count() == 2


def test_merge_of_one_practice_asks_for_two(old, editor, client):
    client.force_login(editor)
    assert messages(act(client, Practice, "merge_practices", old)) == ["Tick two practices or more to merge them."]


@pytest.mark.parametrize("role", [FACILITATOR, ANALYST])
def test_merging_is_for_editors(role, old, into, client):
    client.force_login(a_user(role))
    for address in ("merge/", "merges/"):
        assert (
            client.post(f"/admin/workshops/practice/{address}", {"practice": [old.pk], "into": into.pk}).status_code
            == 403
        )
    assert Practice.objects.count() == 2
