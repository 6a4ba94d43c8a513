"""What is said of a released result, in sentences. They say what its words (insights.votes.verdicts) mean, and no more."""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.utils import dateformat
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from insights.choices import Direction, Share, Verdict
from insights.models import ReleasedPractice
from insights.votes.ranges import JOINT

WANTED = {
    Direction.RETAIN: {
        Share.NEARLY_EVERYONE: _("Nearly everyone wanted to keep this or do more of it."),
        Share.MOST: _("Most wanted to keep this or do more of it."),
        Share.MORE_THAN_HALF: _("More than half wanted to keep this or do more of it."),
        Share.ABOUT_HALF: _("About half wanted to keep this or do more of it; no other answer came near."),
        Share.NO_MAJORITY: _("No answer had a majority; keeping this or doing more of it was named most often."),
    },
    Direction.DISCARD: {
        Share.NEARLY_EVERYONE: _("Nearly everyone wanted to stop this."),
        Share.MOST: _("Most wanted to stop this."),
        Share.MORE_THAN_HALF: _("More than half wanted to stop this."),
        Share.ABOUT_HALF: _("About half wanted to stop this; no other answer came near."),
        Share.NO_MAJORITY: _("No answer had a majority; stopping this was named most often."),
    },
    Direction.CREATE: {
        Share.NEARLY_EVERYONE: _("Nearly everyone wanted to start this."),
        Share.MOST: _("Most wanted to start this."),
        Share.MORE_THAN_HALF: _("More than half wanted to start this."),
        Share.ABOUT_HALF: _("About half wanted to start this; no other answer came near."),
        Share.NO_MAJORITY: _("No answer had a majority; starting this was named most often."),
    },
    Direction.SPLIT: {
        Share.ABOUT_HALF: _("The votes were split: about half for one answer, and nearly as many for another."),
        Share.NO_MAJORITY: _("The votes were split: no answer had a majority, and none came clearly first."),
    },
}
"""The sentence for each direction and share. A split is never more than about half."""
THOUGH_NOT_EVERYWHERE = {
    Direction.RETAIN: _("Nearly everyone wanted to keep this or do more of it, though not in every service."),
    Direction.DISCARD: _("Nearly everyone wanted to stop this, though not in every service."),
    Direction.CREATE: _("Nearly everyone wanted to start this, though not in every service."),
}
LESS_OFTEN = {
    Direction.RETAIN: _("%(names)s wanted to keep it or do more of it less often than the others."),
    Direction.DISCARD: _("%(names)s wanted to stop it less often than the others."),
    Direction.CREATE: _("%(names)s wanted to start it less often than the others."),
}
MORE_OFTEN = {
    Direction.RETAIN: _("%(names)s wanted to keep it or do more of it more often than the others."),
    Direction.DISCARD: _("%(names)s wanted to stop it more often than the others."),
    Direction.CREATE: _("%(names)s wanted to start it more often than the others."),
}
CHOSE_LESS, CHOSE_MORE = (
    _("%(names)s chose the largest answer less often than the others."),
    _("%(names)s chose the largest answer more often than the others."),
)


def headline(result: ReleasedPractice) -> str:
    """What a system leader would quote of a released result: what most wanted, and whether the services agree."""
    if result.is_taken_back:
        words = {"day": in_full(result.corrected_on), "reason": result.correction}
        return gettext("Taken back on %(day)s: %(reason)s") % words
    if result.voters_low is None:
        return too_few_to_show(result.release.least_voters)
    if result.is_by_first_rule:
        return gettext("Released by the rule until 2026, which gave numbers that are ranges now, and no words.")
    if not result.direction:
        return gettext("Too few people voted to say more than the rows do.")
    return " ".join([what_was_wanted(result), *how_services_compare(result)])


def too_few_to_show(least: int | None = None) -> str:
    least = least or settings.VOTES_LEAST_GROUP
    says = ngettext(
        "Fewer than %(number)s person with a recorded service voted, so we do not show a breakdown.",
        "Fewer than %(number)s people with a recorded service voted, so we do not show a breakdown.",
        least,
    )
    return says % {"number": least}


def what_was_wanted(result: ReleasedPractice) -> str:
    if result.share == Share.NEARLY_EVERYONE and result.verdict == Verdict.DIFFER:
        return str(THOUGH_NOT_EVERYWHERE[Direction(result.direction)])
    return str(WANTED[Direction(result.direction)][Share(result.share)])


def how_services_compare(result: ReleasedPractice) -> list[str]:
    """Whether the services agree, and who stands apart."""
    if result.verdict == Verdict.AGREE:
        return [gettext("The services we can show agree.") if result.joined else gettext("The services agree.")]
    if result.verdict == Verdict.MIXED:
        return [gettext("There is no clear agreement between the services, and no clear difference.")]
    if result.verdict == Verdict.NOT_COMPARED:
        return [gettext("There are not enough services to compare.")]
    direction = Direction(result.direction)
    said = []
    if result.less:
        said.append(LESS_OFTEN.get(direction, CHOSE_LESS) % {"names": at_the_start(in_a_row(result.less))})
    if result.more:
        said.append(MORE_OFTEN.get(direction, CHOSE_MORE) % {"names": at_the_start(in_a_row(result.more))})
    return said or [gettext("The services differ, though none stands apart from all the others.")]


def who_is_not_shown(result: ReleasedPractice) -> list[str]:
    """Which services are shown only together with others, and from which nobody voted."""
    said = []
    joint = [row.group for row in result.groups.all() if JOINT in row.group]
    for group in sorted(joint):
        names = at_the_start(in_a_row(group.split(JOINT)))
        says = gettext(
            "%(names)s are counted together, since fewer than %(least)s people of one of them voted; "
            "this does not show what each of them thought."
        )
        said.append(says % {"names": names, "least": result.release.least_voters})
    if result.silent:
        names = at_the_start(in_a_row(result.silent))
        says = ngettext(
            "%(names)s was in these workshops, and nobody of it voted on this.",
            "%(names)s were in these workshops, and nobody of them voted on this.",
            len(result.silent),
        )
        said.append(says % {"names": names})
    return said


def correction_note(result: ReleasedPractice) -> str:
    """What was corrected after the release; empty if nothing was."""
    if result.corrected_on is None or result.is_taken_back:
        return ""
    words = {"day": in_full(result.corrected_on), "reason": result.correction}
    return gettext("Corrected on %(day)s: %(reason)s") % words


def in_full(day: date | None) -> str:
    return dateformat.format(day, "j F Y") if day else ""


def in_a_row(names: Iterable[str]) -> str:
    """Names inside a sentence: "early help, homelessness and community hubs"."""
    return get_text_list([name_in_sentence(name) for name in names], gettext("and"))


def name_in_sentence(name: str) -> str:
    """A service area as a common noun; a name with a capital further on, such as NHS, keeps all its capitals."""
    parts = [part[:1].lower() + part[1:] if part[1:] == part[1:].lower() else part for part in name.split(JOINT)]
    return get_text_list(parts, gettext("and"))


def at_the_start(words: str) -> str:
    return words[:1].upper() + words[1:]
