"""People of workshops at the desk: their codes for every role, who they are for their own facilitators alone."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.base.consent_fields import CONSENT_GIVEN_FIELDS, ConsentFilter, ConsentGivenMixin, consent_history
from workshops.admin.base.model_admin import ArchiveModelAdmin
from workshops.admin.readings import is_shown, show_identity_view
from workshops.admin.stories.consent import (
    erase,
    lower_to_facilitators,
    lower_to_team,
    may_record_wishes,
    withdraw_all,
)
from workshops.choices import Consent
from workshops.models import Identity, Participant, Workshop
from workshops.roles import is_editor, is_reader_of_everything
from workshops.visibility import edited_workshops, own_workshops


def was_in_own_room(user, participant):
    return participant.workshops.filter(pk__in=own_workshops(user)).exists()


class IdentityInline(admin.StackedInline):
    """Name and contact, for the facilitators of this person's workshops and for no other role.

    What is on record is shown once they asked for it, which is written down; a first name can be typed in at once.
    """

    model = Identity
    can_delete = True

    def is_theirs(self, request, participant):
        if participant is None:
            return True
        if not was_in_own_room(request.user, participant):
            return False
        return is_shown(request, "identity", participant.pk) or not hasattr(participant, "identity")

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) and self.is_theirs(request, obj)

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and self.is_theirs(request, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self.is_theirs(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self.is_theirs(request, obj)


class ParticipantForm(ConsentGivenMixin):
    """Asks for a workshop of a new person: facilitators see only people who came to a workshop of theirs."""

    class Meta:
        help_texts = {
            "code": _("A code that does not tell who it is. It is not the code of their slip and opens nothing.")
        }

    def clean_workshops(self):
        workshops = self.cleaned_data["workshops"]
        if not workshops and not self.instance.pk:
            sentence = gettext("Choose the workshop this person came to, or you will not find them again.")
            raise ValidationError(sentence)
        return workshops


@admin.register(Participant)
class ParticipantAdmin(ArchiveModelAdmin):
    form = ParticipantForm
    change_form_template = "admin/workshops/participant/change_form.html"
    extra_pages = [("<int:pk>/identity/", show_identity_view, "identity")]
    actions = [lower_to_team, lower_to_facilitators, withdraw_all, erase]
    fields = [
        "code", "role", "sector", "service_area", "place", "workshops", "consent", *CONSENT_GIVEN_FIELDS, consent_history
    ]  # fmt: skip
    readonly_fields = [consent_history]
    inlines = [IdentityInline]
    list_display = ["code", "role", "sector", "service_area", "place", "consent_word"]
    list_filter = ["service_area", "place", ConsentFilter]
    list_select_related = ["service_area", "place"]
    search_fields = ["code", "role", "sector"]
    when_empty = _("Nobody yet. Add who was in your workshop under codes, or import them as a file.")
    radio_fields = {"consent": admin.VERTICAL}

    def is_own(self, user, obj):
        return was_in_own_room(user, obj)

    def has_delete_permission(self, request, obj=None):
        """Only somebody who was entered by mistake. Whoever voted is erased, which no backup undoes; stories protect theirs."""
        has_voted = obj is not None and obj.votes.exists()
        return super().has_delete_permission(request, obj) and not has_voted

    def get_fields(self, request, obj=None):
        may_change = self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)
        left_out = [] if may_change else CONSENT_GIVEN_FIELDS
        return [name for name in self.fields if name not in left_out]

    def get_queryset(self, request):
        """Names only the workshops that this person may find: a read-only page would name those of other programmes too."""
        participants = super().get_queryset(request)
        if is_reader_of_everything(request.user):
            return participants
        rooms = Workshop.objects.manageable_by(request.user)
        return participants.prefetch_related(Prefetch("workshops", queryset=rooms))

    def edits(self, user, obj):
        """Whether they are an editor of a programme that this person came to: a wish is recorded by any of its editors."""
        return is_editor(user) or obj.workshops.filter(edited_workshops(user).rows("pk")).exists()

    def may_ask_for_identity(self, request, participant):
        """Whether there is a name on record that this person may have shown to them, and has not yet."""
        has_right = request.user.has_perm("workshops.view_identity") and hasattr(participant, "identity")
        return (
            has_right and self.is_own(request.user, participant) and not is_shown(request, "identity", participant.pk)
        )

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        user = request.user
        context["may_ask_for_identity"] = obj is not None and self.may_ask_for_identity(request, obj)
        context["may_record"] = (
            obj is not None and may_record_wishes(user) and (self.edits(user, obj) or self.is_own(user, obj))
        )
        return super().render_change_form(request, context, add, change, form_url, obj)

    def has_record_permission(self, request):
        return may_record_wishes(request.user)

    @admin.display(description=_("consent"), ordering="consent")
    def consent_word(self, participant):
        return Consent(participant.consent).heading
