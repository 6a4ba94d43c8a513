"""The pages where a facilitator suggests a correction of a published story, and an editor decides on it or on one from
who told the story."""

from django.contrib import messages
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms import Form, HiddenInput, IntegerField, ModelForm
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.judgements.forms import with_words
from workshops.admin.judgements.ticks import MAY_STAND, judge_ticked
from workshops.choices import CorrectionState, Status
from workshops.fields import PlainTextFormField
from workshops.judgements.passages import each_once
from workshops.models import Correction
from workshops.stories import review
from workshops.stories.diff import diff_words


class CorrectionForm(ModelForm):
    """The title and wording that a facilitator suggests, and why."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["published_text"].required = True  # only who told a story may leave the wording to the editor

    class Meta:
        model = Correction
        fields = ["title", "published_text", "why"]
        widgets = {
            "title": AdminTextInputWidget,
            "published_text": AdminTextareaWidget(attrs={"rows": 14}),
            "why": AdminTextareaWidget(attrs={"rows": 3}),
        }
        error_messages = {
            "title": {"required": _("A published story has a title. Write the one that readers should see.")},
            "published_text": {"required": _("A published story has a wording. Write what readers should see.")},
            "why": {"required": _("Say in a sentence what is wrong as it stands; the editor decides by it.")},
        }


class AnswerForm(Form):
    """An editor's answer to a suggested correction, and the version of the story they compared it with."""

    seen = IntegerField(widget=HiddenInput)
    answer = PlainTextFormField(
        label=_("Your answer"),
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text=_(
            "Who suggested it reads it: its facilitators here, who told it with their slip. To decline, you need one."
        ),
    )


DECIDED_TITLES = {
    CorrectionState.OPEN: _("A correction that was open"),
    CorrectionState.TAKEN: _("A correction that was taken"),
    CorrectionState.DECLINED: _("A correction that was declined"),
}


def may_suggest(story_admin, request, story):
    """The story's facilitators may, once it is published and they can no longer change it."""
    return (
        story.status == Status.PUBLISHED
        and story_admin.is_own(request.user, story)
        and request.user.has_perm("workshops.add_correction")
        and not story_admin.has_change_permission(request, story)
    )


def may_decide(story_admin, user, story):
    return user.has_perm("workshops.change_correction") and story_admin.edits(user, story)


def get_story_or_404(story_admin, request, pk):
    if not story_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    story = story_admin.get_object(request, str(pk))
    if story is None:
        raise Http404
    return story


# Suggesting.


def suggest_view(story_admin, request, pk):
    story = get_story_or_404(story_admin, request, pk)
    if not may_suggest(story_admin, request, story):
        raise PermissionDenied
    now = {"title": story.title, "published_text": story.published_text}
    correction = Correction(story=story, suggested_by=request.user)
    form = CorrectionForm(request.POST or None, initial=now, instance=correction)
    if form.is_valid():
        form.save()
        story_admin.log_change(request, story, gettext("A correction was suggested."))
        said = gettext("Your correction was sent. An editor takes or declines it.")
        story_admin.message_user(request, said, messages.SUCCESS)
        return redirect("admin:workshops_story_change", story.pk)
    return suggest_page(story_admin, request, story, form)


def suggest_page(story_admin, request, story, form, status=None):
    return story_admin.desk_page(
        request,
        "admin/workshops/stories/suggest.html",
        gettext("Suggest a correction"),
        status=status,
        original=story,
        media=story_admin.media,
        form=form,
    )


def suggest_instead(story_admin, request, story):
    """Keeps what a facilitator was typing when an editor published the story: as a correction to suggest."""
    now = {"title": story.title, "published_text": story.published_text}
    typed = {name: request.POST.get(name) or value for name, value in now.items()}
    said = gettext(
        "While you were writing, an editor published this story, so it was not changed. Your wording is kept below: "
        "say why it is better, and suggest it as a correction."
    )
    story_admin.message_user(request, said, messages.WARNING)
    return suggest_page(story_admin, request, story, CorrectionForm(initial=typed), status=403)


# Deciding.


def correction_view(story_admin, request, pk, correction):
    story = get_story_or_404(story_admin, request, pk)
    correction = get_object_or_404(story.corrections.visible_to(request.user), pk=correction)
    form, refused = AnswerForm(request.POST or None), ""
    if request.method == "POST":
        if not may_decide(story_admin, request.user, story):
            raise PermissionDenied
        try:
            if form.is_valid():
                decide(story_admin, request, story, correction, form.cleaned_data)
                return redirect("admin:workshops_story_change", story.pk)
        except ValidationError as refusal:
            refused = " ".join(refusal.messages)
            story = story_admin.get_object(request, str(pk))
            correction.refresh_from_db()
    return correction_page(story_admin, request, story, correction, form, refused)


def correction_page(story_admin, request, story, correction, form, refused):
    decides = may_decide(story_admin, request.user, story) and correction.state == CorrectionState.OPEN
    return story_admin.desk_page(
        request,
        "admin/workshops/stories/correction.html",
        gettext("A suggested correction") if decides else DECIDED_TITLES[correction.state],
        original=story,
        media=story_admin.media,
        correction=correction,
        sides=differing_texts(story, correction),
        passages=each_once(corrected_passages(story_admin, request, story, correction)) if decides else [],
        ticked=request.POST.getlist(MAY_STAND),
        decides=decides,
        form=form,
        refused=refused,
    )


def differing_texts(story, correction):
    """What a correction would change, as [(label, pieces of the present text, pieces of the suggested one)]."""
    texts = [
        (gettext("Title"), story.title, correction.title),
        (gettext("Published wording"), story.published_text, correction.published_text),
    ]
    return [(label, *diff_words(now, then)) for label, now, then in texts if then and now != then]


def corrected_passages(story_admin, request, story, correction):
    """What in the suggested words may tell who somebody is."""
    words = {"title": correction.title, "published_text": correction.published_text}
    return story_admin.shown_passages(request.user, with_words(story, words))


@transaction.atomic
def decide(story_admin, request, story, correction, said):
    if "take" in request.POST:
        found = corrected_passages(story_admin, request, story, correction)
        judge_ticked(request, found, story_admin.judged_in(story))
        review.accept_correction(correction, request.user, said["answer"], seen=said["seen"])
        logged = gettext("A suggested correction was taken.")
        done = gettext("The correction was taken. Readers see it from now on.")
        if not correction.published_text:
            done = gettext("It is closed: you have put the wording right. Who told the story reads your answer.")
    else:
        review.decline_correction(correction, request.user, said["answer"])
        logged = gettext("A suggested correction was declined.")
        done = gettext("The correction was declined. Who suggested it reads your answer.")
    story_admin.log_change(request, story, logged)
    story_admin.message_user(request, done, messages.SUCCESS)
