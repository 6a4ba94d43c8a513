"""What a facilitator would put differently in a published story, and what its editor says to it."""

from django.contrib import messages
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form, HiddenInput, IntegerField, ModelForm
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path

from workshops.choices import CorrectionState, Status
from workshops.fields import PlainTextFormField
from workshops.models import Correction
from workshops.stories import review
from workshops.stories.diff import diff_words


class CorrectionForm(ModelForm):
    """A title and wording as a facilitator would have them, and why."""

    class Meta:
        model = Correction
        fields = ["title", "published_text", "why"]
        widgets = {
            "title": AdminTextInputWidget,
            "published_text": AdminTextareaWidget(attrs={"rows": 14}),
            "why": AdminTextareaWidget(attrs={"rows": 3}),
        }
        error_messages = {
            "title": {"required": "A published story has a title. Write the one that readers should see."},
            "published_text": {"required": "A published story has a wording. Write what readers should see."},
            "why": {"required": "Say in a sentence what is wrong as it stands; the editor decides by it."},
        }


class AnswerForm(Form):
    """An editor's word on a suggested correction, and which version of the story they compared it with."""

    seen = IntegerField(widget=HiddenInput)
    answer = PlainTextFormField(
        label="Your answer",
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text="The facilitators read it beside their suggestion. To decline, you need one.",
    )


class CorrectionsMixin:
    """The pages where a correction of a published story is suggested and decided."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/suggest/", wrap(self.suggest_view), name="workshops_story_suggest"),
            path(
                "<int:pk>/corrections/<int:correction>/", wrap(self.correction_view), name="workshops_story_correction"
            ),
            *super().get_urls(),
        ]

    def may_suggest(self, request, story):
        """Its facilitators may, once it is published and no longer theirs to change."""
        return (
            story.status == Status.PUBLISHED
            and self.is_own(request.user, story)
            and request.user.has_perm("workshops.add_correction")
            and not self.has_change_permission(request, story)
        )

    def may_decide(self, request):
        return request.user.has_perm("workshops.change_correction")

    def found_story(self, request, pk):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        story = self.get_object(request, str(pk))
        if story is None:
            raise Http404
        return story

    def suggest_view(self, request, pk):
        story = self.found_story(request, pk)
        if not self.may_suggest(request, story):
            raise PermissionDenied
        now = {"title": story.title, "published_text": story.published_text}
        form = CorrectionForm(
            request.POST or None, initial=now, instance=Correction(story=story, suggested_by=request.user)
        )
        if form.is_valid():
            form.save()
            self.log_change(request, story, "A correction was suggested.")
            self.message_user(request, "Your correction was sent. An editor takes or declines it.", messages.SUCCESS)
            return redirect("admin:workshops_story_change", story.pk)
        return self.suggest_page(request, story, form)

    def suggest_page(self, request, story, form, status=None):
        return self.desk_page(
            request,
            "admin/workshops/stories/suggest.html",
            "Suggest a correction",
            status=status,
            original=story,
            media=self.media,
            form=form,
        )

    def suggest_instead(self, request, story):
        """Keeps what a facilitator was typing when an editor published their story: as a correction to suggest."""
        now = {"title": story.title, "published_text": story.published_text}
        typed = {name: request.POST.get(name) or value for name, value in now.items()}
        self.message_user(
            request,
            "While you were writing, an editor published this story, so it was not changed. Your wording is kept "
            "below: say why it is better, and suggest it as a correction.",
            messages.WARNING,
        )
        return self.suggest_page(request, story, CorrectionForm(initial=typed), status=403)

    def correction_view(self, request, pk, correction):
        story = self.found_story(request, pk)
        correction = get_object_or_404(story.corrections.visible_to(request.user), pk=correction)
        refused, decides = "", self.may_decide(request) and correction.state == CorrectionState.OPEN
        form = AnswerForm(request.POST or None)
        if request.method == "POST":
            if not self.may_decide(request):
                raise PermissionDenied
            try:
                if form.is_valid():
                    self.decide(request, story, correction, form.cleaned_data)
                    return redirect("admin:workshops_story_change", story.pk)
            except ValidationError as refusal:
                refused = " ".join(refusal.messages)
                story = self.get_object(request, str(pk))
                correction.refresh_from_db()
        texts = [
            ("Title", story.title, correction.title),
            ("Published wording", story.published_text, correction.published_text),
        ]
        return self.desk_page(
            request,
            "admin/workshops/stories/correction.html",
            "A suggested correction" if decides else f"A correction that was {correction.state}",
            original=story,
            media=self.media,
            correction=correction,
            sides=[(label, *diff_words(now, then)) for label, now, then in texts if now != then],
            decides=decides,
            form=form,
            refused=refused,
        )

    def decide(self, request, story, correction, said):
        if "take" in request.POST:
            review.accept_correction(correction, request.user, said["answer"], seen=said["seen"])
            done = "The correction was taken. Readers see it from now on."
        else:
            review.decline_correction(correction, request.user, said["answer"])
            done = "The correction was declined. Its facilitators read your answer."
        self.log_change(request, story, f"A suggested correction was {correction.state}.")
        self.message_user(request, done, messages.SUCCESS)
