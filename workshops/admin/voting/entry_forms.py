"""What may be added to a table of votes."""

from django import forms

from workshops.admin.base.fields import RowsField
from workshops.models import Practice
from workshops.voting import vote_entry


class OneItemALineField(forms.CharField):
    """A text box with one item a line, of which each counts once."""

    widget = forms.Textarea

    def __init__(self, *, longest, **kwargs):
        super().__init__(required=False, max_length=20_000, **kwargs)
        self.longest = longest
        self.widget.attrs["rows"] = 3

    def clean(self, value):
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines()]
        for line in lines:
            if len(line) > self.longest:
                raise forms.ValidationError(f"“{line[:40]}…” is too long: at most {self.longest} letters a line.")
        return list(dict.fromkeys(filter(None, lines)))


class AddForm(forms.Form):
    """People and practices that the sheet lacks."""

    codes = OneItemALineField(
        longest=100,
        label="People, by the code of their slip, one a line",
        help_text="Who is not in the archive yet is added, with the narrowest consent.",
    )
    known = RowsField(
        Practice.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Practices that the archive has",
        error_messages={"invalid_choice": "One of these practices is gone. Tick them again."},
    )
    new = OneItemALineField(
        longest=1000,
        label="New practices, in the words people voted on, one a line",
        help_text="They begin as drafts, which an editor publishes.",
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
            raise forms.ValidationError("Say whom or what to add first.")
        return cleaned

    def save(self, workshop):
        """Adds them; returns the practices to show although nobody voted on them yet."""
        if "codes" in self.fields:
            vote_entry.add_people(workshop, self.people, self.free)
        return [*self.cleaned_data.get("known", []), *vote_entry.add_practices(self.cleaned_data["new"], self.user)]

    def said(self):
        people = len(self.cleaned_data.get("codes", []))
        practices = len(self.cleaned_data.get("known", [])) + len(self.cleaned_data["new"])
        counts = {"1 person" if people == 1 else f"{people} people": people}
        counts |= {"1 practice" if practices == 1 else f"{practices} practices": practices}
        return f"Added: {' and '.join(words for words, count in counts.items() if count)}."
