"""Two people have the same form open: the second to save is told, and loses nothing of what they typed."""

from django.db.models import Manager, QuerySet
from django.forms import HiddenInput, IntegerField, ModelForm, ModelMultipleChoiceField, TypedChoiceField
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from workshops.stories.diff import diff_words


class VersionInput(HiddenInput):
    """The version of the row that a form shows. No label points to it, as nobody sees it."""

    def id_for_label(self, id_):
        return ""


class VersionedForm(ModelForm):
    """The form of a row that has a `version`, and a `last_save()` that says who saved it.

    If somebody else has saved the row meanwhile, the form is refused once, and its `conflict` is then [(label, pieces
    of what is stored, pieces of what was typed)].
    """

    NOT_COMPARED = {"opened"}

    opened = IntegerField(required=False, widget=VersionInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conflict, self.is_outdated = [], False
        self.initial["opened"] = self.instance.version

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and cleaned.get("opened") != self.instance.version:
            self.tell_of_conflict()
        return cleaned

    def tell_of_conflict(self):
        self.add_error(None, self.conflict_sentences())
        self.is_outdated = True
        self.conflict = self.differences()
        # They have seen both versions now, so saving once more is meant.
        self.data = self.data.copy()
        self.data[self.add_prefix("opened")] = self.instance.version

    def conflict_sentences(self):
        user, saved_at = self.instance.last_save()
        values = {
            "name": (user and (user.get_full_name() or user.get_username())) or _("Somebody"),
            "thing": self.instance._meta.verbose_name,
        }
        advice = _(
            "Nothing of yours is lost: it stands in the form below. Compare it with theirs, and save once more to put "
            "yours in its place."
        )
        if not saved_at:
            return f"{_('%(name)s saved this %(thing)s, after you had opened it.') % values} {advice}"
        when = timezone.localtime(saved_at)
        values |= {"day": date_format(when, "j F"), "time": date_format(when, "H:i")}
        said = _("%(name)s saved this %(thing)s on %(day)s at %(time)s, after you had opened it.") % values
        return f"{said} {advice}"

    def differences(self):
        return differences(self, self.NOT_COMPARED, self.stored_value)

    def stored_value(self, stored, name):
        return getattr(stored, name)


def differences(form, left_out=(), stored_value=getattr):
    """The fields of a form whose stored value is not what was typed, as `conflict` holds them."""
    stored = type(form.instance)._base_manager.get(pk=form.instance.pk)
    found = []
    for name, field in form.fields.items():
        if name not in left_out:
            theirs = in_words(field, stored_value(stored, name))
            mine = in_words(field, form.cleaned_data.get(name, form.data.get(form.add_prefix(name), "")))
            if theirs != mine:
                found.append((field.label, *diff_words(theirs, mine)))
    return found


def in_words(field, value):
    """A field's value as a person reads it; of linked rows, only those they may choose."""
    if isinstance(value, Manager):
        value = value.all()
        if isinstance(field, ModelMultipleChoiceField):
            value = field.queryset.filter(pk__in=value.values("pk"))
    if isinstance(value, QuerySet | list):
        return ", ".join(sorted(str(item) for item in value))
    if isinstance(field, TypedChoiceField):
        return str(dict(field.choices).get(value, value))
    return "" if value is None else str(value)


class VersionedAdminMixin:
    """For a ModelAdmin whose form is a VersionedForm. Rows of its inlines, such as reviews, are compared too."""

    form = VersionedForm
    is_held_while_saved = True

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        return [*fields, "opened"] if obj is None or self.has_change_permission(request, obj) else fields

    def render_change_form(self, request, context, *args, **kwargs):
        form = context["adminform"].form
        if getattr(form, "is_outdated", False):
            for inline in context["inline_admin_formsets"]:
                form.conflict += inline_differences(inline.formset)
        return super().render_change_form(request, context, *args, **kwargs)


def inline_differences(formset):
    """The differences in those rows of an inline that existed when the page was opened."""
    keys = {formset.model._meta.pk.name, formset.fk.name, "DELETE"}
    return [
        (f"{form.instance}: {label}", stored, typed)
        for form in formset.initial_forms
        if form.is_bound
        for label, stored, typed in differences(form, keys)
    ]
