"""The box that takes notes, and what is asked about them before they become entries."""

from django import forms
from django.core.exceptions import ValidationError

from workshops.admin.notes.entry_fields import SpokenField
from workshops.choices import Choice
from workshops.notes import title_of
from workshops.notes.reading import NOTE

LONGEST_NOTES = 100_000
MOST_ENTRIES = 300


class NotesForm(forms.Form):
    """The notes, as they are pasted."""

    text = SpokenField(
        label="Notes",
        max_length=LONGEST_NOTES,
        error_messages={
            "required": "Paste or type the notes first.",
            "max_length": f"These notes have %(show_value)d letters. At most {LONGEST_NOTES:,} can be read at once: "
            "read the first part of them, save it, then read the rest.",
        },
    )


class ReadingForm(NotesForm):
    """The box that takes the notes and has them read, and a question for each heading that could mean two things."""

    def __init__(self, *args, terms, **kwargs):
        super().__init__(*args, **kwargs)
        self.terms = terms

    def clean_text(self):
        text = self.cleaned_data["text"]
        self.reading = self.terms.read(text, self.answers())
        count = len(self.reading.entries)
        if not count:
            raise ValidationError("There are only headings in these notes. Put what was said under them, a line each.")
        if count > MOST_ENTRIES:
            raise ValidationError(
                f"These notes have {count:,} entries. At most {MOST_ENTRIES} can be looked over at once: "
                "read the first part of them, save it, then read the rest."
            )
        return text

    def clean(self):
        for question in self.reading.questions if "text" in self.cleaned_data else []:
            self.ask(question)

    def answers(self):
        allowed = {*Choice.values, NOTE}
        given = {name.removeprefix("means:"): value for name, value in self.data.items() if name.startswith("means:")}
        return {key: value for key, value in given.items() if value in allowed}

    def ask(self, question):
        self.fields[f"means:{question.key}"] = forms.ChoiceField(
            label=f"What stands under “{question.heading}”?",
            help_text=f"It begins with: {title_of(question.lines[0])}",
            choices=[
                *((choice.value, f"What to {choice.value}") for choice in Choice),
                (NOTE, "None of these, or some of each: keep them as notes, to sort on the next page"),
            ],
            widget=forms.RadioSelect,
            required=False,
        )

    @property
    def questions(self):
        return [field for field in self if field.name.startswith("means:")]
