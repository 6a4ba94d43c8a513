"""Two practices that mean the same become one, before their votes are released; and the undo of it.

A person's later vote wins: votes are numbered in the order in which they were cast. Stories, themes, tags, service areas,
notes and ballots move; `changes.practice_merges` lets other apps move what they hold, or refuse.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from workshops import changes
from workshops.choices import Choice
from workshops.models import Ballot, MergedVote, MovedAddress, Practice, PracticeMerge, Tally, Vote

LINKS = ("service_areas", "themes", "stories", "ballots", "tags", "notes")
FIELDS = ("ref", "statement", "description", "status", "entered_by_id")
VOTES_ENDED = "votes_ended"
"""Set in what a merge remembers once votes of it were deleted."""
KEEP, ADD = "keep", "add"
"""What becomes of two tallies of one workshop and service area: hands of the one that stays, or both added up."""


def tallies_in_both(old: Practice, into: Practice) -> list[tuple[Tally, Tally]]:
    """(old one, the one that stays) where hands of one workshop and service area were counted for both practices."""
    stays = {(tally.workshop_id, tally.service_area_id): tally for tally in into.tallies.all()}
    of_old = old.tallies.select_related("workshop", "service_area").order_by("pk")
    return [
        (tally, stays[tally.workshop_id, tally.service_area_id])
        for tally in of_old
        if (tally.workshop_id, tally.service_area_id) in stays
    ]


@transaction.atomic
def merge_practices(old: Practice, into: Practice, by: User | None, tallies: str = "") -> PracticeMerge:
    """Make `old` part of `into`. A ValidationError says why that is not possible; nothing has changed then.

    `tallies` is KEEP or ADD, and needed only where `tallies_in_both` finds any.
    """
    list(Practice.objects.select_for_update().filter(pk__in=[old.pk, into.pk]).order_by("pk").values_list("pk"))
    refuse_merge(old, into, tallies)
    merge = PracticeMerge(ref=old.ref, statement=old.statement, into=into, merged_by=by)
    merge.remembered = {
        "pk": old.pk,
        "fields": {name: getattr(old, name) for name in FIELDS},
        "links": move_links(old, into),
        "tallies": move_tallies(old, into, tallies),
        "addresses": list(addresses_of(old).values_list("key", flat=True)),
        "merges": [list(row) for row in old.merges.values_list("pk", "is_last")],
        "others": {name: listener.merge(old, into) for name, listener in changes.practice_merges.items()},
    }
    merge.save()
    move_votes(old, merge)
    old.merges.update(into=into, is_last=False)
    MovedAddress.objects.remember_merge([old], into)
    old.delete()
    return merge


def addresses_of(practice: Practice) -> QuerySet[MovedAddress]:
    """The keys by which its page was once found."""
    return MovedAddress.objects.filter(kind=practice._meta.label_lower, row=practice.pk)


def refuse_merge(old: Practice, into: Practice, tallies: str) -> None:
    if old.pk == into.pk:
        raise ValidationError(_("A practice is not merged into itself. Choose two."))
    if old.is_frozen:
        says = _("The votes on “%(practice)s” were released, so it stays. Merge the other into it instead.")
        raise ValidationError(says % {"practice": old})
    if Ballot.objects.open().filter(practices__in=[old, into]).exists():
        raise ValidationError(_("People are voting on one of them just now. Merge them when the ballot is closed."))
    if tallies not in (KEEP, ADD) and tallies_in_both(old, into):
        raise ValidationError(_("Hands were counted for both in one room. Say whether they are the same hands."))


def move_links(old: Practice, into: Practice) -> dict[str, dict[str, list[int]]]:
    """Link `into` with what `old` is linked with. Returns what each link was: {name: {"old": keys, "gained": keys}}."""
    moved = {}
    for name in LINKS:
        of_old = list(getattr(old, name).values_list("pk", flat=True))
        known = set(getattr(into, name).values_list("pk", flat=True))
        gained = [pk for pk in of_old if pk not in known]
        moved[name] = {"old": of_old, "gained": gained}
        getattr(into, name).add(*related(name, gained))
    return moved


def related(name: str, keys: Sequence[int]) -> QuerySet[Model]:
    """The rows with these keys at the other end of a practice's link, without stories said in confidence."""
    rows = Practice._meta.get_field(name).related_model._default_manager.filter(pk__in=keys)  # type: ignore[union-attr]
    return rows.filter(in_confidence=False) if name == "stories" else rows


def move_tallies(old: Practice, into: Practice, how: str) -> dict[str, Any]:
    """Returns what an undo needs: the keys of tallies that moved, and the counts of those that met another."""
    met = []
    for tally, stays in tallies_in_both(old, into):
        before = counts_in(stays)
        if how == ADD:
            for choice in Choice.values:
                setattr(stays, choice, getattr(stays, choice) + getattr(tally, choice))
            stays.save()
        met.append(
            {
                "stays": stays.pk,
                "before": before,
                "after": counts_in(stays),
                "old": {"workshop_id": tally.workshop_id, "service_area_id": tally.service_area_id} | counts_in(tally),
            }
        )
        tally.delete()
    moved = list(old.tallies.values_list("pk", flat=True))
    old.tallies.update(practice=into)
    return {"moved": moved, "met": met}


def counts_in(tally: Tally) -> dict[str, int]:
    return {choice: getattr(tally, choice) for choice in Choice.values}


def move_votes(old: Practice, merge: PracticeMerge) -> None:
    """Remember the votes of everybody who voted on the old practice, and leave each person their later one."""
    of_old = list(old.votes.all())
    of_kept = list(merge.into.votes.filter(participant__votes__practice=old))
    MergedVote.objects.bulk_create(
        [merged_vote(merge, vote, is_of_kept=False) for vote in of_old]
        + [merged_vote(merge, vote, is_of_kept=True) for vote in of_kept],
        batch_size=1000,
    )
    kept = {vote.participant_id: vote for vote in of_kept}
    both = [(vote, kept[vote.participant_id]) for vote in of_old if vote.participant_id in kept]
    Vote.objects.filter(pk__in=[min(one.pk, other.pk) for one, other in both]).delete()
    old.votes.update(practice=merge.into)


def merged_vote(merge: PracticeMerge, vote: Vote, is_of_kept: bool) -> MergedVote:
    return MergedVote(
        merge=merge,
        participant_id=vote.participant_id,
        workshop_id=vote.workshop_id,
        choice=vote.choice,
        from_phone=vote.from_phone,
        vote=vote.pk,
        is_of_kept=is_of_kept,
    )


@transaction.atomic
def undo_merge(merge: PracticeMerge) -> Practice:
    """Bring the old practice back with what was its own. A ValidationError says why that is not possible."""
    into = Practice.objects.select_for_update().get(pk=merge.into_id)
    remembered = merge.remembered
    refuse_undo(merge, remembered)
    fields = remembered["fields"]
    if not User.objects.filter(pk=fields["entered_by_id"]).exists():
        fields["entered_by_id"] = None
    old = Practice(pk=remembered["pk"], **fields)
    old.save(force_insert=True)
    for name, links in remembered["links"].items():
        if name != "notes":  # a note belongs to one practice, so adding it to one takes it from the other
            getattr(into, name).remove(*related(name, links["gained"]))
        getattr(old, name).add(*related(name, links["old"]))
    give_tallies_back(old, remembered["tallies"])
    give_votes_back(old, merge)
    for name, listener in changes.practice_merges.items():
        listener.undo(old, into, remembered["others"].get(name))
    addresses_of(into).filter(key=merge.ref).delete()
    addresses_of(into).filter(key__in=remembered["addresses"]).update(row=old.pk)
    for pk, is_last in remembered["merges"]:
        PracticeMerge.objects.filter(pk=pk).update(into=old, is_last=is_last)
    for ref in old.merges.values_list("ref", flat=True):
        MovedAddress.objects.remember(old, ref)
    merge.delete()
    return old


def forget_merged_votes(merged: QuerySet[MergedVote]) -> None:
    """Delete votes that are kept for an undo. Without them nobody can tell both practices' votes apart any more."""
    for merge in PracticeMerge.objects.filter(pk__in=merged.values("merge")).select_for_update():
        merge.remembered[VOTES_ENDED] = True
        merge.save(update_fields=["remembered"])
    merged.delete()


def refuse_undo(merge: PracticeMerge, remembered: dict[str, Any]) -> None:
    if remembered.get(VOTES_ENDED):
        raise ValidationError(_("Single votes on it were deleted when their period ended, so both stay together."))
    if not merge.is_last:
        raise ValidationError(_("The practice that stayed was merged into another since. Undo that first."))
    if Practice.objects.filter(ref=merge.ref).exists():
        raise ValidationError(_("Another practice has its ref “%(ref)s” by now.") % {"ref": merge.ref})
    for met in remembered["tallies"]["met"]:
        stays = Tally.objects.filter(pk=met["stays"]).first()
        if stays is None or counts_in(stays) != met["after"]:
            raise ValidationError(_("Hands of it were entered anew since, so it cannot be told whose they are."))


def give_tallies_back(old: Practice, remembered: dict[str, Any]) -> None:
    Tally.objects.filter(pk__in=remembered["moved"]).update(practice=old)
    for met in remembered["met"]:
        Tally.objects.filter(pk=met["stays"]).update(**met["before"])
        Tally.objects.create(practice=old, **met["old"])


def give_votes_back(old: Practice, merge: PracticeMerge) -> None:
    """Restore both votes of everybody, as far as nobody voted anew since and no vote was taken out."""
    before: dict[int, list[MergedVote]] = {}
    for merged in merge.votes.order_by("vote"):
        before.setdefault(merged.participant_id, []).append(merged)
    now = {vote.participant_id: vote for vote in merge.into.votes.filter(participant__in=before)}
    gone, back = [], []
    for person, votes in before.items():
        vote = now.get(person)
        if vote is None:
            continue
        if (vote.pk, vote.choice, vote.workshop_id) == (votes[-1].vote, votes[-1].choice, votes[-1].workshop_id):
            gone.append(vote.pk)
            back += votes
        else:
            back += [merged for merged in votes if not merged.is_of_kept and merged.vote != vote.pk]
    Vote.objects.filter(pk__in=gone).delete()
    Vote.objects.bulk_create(
        [
            Vote(
                pk=merged.vote,
                practice=merge.into if merged.is_of_kept else old,
                participant_id=merged.participant_id,
                workshop_id=merged.workshop_id,
                choice=merged.choice,
                from_phone=merged.from_phone,
                entered_on=timezone.localdate(merge.merged_at),  # no later than that
            )
            for merged in back
        ],
        batch_size=1000,
    )
