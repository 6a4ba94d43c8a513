"""The steps of a story at the desk: buttons of its page and actions of the list, and what is said before and after."""

from dataclasses import dataclass
from functools import partial

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import path

from workshops.admin.base.select_all import MAX_NAMED
from workshops.choices import Consent, Status
from workshops.roles import is_editor
from workshops.stories import review


@dataclass(frozen=True)
class WorkflowStep:
    """One way on from where a story stands: the name and label of its button, and what it does."""

    name: str
    label: str
    says: str


SUBMIT = WorkflowStep(
    "_submit", "Submit for review", "Saves, and hands it to an editor. You may change it until it is published."
)
PUBLISH = WorkflowStep("_publish", "Publish", "Saves, and puts it on the public pages at once.")
RETURN = WorkflowStep("_return", "Return with a remark", "Saves, and gives it back to its facilitators as a draft.")
UNPUBLISH = WorkflowStep("_unpublish", "Unpublish", "Saves, and takes it off the public pages and files at once.")


class WorkflowMixin:
    """Steps from draft to published and back, for those whose steps they are."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.submit_view)
        return [path("<int:pk>/submit/", view, name="workshops_story_submit"), *super().get_urls()]

    def steps_for(self, user, story):
        """What this person may do next with a story; None is one that is only now being entered."""
        status = story.status if story else Status.DRAFT
        steps = []
        if status == Status.DRAFT and (story is None or self.is_own(user, story)):
            steps.append(SUBMIT)
        if story and is_editor(user) and self.may_write(user, story):
            if status in {Status.IN_REVIEW, Status.UNPUBLISHED}:
                steps += [PUBLISH, RETURN]
            elif status == Status.PUBLISHED:
                steps.append(UNPUBLISH)
        return steps

    def has_edit_permission(self, request):
        """The actions of editors."""
        return is_editor(request.user)

    # Buttons of the story's page. The form is saved first, so that no step loses what was typed.

    def response_add(self, request, obj, post_url_continue=None):
        return self.take_step(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request, obj):
        return self.take_step(request, obj) or super().response_change(request, obj)

    def take_step(self, request, story):
        pressed = [step for step in self.steps_for(request.user, story) if step.name in request.POST]
        if not pressed:
            return None
        if pressed == [SUBMIT]:
            seen = story.effective_consent >= Consent.TEAM  # otherwise it goes no further, and there is nothing to ask
            if seen and review.giving_away(story, names=self.knows_names(request.user, story)):
                return redirect("admin:workshops_story_submit", story.pk)
            done = self.step(request, [story], review.submit_story, "submitted for review")
        elif pressed == [PUBLISH]:
            done = self.step(request, [story], review.publish_story, "published")
        elif pressed == [RETURN]:
            remark = request.POST["your_remark"]
            done = self.step(
                request, [story], partial(review.return_story_to_draft, remark=remark), "returned to draft"
            )
        else:
            done = self.step(request, [story], review.unpublish_story, "unpublished")
        if done:
            return self.response_post_save_change(request, story)
        return redirect("admin:workshops_story_change", story.pk)

    def knows_names(self, user, story):
        """Names of those who were in the room are for those who ran it."""
        return self.is_own(user, story)

    def submit_view(self, request, pk):
        """Asks once more where a wording may tell who somebody is; they may go on knowingly."""
        story = self.get_object(request, str(pk))
        if story is None:
            raise Http404
        if SUBMIT not in self.steps_for(request.user, story) or not self.has_change_permission(request, story):
            raise PermissionDenied
        changed = request.method == "POST" and request.POST.get("version") != str(story.version)
        if request.method == "POST" and not changed:
            self.step(request, [story], review.submit_story, "submitted for review")
            return redirect("admin:workshops_story_changelist")
        return self.desk_page(
            request,
            "admin/workshops/stories/submit.html",
            "Before you submit it",
            original=story,
            findings=review.giving_away(story, names=self.knows_names(request.user, story)),
            changed=changed,
        )

    # Actions of the list.

    @admin.action(description="Submit for review", permissions=["change"])
    def submit(self, request, queryset):
        self.step(request, queryset, partial(self.submit_unread, user=request.user), "submitted for review")

    def submit_unread(self, story, user):
        """Submits what gives nobody away; the rest is for a person to read first."""
        if found := review.giving_away(story, names=self.knows_names(user, story)):
            raise ValidationError(
                f"Its title or wording has passages that may tell who somebody is: {len(found)}. "
                "Open it and submit it there: you will see them."
            )
        review.submit_story(story)

    @admin.action(description="Publish", permissions=["edit"])
    def publish(self, request, queryset):
        self.step(request, queryset, review.publish_story, "published")

    @admin.action(description="Unpublish", permissions=["edit"])
    def unpublish(self, request, queryset):
        self.step(request, queryset, review.unpublish_story, "unpublished")

    @admin.action(description="Return to its facilitators as a draft", permissions=["edit"])
    def return_to_draft(self, request, queryset):
        remark = request.POST.get("remark", "")
        if remark.strip():
            self.step(request, queryset, partial(review.return_story_to_draft, remark=remark), "returned to draft")
            return None
        return self.desk_page(
            request,
            "admin/workshops/stories/return.html",
            "Return to its facilitators as a draft",
            stories=queryset,
            checkbox=ACTION_CHECKBOX_NAME,
            missing="remark" in request.POST,
        )

    def step(self, request, stories, take, done):
        """Take one step with each story, and say for each that stayed behind why. Returns whether none did."""
        went, stayed = [], []
        for story in stories:
            if not self.may_write(request.user, story):
                stayed.append(f"“{story}” is not yours to change.")
                continue
            try:
                take(story)
            except ValidationError as refusal:
                stayed.append(f"“{story}” was not {done}. {' '.join(refusal.messages)}")
            else:
                self.log_change(request, story, f"It was {done}.")
                went.append(f"“{story}” was {done}.")
        if more := stayed[MAX_NAMED:]:
            stayed[MAX_NAMED:] = [f"{len(more)} more were not {done}."]
        self.tell_of_each(request, stayed, messages.ERROR)
        self.tell_of_each(request, went, messages.SUCCESS, in_all=f"{len(went)} stories were {done}.")
        return not stayed
