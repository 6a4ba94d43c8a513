"""The register of cases at the desk: entering what came in by other ways, and the steps of those who answer."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from innovation_archive.cases import hiding, steps
from innovation_archive.cases.choices import CaseKind, CaseOutcome
from innovation_archive.cases.opening import open_case
from innovation_archive.cases.subjects import find_subject
from innovation_archive.models import Case, CaseContact
from innovation_archive.models.cases import answers_cases
from workshops.admin.base.model_admin import ArchiveModelAdmin
from workshops.roles import is_editor_of

CONTACT = ["name", "email", "post"]


class CaseEntryForm(forms.ModelForm):
    """A case that came by mail, post, telephone or word of mouth, with the address to answer to."""

    name = CaseContact._meta.get_field("name").formfield()
    email = CaseContact._meta.get_field("email").formfield()
    post = CaseContact._meta.get_field("post").formfield(widget=forms.Textarea(attrs={"rows": 3}))

    class Meta:
        model = Case
        fields = ["kind", "way", "received_on", "about_kind", "about_ref", "words", "passage"]
        widgets = {"passage": forms.Textarea(attrs={"rows": 3})}

    def clean_received_on(self):
        day = self.cleaned_data["received_on"]
        if day > timezone.localdate():
            raise ValidationError(gettext("It cannot have come in later than today."))
        return day

    def clean(self):
        cleaned = super().clean()
        kind, ref = cleaned.get("about_kind"), cleaned.get("about_ref")
        if bool(kind) != bool(ref):
            raise ValidationError(
                {"about_ref": gettext("Say both: what kind of page it is about, and its ref or key. Or neither.")}
            )
        if kind and find_subject(kind, ref, is_published=False) is None:
            raise ValidationError({"about_ref": gettext("There is none with this ref or key.")})
        return cleaned


@admin.register(Case)
class CaseAdmin(ArchiveModelAdmin):
    form = CaseEntryForm
    list_display = ["reference", "asks", "received_on", "due_on", "stands"]
    list_filter = ["kind", "way", "outcome"]
    search_fields = ["reference", "about_ref"]
    when_empty = _(
        "No complaint or request so far. Those from the public page come here by themselves; add what came by post, "
        "telephone or word of mouth."
    )

    @property
    def extra_pages(self):
        return [("<int:pk>/step/", case_step_view, "step")]

    def get_fieldsets(self, request, obj=None):
        asked = ["kind", "way", "received_on", ("about_kind", "about_ref"), "words", "passage"]
        if obj is None:
            return [(_("What came in"), {"fields": asked}), (_("Where it is answered"), {"fields": CONTACT})]
        clock = ["acknowledged_on", "due_on", "extended_because", "outcome", "answer", "closed_on", "closed_by"]
        shown = [name for name in clock if getattr(obj, name)]
        answered = [(_("Where it is answered"), {"fields": ["address"]})] if answers_cases(request.user) else []
        asked = ["reference", "kind", "way", "received_on", "page", "words", *(["passage"] if obj.passage else [])]
        return [(_("What came in"), {"fields": asked}), *answered, (_("Where it stands"), {"fields": shown})]

    def get_readonly_fields(self, request, obj=None):
        return [field for _, options in self.get_fieldsets(request, obj) for field in options["fields"]] if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        """The page of a case shows and changes nothing by its form: what happens to it are steps, which are recorded."""
        if obj is not None:
            kwargs["form"] = forms.ModelForm
        return super().get_form(request, obj, change, **kwargs)

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("what is asked"), ordering="kind")
    def asks(self, case):
        return CaseKind(case.kind).noun

    @admin.display(description=_("where it stands"))
    def stands(self, case):
        if not case.is_open:
            return case.get_outcome_display()
        if case.is_overdue:
            return gettext("Overdue")
        return gettext("Open") if case.acknowledged_on else gettext("To be acknowledged")

    @admin.display(description=_("about"))
    def page(self, case):
        if not case.about_kind:
            return gettext("no page in particular")
        return f"{case.get_about_kind_display()} {case.about_ref}"

    @admin.display(description=_("name and address"))
    def address(self, case):
        contact = CaseContact.objects.filter(case=case).first()
        if contact is None:
            return gettext("none is kept")
        return "\n".join(filter(None, [contact.name, contact.email, contact.post]))

    def save_model(self, request, obj, form, change):
        open_case(obj, by=request.user, **{name: form.cleaned_data[name] for name in CONTACT})

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if obj is not None:
            subject = find_subject(obj.about_kind, obj.about_ref)
            context |= {
                "events": obj.events.select_related("by"),
                "may_answer": answers_cases(request.user) and obj.is_open,
                "may_hide": is_editor_of(request.user, obj.programme_id) and obj.is_open and obj.has_words_to_hide,
                "hidden_count": obj.passages.waiting().count(),
                "subject_address": subject.get_absolute_url() if subject else "",
                "outcomes": CaseOutcome.choices,
            }
        return super().render_change_form(request, context, add, change, form_url, obj)


def case_step_view(case_admin, request, pk):
    """Take one step with a case, by the button that was pressed on its page."""
    case = case_admin.get_object(request, str(pk))
    if case is None:
        raise Http404
    if not answers_cases(request.user):
        raise PermissionDenied
    step = STEPS.get(request.POST.get("step", ""))
    if step is not None:
        if step.is_editors_own and not is_editor_of(request.user, case.programme_id):
            raise PermissionDenied
        try:
            said = step.take(case, request)
        except ValidationError as refusal:
            case_admin.message_user(request, " ".join(refusal.messages), messages.ERROR)
        else:
            case_admin.log_change(request, case, said)
            case_admin.message_user(request, said, messages.SUCCESS)
    return redirect("admin:innovation_archive_case_change", pk)


def press_acknowledge(case, request):
    steps.acknowledge(case, request.user)
    return gettext("Recorded: it was acknowledged.")


def press_add_note(case, request):
    steps.add_note(case, request.user, request.POST.get("note", ""))
    return gettext("The note was added.")


def press_extend(case, request):
    steps.extend(case, request.user, request.POST.get("because", ""))
    return gettext("It is due two months later. Tell the person so, and why.")


def press_close(case, request):
    steps.close(case, request.user, request.POST.get("outcome", ""), request.POST.get("answer", ""))
    return gettext("The case is closed.")


def press_hide_words(case, request):
    count = hiding.hide_words(case, request.user, request.POST.get("passage", ""))
    return say_hidden(count)


def press_hide_all(case, request):
    return say_hidden(hiding.hide_all(case, request.user))


def say_hidden(count):
    said = ngettext(
        "Readers do not see it any more: it was hidden in %(count)s place.",
        "Readers do not see it any more: it was hidden in %(count)s places.",
        count,
    )
    return said % {"count": count}


def press_show_again(case, request):
    if refused := hiding.show_again(case, request.user):
        raise ValidationError(refused)
    return gettext("Readers see it again.")


def press_take_out_for_good(case, request):
    hiding.take_out(case, request.user)
    return gettext("It was taken out for good.")


class CaseStep:
    """A button of a case's page: what it does, and whether editors alone may press it."""

    def __init__(self, take, is_editors_own=False):
        self.take, self.is_editors_own = take, is_editors_own


STEPS = {
    "acknowledge": CaseStep(press_acknowledge),
    "note": CaseStep(press_add_note),
    "extend": CaseStep(press_extend),
    "close": CaseStep(press_close),
    "hide": CaseStep(press_hide_words, is_editors_own=True),
    "hide_all": CaseStep(press_hide_all, is_editors_own=True),
    "show": CaseStep(press_show_again, is_editors_own=True),
    "take_out": CaseStep(press_take_out_for_good, is_editors_own=True),
}
