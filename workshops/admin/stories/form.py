"""The form of a story at the desk."""

from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Manager, QuerySet
from django.forms import HiddenInput, IntegerField, ModelForm, TypedChoiceField
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from workshops.fields import PlainTextFormField
from workshops.models import OriginalText, Story
from workshops.stories.diff import diff_words


class VersionInput(HiddenInput):
    """The version of the story that a form shows; no label leads to what nobody sees."""

    def id_for_label(self, id_):
        return ""


class StoryForm(ModelForm):
    """A story with its words as told, and what keeps two people from overwriting each other unawares.

    Which of its fields a person gets is for StoryAdmin to say.
    """

    opened = IntegerField(required=False, widget=VersionInput)
    text = PlainTextFormField(
        label="Words as told",
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 14}),
        help_text="As close to what was said as your notes allow, names and all. It is never published, searched or "
        "kept in a history.",
    )
    your_remark = PlainTextFormField(
        label="Remark for its facilitators",
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text="What should they mend? Needed to return the story; they read it at the top of this page.",
    )

    class Meta:
        widgets = {"published_text": AdminTextareaWidget(attrs={"rows": 14})}
        help_texts = {
            "title": "A few words that say what happened, as in a newspaper. Readers see it first.",
            "workshop": "Where it was told.",
            "told_by": "By the code of their slip. Leave it open if nobody noted who spoke.",
            "published_text": "What readers see. It starts as a copy of the words as told: take out names and whatever "
            "gives a person away. To start again from a copy, empty it and save.",
            "kind": "What was tried here, a comparable example from elsewhere, or a message for the future.",
            "location": "For an example from elsewhere: the town, region or country.",
            "source_url": "For an example from elsewhere: a link to a real source, if there is one.",
            "service_area": "The service it speaks of, which need not be its teller's.",
            "themes": "Tick each that it speaks to; none is a gap that the desk's home will show you.",
            "tags": "A few words that other stories share, with a comma between two. Words without a comma are one tag.",
            "consent": "What the person who told it agreed to, in the words they were read. If their own consent is lower, "
            "that one counts.",
            "credit": "As it should be printed. Shown only with consent to be credited.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.conflict = []
        story = self.instance
        self.initial["opened"] = story.version
        if "text" in self.fields and story.pk:
            self.initial["text"] = OriginalText.objects.filter(story=story).values_list("text", flat=True).first() or ""
        if "tags" in self.fields:
            self.fields["tags"].widget.attrs["data-suggestions"] = reverse("admin:workshops_story_tags")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("text") and not cleaned.get("published_text") and "published_text" not in self.errors:
            cleaned["published_text"] = cleaned["text"]
        if "your_remark" in self.fields:
            self.check_remark(bool(cleaned.get("your_remark")))
        if self.instance.pk and cleaned.get("opened") != self.instance.version:
            self.tell_of_conflict()
        return cleaned

    def check_remark(self, is_there):
        """A remark goes with the story that is returned, and with nothing else."""
        returns = "_return" in self.data
        if returns and not is_there:
            self.add_error("your_remark", "Say in a sentence what its facilitators should mend; they read it here.")
        if is_there and not returns:
            self.add_error(
                "your_remark", "It goes with a story you return: press “Return with a remark”, or empty this field."
            )

    def tell_of_conflict(self):
        """Refuse this once what somebody else saved meanwhile would be lost, and show both."""
        last = Story.history.filter(id=self.instance.pk).select_related("history_user").first()
        user = last and last.history_user
        who = (user and (user.get_full_name() or user.get_username())) or "Somebody"
        when = date_format(timezone.localtime(last.history_date), r"j F \a\t H:i") if last else "meanwhile"
        self.add_error(
            None,
            f"{who} saved this story on {when}, after you had opened it. Nothing of yours is lost: it stands in the form "
            "below. Compare it with theirs, and save once more to put yours in its place.",
        )
        self.conflict = self.differences()
        # Whoever has seen both may save knowingly.
        self.data = self.data.copy()
        self.data[self.add_prefix("opened")] = self.instance.version

    def differences(self):
        """Where what is stored is not what was typed: [(label, pieces of the stored, pieces of the typed)]."""
        stored = Story.objects.get(pk=self.instance.pk)
        found = []
        for name, field in self.fields.items():
            if name in {"opened", "your_remark"}:
                continue
            theirs = value_in_words(field, self.initial.get(name) if name == "text" else getattr(stored, name))
            mine = value_in_words(field, self.cleaned_data.get(name, self.data.get(name, "")))
            if theirs != mine:
                found.append((field.label, *diff_words(theirs, mine)))
        return found

    def save_words(self):
        """Keep the words as told, apart from the story."""
        if "text" in self.fields:
            OriginalText.objects.update_or_create(story=self.instance, defaults={"text": self.cleaned_data["text"]})


def value_in_words(field, value):
    """A field's value as a person reads it."""
    if isinstance(value, Manager):
        value = value.all()
    if isinstance(value, QuerySet | list):
        return ", ".join(sorted(str(item) for item in value))
    if isinstance(field, TypedChoiceField):
        return str(dict(field.choices).get(value, value))
    return "" if value is None else str(value)
