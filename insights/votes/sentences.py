"""What is said of a released result, in sentences. They say what its words (insights.votes.verdicts) mean, and no more."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils import dateformat
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from insights.choices import Direction, Share, Verdict
from insights.models import Release, ReleasedPractice
from insights.votes.ranges import FEW, JOINT, NOT_RECORDED, SPREAD, names_in, round_to_step
from workshops.choices import Choice

WANTED = {
    Direction.RETAIN: {
        Share.NEARLY_EVERYONE: _("Of %(people)s, nearly everyone wanted to keep it or do more of it."),
        Share.MOST: _("Of %(people)s, most wanted to keep it or do more of it."),
        Share.MORE_THAN_HALF: _("Of %(people)s, more than half wanted to keep it or do more of it."),
        Share.ABOUT_HALF: _(
            "Of %(people)s, about half wanted to keep it or do more of it. That is more than wanted to stop it, and more "
            "than wanted to start it."
        ),
        Share.NO_MAJORITY: _(
            "Among %(people)s no answer had a majority; the largest part wanted to keep it or do more of it."
        ),
    },
    Direction.DISCARD: {
        Share.NEARLY_EVERYONE: _("Of %(people)s, nearly everyone wanted to stop it."),
        Share.MOST: _("Of %(people)s, most wanted to stop it."),
        Share.MORE_THAN_HALF: _("Of %(people)s, more than half wanted to stop it."),
        Share.ABOUT_HALF: _(
            "Of %(people)s, about half wanted to stop it. That is more than wanted to keep it or do more of it, and more "
            "than wanted to start it."
        ),
        Share.NO_MAJORITY: _("Among %(people)s no answer had a majority; the largest part wanted to stop it."),
    },
    Direction.CREATE: {
        Share.NEARLY_EVERYONE: _("Of %(people)s, nearly everyone wanted to start it."),
        Share.MOST: _("Of %(people)s, most wanted to start it."),
        Share.MORE_THAN_HALF: _("Of %(people)s, more than half wanted to start it."),
        Share.ABOUT_HALF: _(
            "Of %(people)s, about half wanted to start it. That is more than wanted to keep it or do more of it, and more "
            "than wanted to stop it."
        ),
        Share.NO_MAJORITY: _("Among %(people)s no answer had a majority; the largest part wanted to start it."),
    },
    Direction.SPLIT: {
        Share.ABOUT_HALF: _(
            "There was a split among %(people)s: about half for one answer, and as many or nearly as many for another."
        ),
        Share.NO_MAJORITY: _(
            "There was a split among %(people)s: no answer had a majority, and none came clearly first."
        ),
    },
}
"""The sentence for each direction and share. A split is never more than about half, as two answers come near each other."""
THOUGH_NOT_EVERYWHERE = {
    Direction.RETAIN: _(
        "Of %(people)s, nearly everyone wanted to keep it or do more of it, though not in every service."
    ),
    Direction.DISCARD: _("Of %(people)s, nearly everyone wanted to stop it, though not in every service."),
    Direction.CREATE: _("Of %(people)s, nearly everyone wanted to start it, though not in every service."),
}
LESS_OFTEN = {
    Direction.RETAIN: _(
        "People in %(names)s wanted to keep it or do more of it less often than people in the other services."
    ),
    Direction.DISCARD: _("People in %(names)s wanted to stop it less often than people in the other services."),
    Direction.CREATE: _("People in %(names)s wanted to start it less often than people in the other services."),
}
MORE_OFTEN = {
    Direction.RETAIN: _(
        "People in %(names)s wanted to keep it or do more of it more often than people in the other services."
    ),
    Direction.DISCARD: _("People in %(names)s wanted to stop it more often than people in the other services."),
    Direction.CREATE: _("People in %(names)s wanted to start it more often than people in the other services."),
}
IN_A_WORD = {
    Direction.RETAIN: _("keep it or do more of it"),
    Direction.DISCARD: _("stop it"),
    Direction.CREATE: _("start it"),
}
"""What a way means, after “wanted to”."""
CHOICES_IN_WORDS = {
    Choice.KEEP: _("keep it"),
    Choice.AMPLIFY: _("do more of it"),
    Choice.DISCARD: _("stop it"),
    Choice.CREATE: _("start it: it is not there yet"),
}
"""What each of the four words on the ballot paper means."""


def headline(result: ReleasedPractice) -> str:
    """What a system leader would quote of a released result: what most wanted, and whether the services agree."""
    if result.is_taken_back:
        words = {"day": in_full(result.corrected_on), "reason": result.correction}
        return gettext("Taken back on %(day)s: %(reason)s") % words
    if result.voters_low is None:
        return too_few_to_show(result.release.least_voters if result.release_id else None)
    if result.is_by_first_rule:
        return gettext(
            "Released by the rule until 2026. Its numbers are shown as ranges; words that hold on exact counts come "
            "with its next release."
        )
    if not result.direction:
        return too_few_for_words(result)
    return " ".join([what_was_wanted(result), *how_services_compare(result)])


def too_few_to_show(least: int | None = None) -> str:
    least = least or settings.VOTES_LEAST_GROUP
    says = ngettext(
        "Fewer than %(number)s person with a recorded service voted, so we do not show a breakdown.",
        "Fewer than %(number)s people with a recorded service voted, so we do not show a breakdown.",
        least,
    )
    return says % {"number": least}


def too_few_for_words(result: ReleasedPractice) -> str:
    """Words speak of the services alone, so many voters whose service is not recorded do not bring them."""
    if NOT_RECORDED in shown_groups(result) and shown_services(result):
        return gettext("Too few people with a recorded service voted to say more than the rows do.")
    return gettext("Too few people voted to say more than the rows do.")


def shown_groups(result: ReleasedPractice) -> list[str]:
    return sorted(result.group_names)


def shown_services(result: ReleasedPractice) -> list[str]:
    """The groups that are a service, or several together."""
    return [group for group in shown_groups(result) if group != NOT_RECORDED]


def of_whom(result: ReleasedPractice) -> str:
    """Whom the words speak of: all whose votes are shown, but where services are shown, only people with one."""
    if NOT_RECORDED in shown_groups(result) and shown_services(result):
        return gettext("those whose votes are shown here and whose service is recorded")
    return gettext("those whose votes are shown here")


def way_in_words(way: str, direction: str) -> str:
    """What a picture draws, and of what direction it is not: "split; drawn: keep it or do more of it"."""
    words = {"way": IN_A_WORD[Direction(way)]}
    if direction == Direction.SPLIT:
        return gettext("split; drawn: %(way)s") % words
    return str(IN_A_WORD[Direction(way)]) if direction else gettext("drawn: %(way)s") % words


def verdict_in_short(result: ReleasedPractice) -> str:
    """Whether the services agree, and who stands apart, in as few words as a picture has room for."""
    if result.is_by_first_rule:
        return gettext("by the rule until 2026")
    if not result.verdict:
        return gettext("too few to say")
    said = {
        Verdict.AGREE: gettext("they agree"),
        Verdict.MIXED: gettext("no clear agreement, no clear difference"),
        Verdict.DIFFER: gettext("they differ"),
        Verdict.NOT_COMPARED: gettext("not compared"),
    }
    return said[Verdict(result.verdict)]


def apart_in_short(result: ReleasedPractice) -> list[str]:
    """Who stands apart, each with how: "homelessness: less often"."""
    if result.direction == Direction.SPLIT:
        says = {gettext("%(name)s: otherwise"): sorted(result.less + result.more)}
    else:
        says = {gettext("%(name)s: less often"): result.less, gettext("%(name)s: more often"): result.more}
    return [say % {"name": name_in_sentence(name)} for say, names in says.items() for name in names]


def what_was_wanted(result: ReleasedPractice) -> str:
    direction, share = Direction(result.direction), Share(result.share)
    if share == Share.NEARLY_EVERYONE and result.verdict == Verdict.DIFFER:
        says = THOUGH_NOT_EVERYWHERE[direction]
    else:
        says = WANTED[direction][share]
    return says % {"people": of_whom(result)}


def how_services_compare(result: ReleasedPractice) -> list[str]:
    """Whether the services agree, and who stands apart."""
    if result.verdict == Verdict.NOT_COMPARED:
        return [gettext("There are not enough services to compare.")]
    if result.verdict == Verdict.AGREE:
        return [they_agree(result)]
    if result.verdict == Verdict.MIXED:
        if result.joined:
            return [
                gettext("The services we can show do not clearly differ, and do not agree strongly enough to say so.")
            ]
        return [gettext("The services do not clearly differ, and do not agree strongly enough to say so.")]
    warning = gettext("What is said of all together may not hold in each: see the rows.")
    return who_stands_apart(result) or [they_differ(result), warning]


def they_agree(result: ReleasedPractice) -> str:
    if result.joined:
        return gettext("The services we can show agree.")
    return gettext("The services that voted agree.") if result.silent else gettext("The services agree.")


def they_differ(result: ReleasedPractice) -> str:
    if result.joined:
        return gettext("The services we can show differ.")
    return gettext("The services that voted differ.") if result.silent else gettext("The services differ.")


def who_stands_apart(result: ReleasedPractice) -> list[str]:
    """Who chose it less or more often than the others. Of a split it is not known to readers what they chose."""
    direction = Direction(result.direction)
    if direction == Direction.SPLIT:
        names = in_each(sorted(result.less + result.more))
        says = gettext("People in %(names)s voted otherwise than people in the other services.")
        return [says % {"names": names}] if names else []
    said = [LESS_OFTEN[direction] % {"names": in_each(result.less)}] if result.less else []
    return [*said, MORE_OFTEN[direction] % {"names": in_each(result.more)}] if result.more else said


def in_each(names: Iterable[str]) -> str:
    """Names after “people in”: "homelessness and in early help"."""
    return get_text_list([name_in_sentence(name) for name in names], gettext("and in"))


def who_voted(result: ReleasedPractice) -> list[str]:
    """How many people's votes are shown, of how many services, and whom the words leave out; nothing where none are."""
    groups, services = shown_groups(result), shown_services(result)
    if not groups or result.voters_low is None or result.voters_high is None:
        return []
    names = [name for group in services for name in names_in(group) if name != NOT_RECORDED]
    words = {"people": about(result.voters_low, result.voters_high), "number": apnumber(len(names))}
    if not services:
        return [gettext("The votes of about %(people)s people are shown, whose service is not recorded.") % words]
    if not any(NOT_RECORDED in names_in(group) for group in groups):
        says = ngettext(
            "The votes of about %(people)s people of %(number)s service are shown.",
            "The votes of about %(people)s people of %(number)s services are shown.",
            len(names),
        )
        return [says % words]
    says = ngettext(
        "The votes of about %(people)s people are shown: those of %(number)s service, and people whose service is not "
        "recorded.",
        "The votes of about %(people)s people are shown: those of %(number)s services, and people whose service is not "
        "recorded.",
        len(names),
    )
    left_out = [gettext("What is said above leaves these out.")] if result.direction else []
    return [says % words, *left_out]


def who_was_there(release: Release, *, with_programme: bool) -> str:
    """How many of those in the rooms voted: the ranges of a release that has them."""
    words = {
        "programme": release.programme,
        "present": about(release.present_low or 0, release.present_high or 0),
        "voted": about(release.voted_low or 0, release.voted_high or 0),
    }
    if with_programme:
        says = gettext(
            "%(programme)s: about %(present)s people are recorded in these workshops, about %(voted)s voted."
        )
    else:
        says = gettext(
            "About %(present)s people are recorded in these workshops; about %(voted)s of them cast votes of their own."
        )
    return says % words


def about(low: int, high: int) -> int:
    """A sum of ranges as it is said: its middle, to the nearest 5."""
    return round_to_step((low + high) // 2)


def count_in_words(between: Sequence[int], base: Sequence[int] | None = None) -> str:
    """A released count as it is said: "about 15", "fewer than 5", or of a `base` "all but fewer than 5"."""
    low, high = between
    if high <= FEW:
        return gettext("fewer than 5")
    if base and (low, high) == (base[0] - FEW, base[1]):
        return gettext("all but fewer than 5")
    return gettext("about %(count)s") % {"count": high - SPREAD}


def who_is_not_shown(result: ReleasedPractice) -> list[str]:
    """Why no service is shown, which are shown only together with others, and from which nobody voted."""
    said = []
    if shown_groups(result) == [NOT_RECORDED]:
        said.append(too_few_to_show(result.release.least_voters))
    for group in shown_groups(result):
        if JOINT in group:
            says = gettext(
                "%(names)s are counted together, since fewer than %(least)s people of at least one of them voted. This "
                "does not show what each of them thought."
            )
            said.append(says % {"names": at_the_start(in_a_row(names_in(group))), "least": result.release.least_voters})
    return [*said, nobody_voted(result.silent)] if result.silent else said


def nobody_voted(services: Sequence[str]) -> str:
    says = ngettext(
        "%(names)s was in these workshops, and nobody recorded as from there voted on this.",
        "%(names)s were in these workshops, and nobody recorded as from there voted on this.",
        len(services),
    )
    return says % {"names": at_the_start(in_a_row(services))}


def what_service_said(result: ReleasedPractice, name: str) -> str:
    """Whether one service's votes can be read from a result; empty where it has a row of its own, or nobody has."""
    if result.is_taken_back:
        return ""
    words = {"name": at_the_start(name_in_sentence(name))}
    if name in result.silent:
        return gettext("%(name)s: nobody recorded as from there voted on this.") % words
    if not shown_services(result):
        return gettext("%(name)s: too few people voted to show any service alone.") % words
    for group in shown_services(result):
        others = [other for other in names_in(group) if other != name]
        if name in names_in(group) and others:
            words["others"] = in_a_row(others)
            return gettext("%(name)s is shown together with %(others)s; this does not show what it thought.") % words
        if name in names_in(group):
            return ""
    return gettext("%(name)s is not among the services whose votes are shown here.") % words


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
    return get_text_list([common_noun(part) for part in name.split(JOINT)], gettext("and"))


def common_noun(name: str) -> str:
    if name == NOT_RECORDED:
        return gettext("people whose service is not recorded")
    return name[:1].lower() + name[1:] if name[1:] == name[1:].lower() else name


def at_the_start(words: str) -> str:
    return words[:1].upper() + words[1:]
