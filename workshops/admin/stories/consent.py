"""What a participant asks for, as facilitators and editors record it at the desk."""

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import transaction

from workshops.choices import Consent
from workshops.roles import FACILITATOR, is_editor, roles_of
from workshops.stories import consent


class LowerConsentMixin:
    """Two actions that narrow who may see a story, or what a participant told, for good."""

    actions = ["lower_to_team", "lower_to_facilitators"]

    def has_record_permission(self, request):
        return is_editor(request.user) or FACILITATOR in roles_of(request.user)

    @admin.action(description="Record: consent lowered to project team", permissions=["record"])
    def lower_to_team(self, request, queryset):
        self.lower(request, queryset, Consent.TEAM)

    @admin.action(description="Record: consent lowered to facilitators", permissions=["record"])
    def lower_to_facilitators(self, request, queryset):
        self.lower(request, queryset, Consent.FACILITATORS)

    def lower(self, request, queryset, level):
        lowered = []
        for giver in self.those_recorded_by(request, queryset):
            with transaction.atomic():
                consent.lower_consent(giver, level)
                self.log_change(request, giver, f"Recorded: its giver lowered consent to “{level.word}”.")
            lowered.append(f"Consent of “{giver}” is “{level.word}” at most from now on.")
        in_all = f"Consent of {len(lowered)} is “{level.word}” at most from now on."
        self.tell_of_each(request, lowered, messages.SUCCESS, in_all=in_all)

    def those_recorded_by(self, request, queryset):
        """The rows a person may record a wish for; a message names the others."""
        theirs = []
        for giver in queryset:
            if is_editor(request.user) or self.is_own(request.user, giver):
                theirs.append(giver)
            else:
                self.message_user(
                    request, f"“{giver}” is not of your workshops. Ask its facilitators or an editor.", messages.ERROR
                )
        return theirs


class WithdrawalMixin:
    """The action that takes stories back for good, after a page that asks once more."""

    @admin.action(description="Record a withdrawal", permissions=["record"])
    def withdraw(self, request, queryset):
        stories = self.those_recorded_by(request, queryset)
        if "confirmed" not in request.POST and stories:
            template = "admin/workshops/stories/withdraw.html"
            return self.desk_page(
                request, template, "Record a withdrawal", stories=stories, checkbox=ACTION_CHECKBOX_NAME
            )
        with transaction.atomic():
            for story in stories:
                self.log_change(request, story, "Recorded a withdrawal.")
            count = consent.withdraw_stories(stories)
        if count:
            said = "1 story was withdrawn." if count == 1 else f"{count} stories were withdrawn."
            self.message_user(request, said, messages.SUCCESS)
        return None
