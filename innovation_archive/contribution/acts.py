"""What a participant may do with a slip: each act says first what will follow, then does it and gives a receipt.

This module alone knows the functions that withdraw, lower and erase.
"""

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from innovation_archive.contribution.held import HeldStory, Holdings, InsightUse
from innovation_archive.contribution.visit import Visit
from insights.evidence.quotations import lower_quotation
from insights.models import Insight
from insights.publications.publishing import publish_again
from workshops import changes
from workshops.choices import Consent, ConsentWay
from workshops.consent import wordings
from workshops.consent.erasure import erase_participant
from workshops.consent.records import ConsentGiven
from workshops.consent.withdrawal import lower_consent, withdraw_stories
from workshops.contribution.erasure_requests import ask_to_erase, call_back_erasure
from workshops.models import ErasureRequest, Participant


class Deed(NamedTuple):
    """What was done, as the receipt keeps it: without words or names. `kind` is a key of `receipts.SAYS`."""

    kind: str
    reference: str
    stories: int = 1
    level: int = 0


class Act(NamedTuple):
    """Something that a participant is about to do."""

    title: str
    follows: list[str]
    button: str
    do: Callable[[], Deed]
    is_final: bool = True


def given_with_slip() -> ConsentGiven:
    return ConsentGiven(
        way=ConsentWay.SLIP,
        given_on=timezone.localdate(),
        wording=wordings.CURRENT,
        language=get_language() or "",
    )


# What will follow


def losses(stories: Collection[HeldStory]) -> list[str]:
    """Which insights lose a quotation of these stories, or come down without them."""
    public = [held for held in stories if held.story.is_public]
    says = [quotations_lost(use) for held in public for use in held.uses if use.passages]
    return says + changes.foretell([held.story.pk for held in public]) if public else says


def quotations_lost(use: InsightUse) -> str:
    sentence = ngettext(
        "The insight “%(insight)s” loses %(count)s quotation of yours, in its older versions too.",
        "The insight “%(insight)s” loses %(count)s quotations of yours, in its older versions too.",
        len(use.passages),
    )
    return sentence % {"insight": use.insight, "count": len(use.passages)}


def copies_elsewhere() -> str:
    return _("What others copied while it was public is out of our reach.")


# Acts


def lowering_of_story(held: HeldStory, level: Consent) -> Act:
    stays_public = level >= Consent.PUBLIC
    follows = [_("Who may see it from then on: %(level)s") % {"level": level.label}]
    if held.story.is_public and stays_public:
        follows.append(_("The story stays published, without your credit."))
    elif held.story.is_public:
        follows += [_("The story is no longer public, from the next moment on."), *losses([held]), copies_elsewhere()]
    follows.append(_("It cannot be widened again, neither by you here nor by anybody at the desk."))
    return Act(
        _("Show it to fewer people"), follows, _("Yes, show it to fewer people"), lambda: lower_with_slip(held, level)
    )


def lower_with_slip(held: HeldStory, level: Consent) -> Deed:
    outcome = lower_consent(held.story, level, given_with_slip())
    return Deed("lowered", outcome.reference, level=level)


def lowering_of_quotation(held: HeldStory, use: InsightUse) -> Act:
    follows = [
        quotations_lost(use),
        _("The story itself stays as it is, and the insight still rests on it."),
        _("These words are not quoted there again."),
    ]
    return Act(_("Take this quotation back"), follows, _("Yes, take it back"), lambda: unquote(held, use))


def unquote(held: HeldStory, use: InsightUse) -> Deed:
    return Deed("unquoted", lower_quotation(held.story, use.insight).reference)


def withdrawal_of(stories: list[HeldStory]) -> Act:
    follows = [
        ngettext(
            "The story and your words as you told them are deleted. No page, search, count or file holds them any more.",
            "All %(count)s stories and your words as you told them are deleted. No page, search, count or file holds "
            "them any more.",
            len(stories),
        )
        % {"count": len(stories)},
        *losses(stories),
        copies_elsewhere(),
        _("This cannot be undone."),
    ]
    title = ngettext("Take this story back", "Take all your stories back", len(stories))
    button = ngettext("Yes, take it back", "Yes, take them all back", len(stories))
    return Act(title, follows, button, lambda: withdraw_held(stories))


def withdraw_held(stories: list[HeldStory]) -> Deed:
    outcome = withdraw_stories([held.story for held in stories])
    return Deed("withdrawn", outcome.reference, stories=outcome.stories)


def erasure_of(holdings: Holdings, visit: Visit) -> Act:
    stories = holdings.stories
    told = [_("Every story you told and your words as you told them are deleted."), *losses(stories)]
    follows = [
        *(told if stories else []),
        _(
            "Your name and contact if we have them, your code, what was noted of your consent, and this slip are deleted."
        ),
        _("Your votes are deleted. Totals that were published stay: nobody can find your vote in them."),
        *([copies_elsewhere()] if stories else []),
    ]
    if visit.may_erase_at_once:
        follows.append(_("It happens at once, and cannot be undone."))
        return Act(
            _("Erase everything"),
            follows,
            _("Yes, erase everything now"),
            lambda: erase_with_slip(visit.slip.participant),
        )
    follows += [
        _("Everything is hidden at once, and erased in a day. Until then you can call it back on this page."),
        reason_to_wait(visit),
    ]
    return Act(
        _("Erase everything"),
        follows,
        _("Yes, hide everything now and erase it tomorrow"),
        lambda: ask_for_erasure(visit.slip.participant),
        is_final=False,
    )


def reason_to_wait(visit: Visit) -> str:
    if visit.knows_word:
        return _(
            "The word of this slip is less than a day old. Whoever finds a slip could choose one, and the wait protects "
            "you from that."
        )
    return _("The wait protects you from somebody who only found your slip.")


def erase_with_slip(participant: Participant) -> Deed:
    return Deed("erased", erase_participant(participant).reference)


@transaction.atomic
def ask_for_erasure(participant: Participant) -> Deed:
    """Hide everything, and remember which insights came down with it."""
    before = set(Insight.objects.published().values_list("pk", flat=True))
    request = ask_to_erase(participant)
    still = set(Insight.objects.published().values_list("pk", flat=True))
    if "insights" not in request.remembered:
        ErasureRequest.objects.filter(pk=request.pk).update(
            remembered=request.remembered | {"insights": sorted(before - still)}
        )
    return Deed("asked", request.reference)


@transaction.atomic
def call_back(participant: Participant) -> Deed | None:
    """Show everything again that an erasure had hidden. None if there is nothing to call back any more."""
    request = call_back_erasure(participant)
    if request is None:
        return None
    publish_again(Insight.objects.filter(pk__in=request.remembered.get("insights", [])))
    return Deed("called back", request.reference)


def act_of(asked: dict[str, Any], holdings: Holdings, visit: Visit) -> Act | None:
    """What somebody asked for on their page; None if there is no such thing of theirs any more."""
    what = asked["act"]
    held = holdings.story(asked["what"])
    if what == "erase":
        return erasure_of(holdings, visit)
    if what == "withdraw all":
        return withdrawal_of(holdings.stories) if holdings.stories else None
    if what == "withdraw":
        return withdrawal_of([held]) if held else None
    if what == "lower":
        return lowering_of_story(held, asked["level"]) if held and asked["level"] in held.lower_levels else None
    use = held.use_by(asked["insight"]) if held else None
    return lowering_of_quotation(held, use) if held and use else None
