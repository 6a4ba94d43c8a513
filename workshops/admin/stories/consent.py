"""Actions that record at the desk what a participant asks for: narrower consent, or a withdrawal."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from workshops import changes
from workshops.choices import Consent, Status
from workshops.consent import erasure, withdrawal
from workshops.models import Story
from workshops.roles import FACILITATOR, is_editor_somewhere, roles_of


def may_record_wishes(user):
    """Whether a person's role lets them record what a participant asks for; their admins ask it for these actions."""
    return is_editor_somewhere(user) or FACILITATOR in roles_of(user)


@admin.action(description=_("Record: consent lowered to project team"), permissions=["record"])
def lower_to_team(model_admin, request, queryset):
    lower_to(Consent.TEAM, model_admin, request, queryset)


@admin.action(description=_("Record: consent lowered to facilitators"), permissions=["record"])
def lower_to_facilitators(model_admin, request, queryset):
    lower_to(Consent.FACILITATORS, model_admin, request, queryset)


def lower_to(level, model_admin, request, queryset):
    """Narrow who may see these stories, or what these participants told, for good."""
    lowered = []
    for giver in recordable(model_admin, request, queryset):
        with transaction.atomic():
            withdrawal.lower_consent(giver, level)
            recorded = gettext("Recorded: its giver lowered consent to “%(level)s”.")
            model_admin.log_change(request, giver, recorded % {"level": level.word})
        said = gettext("Consent of “%(giver)s” is “%(level)s” at most from now on.")
        lowered.append(said % {"giver": giver, "level": level.word})
    in_all = gettext("Consent of %(count)s is “%(level)s” at most from now on.")
    in_all %= {"count": len(lowered), "level": level.word}
    model_admin.tell_of_each(request, lowered, messages.SUCCESS, in_all=in_all)


@admin.action(description=_("Record a withdrawal"), permissions=["record"])
def withdraw(story_admin, request, queryset):
    """Takes stories back for good, after a page that asks once more."""
    stories = recordable(story_admin, request, queryset)
    if "confirmed" not in request.POST and stories:
        return ask(story_admin, request, "withdraw", gettext("Record a withdrawal"), stories, stories)
    with transaction.atomic():
        outcome = withdrawal.withdraw_stories(stories)
        for story in stories:
            story.title = ""  # or the log would keep it
            story_admin.log_change(request, story, gettext("Recorded a withdrawal."))
    say_what_was_withdrawn(story_admin, request, outcome)
    return None


@admin.action(description=_("Record: all they told is withdrawn"), permissions=["record"])
def withdraw_all(participant_admin, request, queryset):
    """Takes back all that these people told, after a page that asks once more. They and their votes stay."""
    people = recordable(participant_admin, request, queryset)
    stories = stories_told_by(people)
    if "confirmed" not in request.POST and people:
        title = gettext("Record that all they told is withdrawn")
        return ask(participant_admin, request, "withdraw_all", title, people, stories)
    with transaction.atomic():
        outcome = withdrawal.withdraw_stories(stories)
        for person in people:
            participant_admin.log_change(request, person, gettext("Recorded that all they told is withdrawn."))
    say_what_was_withdrawn(participant_admin, request, outcome)
    return None


@admin.action(description=_("Record an erasure"), permissions=["record"])
def erase(participant_admin, request, queryset):
    """Erases people and all they gave, after a page that asks once more."""
    people = recordable(participant_admin, request, queryset)
    if "confirmed" not in request.POST and people:
        return ask(participant_admin, request, "erase", gettext("Record an erasure"), people, stories_told_by(people))
    for person in people:
        code, outcome = person.code, erasure.erase_participant(person)
        said = gettext("“%(person)s” is erased. Reference: %(reference)s")
        participant_admin.message_user(request, said % {"person": code, "reference": outcome.reference})
    return None


def stories_told_by(people):
    """What these people told and have not withdrawn."""
    return list(Story.objects.filter(told_by__in=people).exclude(status=Status.WITHDRAWN))


def ask(model_admin, request, action, title, rows, stories):
    """The page that says what would follow, before anything is done."""
    pks = [story.pk for story in stories]
    return model_admin.desk_page(
        request,
        "admin/workshops/stories/withdraw.html",
        title,
        rows=rows,
        stories=stories,
        action=action,
        quotes=changes.where_stories_are_quoted(pks),
        falls=changes.foretell(pks),
        checkbox=ACTION_CHECKBOX_NAME,
    )


def say_what_was_withdrawn(model_admin, request, outcome):
    if outcome.stories:
        said = ngettext(
            "%(stories)s story was withdrawn. Reference: %(reference)s",
            "%(stories)s stories were withdrawn. Reference: %(reference)s",
            outcome.stories,
        )
        model_admin.message_user(request, said % outcome._asdict(), messages.SUCCESS)


def recordable(model_admin, request, queryset):
    """The rows for which this person may record a wish; a message names each of the others."""
    rows = []
    for giver in queryset:
        if model_admin.edits(request.user, giver) or model_admin.is_own(request.user, giver):
            rows.append(giver)
        else:
            said = gettext("“%(giver)s” is not of your workshops. Ask its facilitators or an editor.")
            model_admin.message_user(request, said % {"giver": giver}, messages.ERROR)
    return rows
