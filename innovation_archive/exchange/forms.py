"""The forms for importing at the desk and for downloading team-level data."""

from typing import Any, cast

from django import forms
from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from innovation_archive.datasets import KINDS
from innovation_archive.exchange import uploads
from innovation_archive.exchange.reading import FileProblemError
from innovation_archive.models import Import, LineOutcome
from workshops.models import Workshop
from workshops.roles import is_editor_somewhere


class UploadForm(forms.Form):
    """A file, what its rows are, and the workshop they come from. It is valid if the file could be read."""

    kind = forms.ChoiceField(label=gettext_lazy("What is a row of the file?"))
    workshop = forms.ModelChoiceField(
        Workshop.objects.none(), to_field_name="slug", required=False, label=gettext_lazy("Workshop")
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV, or the first sheet of an XLSX workbook. The first line names the columns."),
        error_messages={"empty": gettext_lazy("The file is empty. Its first line names the columns.")},
    )
    encoding = forms.ChoiceField(
        label=gettext_lazy("Letters of a CSV file"),
        required=False,
        choices=[
            ("", gettext_lazy("UTF-8, as most programs write them")),
            ("cp1252", gettext_lazy("Windows (an older Excel)")),
        ],
        help_text=gettext_lazy(
            "Change this only if the file was refused because of its encoding, or letters come out wrong."
        ),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:  # whatever a form takes
        super().__init__(*args, **kwargs)
        self.user = user
        kind = cast("forms.ChoiceField", self.fields["kind"])
        kind.choices = [
            ("", _("Choose …")),
            *((name, capfirst(KINDS[name].called)) for name in uploads.kinds_for(user)),
        ]
        workshop = cast("forms.ModelChoiceField[Workshop]", self.fields["workshop"])
        workshop.queryset = uploads.workshops_for(user)
        workshop.required = not is_editor_somewhere(user)
        if workshop.required:
            workshop.help_text = _("One of yours. Every row goes into it.")
        else:
            workshop.help_text = _("Leave it empty if the rows name their workshops, or belong to none.")

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > uploads.MAX_FILE_SIZE:
            raise forms.ValidationError(uploads.TOO_BIG)
        return file

    def clean(self) -> None:
        super().clean()
        kind, workshop = self.cleaned_data.get("kind", ""), self.cleaned_data.get("workshop")
        if kind and workshop and kind not in uploads.KINDS_OF_A_WORKSHOP:
            sentence = _("%(row_is)s It belongs to no one workshop: leave this empty.")
            self.add_error("workshop", sentence % {"row_is": KINDS[kind].row_is})
        if not self.errors:
            self.read_upload(kind, workshop, self.cleaned_data["file"], self.cleaned_data["encoding"])

    def read_upload(self, kind: str, workshop: Workshop | None, file: UploadedFile, encoding: str) -> None:
        self.record = Import(
            kind=kind,
            workshop=workshop,
            user=self.user,
            file_name=file.name or "",
            encoding=encoding,
            content=file.read(),
        )
        try:
            self.report = uploads.preview(self.record, self.user)
        except FileProblemError as problem:
            self.add_error("file", str(problem))

    def save(self) -> Import:
        """Save the file and what it would do, until somebody confirms it."""
        uploads.keep_outcome(self.record, self.report)
        return self.record


class PreviewForm(forms.Form):
    """Which lines of a preview to show."""

    show = forms.ChoiceField(choices=[("all", gettext_lazy("All")), *LineOutcome.choices], required=False)
    page = forms.IntegerField(min_value=1, max_value=1_000_000, required=False)


class PurposeForm(forms.Form):
    """What somebody needs team-level data for."""

    purpose = forms.CharField(
        label=gettext_lazy("What do you need the files for?"),
        min_length=5,
        max_length=200,
        help_text=gettext_lazy(
            "A few words, such as “review of the hubs for the March board”. They are kept with your name, the day and "
            "the file, for editors and administrators to see, and stand in the file’s name."
        ),
        error_messages={
            "required": gettext_lazy("Say in a few words what you need the files for."),
            "min_length": gettext_lazy("Say in a few words what you need the files for: five letters or more."),
            "max_length": gettext_lazy("Say it in 200 letters or fewer."),
        },
    )

    def clean_purpose(self) -> str:
        return " ".join(self.cleaned_data["purpose"].split())  # on one line, for the README of the files
