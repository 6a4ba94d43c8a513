"""The form of a story at the desk."""

from django.contrib.admin.widgets import AdminTextareaWidget
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.base.conflicts import VersionedForm
from workshops.admin.base.consent_fields import CONSENT_GIVEN_FIELDS, ConsentGivenMixin
from workshops.consent.confidence import record_raise
from workshops.fields import PlainTextFormField
from workshops.history import current_user
from workshops.models import OriginalText


class StoryForm(ConsentGivenMixin, VersionedForm):
    """A story with its words as told. `StoryAdmin` decides which of the fields a person gets."""

    NOT_COMPARED = {"opened", "your_remark", "why_raised", *CONSENT_GIVEN_FIELDS}

    text = PlainTextFormField(
        label=_("Words as told"),
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 14}),
        help_text=_(
            "As close to what was said as your notes allow, names and all. It is never published, searched or kept in "
            "a history."
        ),
    )
    why_raised = PlainTextFormField(
        label=_("Why more people may see it"),
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text=_(
            "Needed where it was said in confidence and you let more people see it: what its teller agreed to, and how you "
            "know. Whoever opens the story next reads it, with your name and the day."
        ),
    )
    your_remark = PlainTextFormField(
        label=_("Remark for its facilitators"),
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("What should they mend? Needed to return the story; they read it at the top of this page."),
    )

    class Meta:
        widgets = {"published_text": AdminTextareaWidget(attrs={"rows": 14})}
        help_texts = {
            "title": _("A few words that say what happened, as in a newspaper. Readers see it first."),
            "workshop": _("Where it was told."),
            "told_by": _("By the code in place of their name. Leave it open if nobody noted who spoke."),
            "published_text": _(
                "What readers see. It starts as a copy of the words as told: take out names and whatever gives a "
                "person away. To start again from a copy, empty it and save."
            ),
            "kind": _("What was tried here, a comparable example from elsewhere, or a message for the future."),
            "location": _("For an example from elsewhere: the town, region or country."),
            "source_url": _("For an example from elsewhere: a link to a real source, if there is one."),
            "service_area": _("The service it speaks of, which need not be its teller's."),
            "themes": _("Tick each that it speaks to; none is a gap that the desk's home will show you."),
            "tags": _(
                "A few words that other stories share, with a comma between two. Words without a comma are one tag."
            ),
            "consent": _(
                "What the person who told it agreed to, in the words they were read. If their own consent is lower, "
                "that one counts."
            ),
            "credit": _("As it should be printed. Shown only with consent to be credited."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        story = self.instance
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
        if cleaned.get("why_raised"):
            self.record_raise(cleaned)
        return cleaned

    def record_raise(self, cleaned):
        """Keep the reason, where one is needed. `Story.clean` refuses a wider consent without it."""
        story, level = self.instance, cleaned.get("consent", self.instance.consent)
        if cleaned.get("in_confidence", story.in_confidence) and level > story.raised_to:
            record_raise(story, level, cleaned["why_raised"], current_user())
        else:
            misplaced = gettext(
                "It goes with a story said in confidence that more people may see from now on: widen its consent too, or "
                "empty this field."
            )
            self.add_error("why_raised", misplaced)

    def check_remark(self, is_there):
        """A remark is sent with a story that is returned, and only then."""
        returns = "_return" in self.data
        if returns and not is_there:
            missing = gettext("Say in a sentence what its facilitators should mend; they read it here.")
            self.add_error("your_remark", missing)
        if is_there and not returns:
            misplaced = gettext("It goes with a story you return: press “Return with a remark”, or empty this field.")
            self.add_error("your_remark", misplaced)

    def stored_value(self, stored, name):
        return self.initial.get(name) if name == "text" else super().stored_value(stored, name)

    def save_words(self):
        """Keep the words as told, apart from the story."""
        if "text" in self.fields:
            OriginalText.objects.update_or_create(story=self.instance, defaults={"text": self.cleaned_data["text"]})
