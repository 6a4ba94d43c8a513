"""The home of the desk: for each role where its work is, and what is missing in it.

Each part takes a fixed number of queries, however large the archive is.
"""

from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from innovation_archive.datasets import Audience
from innovation_archive.exchange.exports import datasets_for
from innovation_archive.exchange.removals import copies_to_mend
from innovation_archive.models import Case, Controller
from innovation_archive.models.cases import answers_cases
from innovation_archive.operation.housekeeping import state_of_housekeeping
from innovation_archive.privacy.facts import missing_facts
from insights.models import Insight
from insights.publications.looking_again import due_for_a_look
from insights.publications.publishing import gaps_in_text, with_gate
from insights.publications.second_reader import waiting_for_reading
from insights.publications.unjudged import unjudged_publications, unjudged_rows
from workshops.choices import Status, StoryGap
from workshops.mail.queue import mail_is_on
from workshops.mail.subscriptions import may_subscribe
from workshops.models import (
    Correction,
    HiddenPassage,
    Note,
    OutgoingMail,
    Participant,
    Phase,
    Practice,
    Programme,
    Story,
    Tally,
    Vote,
    Workshop,
)
from workshops.models.stories import has_gap
from workshops.roles import ADMINISTRATOR, ANALYST, FACILITATOR, is_editor, is_editor_somewhere, programmes_as, roles_of

MAX_ROWS_SHOWN = 10
"""The home shows at most so many rows of each list, and a link to all."""

PROGRESS = {
    Status.DRAFT: _("to submit"),
    Status.IN_REVIEW: _("waiting for an editor"),
    Status.PUBLISHED: _("published"),
}


def parts_for(user):
    """The parts of the home for a user's roles, as {name of the template: what it shows}."""
    roles = roles_of(user)
    parts = {}
    if FACILITATOR in roles:
        parts["facilitator"] = for_facilitator(user)
    if answers_cases(user):
        parts["cases"] = for_answering(user)
    if is_editor_somewhere(user):
        parts["editor"] = for_editor(user)
    if programmes_as(user, ANALYST):
        parts["analyst"] = {"datasets": list(datasets_for(Audience.ANALYST)), "copies": copies_to_mend(user)}
    if ADMINISTRATOR in roles or user.is_superuser:
        parts["administrator"] = for_administrator()
    return parts


def for_facilitator(user):
    """Their newest workshops, with the numbers of stories by progress and by what they lack, each with its list."""
    workshops = list(workshops_with_counts(user)[: MAX_ROWS_SHOWN + 1])
    counts = stories_of(user, workshops)
    for workshop in workshops:
        told = counts.get(workshop.pk, {})
        workshop.told = told.get("all", 0)
        workshop.progress = [
            (told[status], words, story_list(workshop, status__exact=status.value))
            for status, words in PROGRESS.items()
            if told.get(status)
        ]
        workshop.missing = [
            (told[gap], gap.label, story_list(workshop, missing=gap.value)) for gap in StoryGap if told.get(gap)
        ]
    return {
        "workshops": workshops[:MAX_ROWS_SHOWN],
        "more": len(workshops) > MAX_ROWS_SHOWN,
        "may_add": Phase.objects.exists(),
    }


def workshops_with_counts(user):
    """The workshops that a user facilitates, newest first, with what has been entered besides stories."""

    def entered(model, **fields):
        return Exists(model.objects.filter(workshop=OuterRef("pk"), **fields))

    notes = Note.objects.unsorted().filter(workshop=OuterRef("pk")).order_by().values("workshop")
    return (
        Workshop.objects.facilitated_by(user)
        .select_related("phase__programme")
        .annotate(
            has_votes=entered(Vote) | entered(Tally),
            has_participants=Exists(Participant.workshops.through.objects.filter(workshop=OuterRef("pk"))),
            notes_to_sort=Coalesce(Subquery(notes.annotate(n=Count("pk")).values("n"), IntegerField()), 0),
        )
        .order_by("-held_on", "-pk")
    )


def stories_of(user, workshops):
    """Counts of stories as {workshop: {a StoryGap, a status of PROGRESS, or "all": count}}, in one query."""
    stories = Story.objects.visible_to(user).filter(workshop__in=workshops).order_by().values("workshop")
    kinds = {status: Q(status=status) for status in PROGRESS} | {gap: has_gap(gap) for gap in StoryGap}
    columns = {f"n{number}": Count("pk", filter=condition) for number, condition in enumerate(kinds.values())}
    return {
        row["workshop"]: {"all": row["all"]} | {what: row[f"n{number}"] for number, what in enumerate(kinds)}
        for row in stories.annotate(all=Count("pk"), **columns)
    }


def story_list(workshop, **filters):
    """The address of the desk's list of a workshop's stories, with these filters."""
    return f"{reverse('admin:workshops_story_changelist')}?{urlencode({'workshop__id__exact': workshop.pk} | filters)}"


def for_editor(user):
    """What waits for an editor, oldest first."""
    stories = Story.objects.visible_to(user).filter(status=Status.IN_REVIEW).select_related("workshop")
    submitted = Story.history.filter(id=OuterRef("pk"), status=Status.IN_REVIEW).order_by("history_date")
    queue = stories.annotate(since=Subquery(submitted.values("history_date")[:1])).order_by("since", "pk")
    corrections = Correction.objects.visible_to(user).open().select_related("story").order_by("suggested_at", "pk")
    mine = Insight.objects.manageable_by(user)
    insights = mine.filter(status__in=[Status.DRAFT, Status.UNPUBLISHED]).order_by("slug")
    copies = Insight.with_working_copies.exclude(working_copy_of=None).order_by("working_copy_of__slug")
    if not is_editor(user):
        copies = copies.filter(working_copy_of__in=mine.values("pk"))
    practices = Practice.objects.edited_by(user).filter(status=Status.DRAFT)
    return {
        "queue": listed(queue),
        "corrections": listed(corrections),
        "insights": with_missing_texts(listed(with_gate(insights.select_related("working_copy")))),
        "copies": with_missing_texts(listed(with_gate(copies))),
        "readings": listed(waiting_for_reading(user)),
        "looks": listed(due_for_a_look().manageable_by(user)),
        "practices": practices.count(),
        "unjudged": with_pages(listed(unjudged_publications(user))),
        "passages": HiddenPassage.objects.waiting().visible_to(user).count(),
    }


def with_pages(part):
    """The same list of publications that nobody has judged, each with its title and its page."""
    return part | {"rows": unjudged_rows(part["rows"])}


def with_missing_texts(part):
    """The same list of insights, each with `unwritten`: whether a text of it is still to be written."""
    for insight in part["rows"]:
        insight.unwritten = bool(gaps_in_text(insight))
    return part


def listed(queryset):
    """The first rows of a queryset, and how many it has in all."""
    rows = list(queryset[: MAX_ROWS_SHOWN + 1])
    return {"rows": rows[:MAX_ROWS_SHOWN], "count": queryset.count() if len(rows) > MAX_ROWS_SHOWN else len(rows)}


def for_answering(user):
    """The cases that press, overdue ones first, and the number of all that are open."""
    cases = Case.objects.visible_to(user)
    return {"pressing": listed(cases.needing_attention()), "open": cases.open().count()}


def for_administrator():
    accounts = get_user_model().objects.filter(is_active=True)
    return {
        "accounts": accounts.aggregate(
            all=Count("pk", distinct=True),
            roleless=Count("pk", filter=Q(groups=None, role_grants=None, is_superuser=False)),
        ),
        "programmes": Programme.objects.annotate(workshop_count=Count("phases__workshops")),
        "housekeeping": state_of_housekeeping(),
        "mail": state_of_queue(),
        "missing_facts": missing_facts(Controller.objects.current()),
    }


def state_of_queue():
    """Whether mail goes out, and how many mails did not: they wait, were refused, or nobody knows."""
    mails = OutgoingMail.objects
    return {
        "is_on": mail_is_on(),
        "may_subscribe": may_subscribe(),
        "waiting": mails.waiting().count(),
        "unknown": mails.unknown().count(),
        "failed": mails.failed().exclude(to="").count(),
    }
