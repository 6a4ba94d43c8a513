"""The forms of importing at the desk, and of taking team-level data away."""

from django import forms

from innovation_archive.datasets import KINDS
from innovation_archive.exchange import uploads
from innovation_archive.exchange.reading import FileProblem
from innovation_archive.models import Import, LineOutcome
from workshops.models import Workshop
from workshops.roles import is_editor


class UploadForm(forms.Form):
    """One file, what its rows are, and the workshop they come from. Valid once every row of it was looked at."""

    kind = forms.ChoiceField(label="What is a row of the file?")
    workshop = forms.ModelChoiceField(Workshop.objects.none(), to_field_name="slug", required=False)
    file = forms.FileField(
        help_text="CSV, or the first sheet of an XLSX workbook. The first line names the columns.",
        error_messages={"empty": "The file is empty. Its first line names the columns."},
    )
    encoding = forms.ChoiceField(
        label="Letters of a CSV file",
        required=False,
        choices=[("", "UTF-8, as most programs write them"), ("cp1252", "Windows (an older Excel)")],
        help_text="Change this only if the file was refused because of its encoding, or letters come out wrong.",
    )

    def __init__(self, user, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        kinds = uploads.kinds_for(user)
        self.fields["kind"].choices = [
            ("", "Choose …"),
            *((kind, kind.replace("_", " ").capitalize()) for kind in kinds),
        ]
        self.fields["workshop"].queryset = uploads.workshops_for(user)
        if is_editor(user):
            self.fields["workshop"].help_text = "Leave it empty if the rows name their workshops, or belong to none."
        else:
            self.fields["workshop"].required = True
            self.fields["workshop"].help_text = "One of yours. Every row goes into it."

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > uploads.SIZE_LIMIT:
            raise forms.ValidationError(uploads.TOO_BIG)
        return file

    def clean(self):
        cleaned = super().clean()
        kind, workshop = cleaned.get("kind"), cleaned.get("workshop")
        if kind and workshop and kind not in uploads.IN_A_WORKSHOP:
            self.add_error("workshop", f"{KINDS[kind].row_is} It belongs to no one workshop: leave this empty.")
        if not self.errors:
            self.look(kind, workshop, cleaned["file"], cleaned["encoding"])
        return cleaned

    def look(self, kind, workshop, file, encoding):
        self.record = Import(
            kind=kind, workshop=workshop, user=self.user, file_name=file.name, encoding=encoding, content=file.read()
        )
        try:
            self.report = uploads.preview(self.record, self.user)
        except FileProblem as problem:
            self.add_error("file", str(problem))

    def save(self):
        """Keep the file and what it would do until somebody confirms it."""
        uploads.keep_outcome(self.record, self.report)
        return self.record


class PreviewForm(forms.Form):
    """Which lines of a preview to show."""

    show = forms.ChoiceField(choices=[("all", "All"), *LineOutcome.choices], required=False)
    page = forms.IntegerField(min_value=1, max_value=1_000_000, required=False)


class PurposeForm(forms.Form):
    """What somebody needs team-level data for."""

    purpose = forms.CharField(
        label="What do you need the files for?",
        min_length=5,
        max_length=200,
        help_text="A few words, such as “review of the hubs for the March board”. They are kept with your name, the day "
        "and the file, for editors and administrators to see, and stand in the file’s name.",
        error_messages={
            "required": "Say in a few words what you need the files for.",
            "min_length": "Say in a few words what you need the files for: five letters or more.",
            "max_length": "Say it in 200 letters or fewer.",
        },
    )

    def clean_purpose(self):
        return " ".join(self.cleaned_data["purpose"].split())  # it stands in one line of the file's README
