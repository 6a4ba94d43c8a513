"""The form that adds people and practices to a table of votes."""

from django import forms
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.base.fields import RowsField
from workshops.models import Practice
from workshops.voting import vote_entry


class OneItemALineField(forms.CharField):
    """A text box with one item on each line; an item given twice counts once."""

    widget = forms.Textarea

    def __init__(self, *, longest, **kwargs):
        super().__init__(required=False, max_length=20_000, **kwargs)
        self.longest = longest
        self.widget.attrs["rows"] = 3

    def clean(self, value):
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines()]
        for line in lines:
            if len(line) > self.longest:
                sentence = gettext("“%(start)s…” is too long: at most %(longest)s letters a line.")
                raise forms.ValidationError(sentence % {"start": line[:40], "longest": self.longest})
        return list(dict.fromkeys(filter(None, lines)))


class AddForm(forms.Form):
    """People and practices to add to the sheet."""

    codes = OneItemALineField(
        longest=100,
        label=_("People, by the code in place of their name, one a line"),
        help_text=_("Who is not in the archive yet is added, with the narrowest consent."),
    )
    known = RowsField(
        Practice.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Practices that the archive has"),
        error_messages={"invalid_choice": _("One of these practices is gone. Tick them again.")},
    )
    new = OneItemALineField(
        longest=1000,
        label=_("New practices, in the words people voted on, one a line"),
        help_text=_("They begin as drafts, which an editor publishes."),
    )

    def __init__(self, *args, user, practices, with_people, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["known"].queryset = practices
        if not with_people:
            del self.fields["codes"]
        if not practices:
            del self.fields["known"]

    def clean_codes(self):
        self.people, self.free, refused = vote_entry.sort_codes(self.cleaned_data["codes"], self.user)
        if refused:
            raise forms.ValidationError([f"{code}: {why}" for code, why in refused.items()])
        return self.cleaned_data["codes"]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not any(cleaned.values()):
            raise forms.ValidationError(gettext("Say whom or what to add first."))
        return cleaned

    def save(self, workshop):
        """Add them. Returns the practices to show although nobody voted on them yet."""
        if "codes" in self.fields:
            vote_entry.add_people(workshop, self.people, self.free)
        return [*self.cleaned_data.get("known", []), *vote_entry.add_practices(self.cleaned_data["new"], self.user)]

    def said(self):
        """What was added, such as “Added: 2 people and 1 practice.”"""
        people = len(self.cleaned_data.get("codes", []))
        practices = len(self.cleaned_data.get("known", [])) + len(self.cleaned_data["new"])
        parts = []
        if people:
            parts.append(ngettext("%(count)s person", "%(count)s people", people) % {"count": people})
        if practices:
            parts.append(ngettext("%(count)s practice", "%(count)s practices", practices) % {"count": practices})
        return gettext("Added: %(what)s.") % {"what": get_text_list(parts, gettext("and"))}
