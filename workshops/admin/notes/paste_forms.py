"""The form that takes notes, and what it asks about them before they become entries."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.notes.entry_fields import SpokenField
from workshops.choices import Choice
from workshops.notes import title_of
from workshops.notes.reading import NOTE

MAX_NOTES_LENGTH = 100_000
MAX_ENTRIES = 300
"""How many the preview shows at once."""

HEADING_MEANINGS = [
    (Choice.KEEP.value, _("What to keep")),
    (Choice.AMPLIFY.value, _("What to amplify")),
    (Choice.DISCARD.value, _("What to discard")),
    (Choice.CREATE.value, _("What to create")),
    (NOTE, _("None of these, or some of each: keep them as notes, to sort on the next page")),
]
"""What may stand under a heading that could mean two things."""


class NotesForm(forms.Form):
    """The notes, as they are pasted."""

    text = SpokenField(
        label=_("Notes"),
        max_length=MAX_NOTES_LENGTH,
        error_messages={
            "required": _("Paste or type the notes first."),
            "max_length": format_lazy(
                _(
                    "These notes have %(show_value)d letters. At most {most} can be read at once: "
                    "read the first part of them, save it, then read the rest."
                ),
                most=f"{MAX_NOTES_LENGTH:,}",
            ),
        },
    )


def too_many_entries(count):
    sentence = ngettext(
        "These notes have %(count)s entry. At most %(most)s can be looked over at once: "
        "read the first part of them, save it, then read the rest.",
        "These notes have %(count)s entries. At most %(most)s can be looked over at once: "
        "read the first part of them, save it, then read the rest.",
        count,
    )
    return sentence % {"count": f"{count:,}", "most": MAX_ENTRIES}


class ReadingForm(NotesForm):
    """Reads the notes, and asks about each heading that could mean two things."""

    def __init__(self, *args, terms, **kwargs):
        super().__init__(*args, **kwargs)
        self.terms = terms

    def clean_text(self):
        text = self.cleaned_data["text"]
        self.reading = self.terms.read_text(text, self.answers())
        count = len(self.reading.entries)
        if not count:
            raise ValidationError(
                gettext("There are only headings in these notes. Put what was said under them, a line each.")
            )
        if count > MAX_ENTRIES:
            raise ValidationError(too_many_entries(count))
        return text

    def clean(self):
        for question in self.reading.questions if "text" in self.cleaned_data else []:
            self.ask(question)

    def answers(self):
        allowed = dict(HEADING_MEANINGS)
        given = {name.removeprefix("means:"): value for name, value in self.data.items() if name.startswith("means:")}
        return {key: value for key, value in given.items() if value in allowed}

    def ask(self, question):
        """Add a field that asks what stands under a heading."""
        self.fields[f"means:{question.key}"] = forms.ChoiceField(
            label=gettext("What stands under “%(heading)s”?") % {"heading": question.heading},
            help_text=gettext("It begins with: %(words)s") % {"words": title_of(question.lines[0])},
            choices=HEADING_MEANINGS,
            widget=forms.RadioSelect,
            required=False,
        )

    @property
    def questions(self):
        return [field for field in self if field.name.startswith("means:")]
