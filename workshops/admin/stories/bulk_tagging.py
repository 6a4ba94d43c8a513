"""Adding and removing tags and themes on many stories of the list at once, and taking it back."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html

from workshops.admin.base.select_all import MAX_NAMED
from workshops.models import BulkTagging, Tag, Theme
from workshops.stories.bulk_tagging import TaggingChange, preview_tagging, preview_undo, tag_in_bulk, undo_tagging
from workshops.tags import TagsFormField, tag_key


class BulkTaggingForm(forms.Form):
    """What to add and remove on these stories."""

    add_tags = TagsFormField(
        required=False,
        label="Tags to add",
        help_text="With a comma between two. A tag that the archive does not have yet is made.",
    )
    remove_tags = TagsFormField(required=False, label="Tags to remove")
    add_themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(), required=False, widget=forms.CheckboxSelectMultiple, label="Themes to add"
    )
    remove_themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(), required=False, widget=forms.CheckboxSelectMultiple, label="Themes to remove"
    )

    def __init__(self, *args, stories, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("add_tags", "remove_tags"):
            self.fields[name].widget.attrs["data-suggestions"] = reverse("admin:workshops_story_tags")
        self.borne = Tag.objects.on_stories(stories)
        borne = [f"{tag.name} ({tag.story_count})" for tag in self.borne[: MAX_NAMED + 1]]
        listed = ", ".join(borne[:MAX_NAMED]) + (" …" if len(borne) > MAX_NAMED else ".")
        self.fields["remove_tags"].help_text = f"These stories bear: {listed}" if borne else "These stories bear none."

    def clean_remove_tags(self):
        names = self.cleaned_data["remove_tags"]
        found = {tag.key: tag for tag in self.borne.filter(key__in=[tag_key(name) for name in names])}
        unknown = [name for name in names if tag_key(name) not in found]
        if unknown:
            raise forms.ValidationError(
                f"None of these stories bears “{'”, “'.join(unknown)}”. Mend or remove it here."
            )
        return list(found.values())

    def clean(self):
        cleaned = super().clean()
        added = {tag_key(name) for name in cleaned.get("add_tags", [])} | set(cleaned.get("add_themes", []))
        removed = {tag.key for tag in cleaned.get("remove_tags", [])} | set(cleaned.get("remove_themes", []))
        if both := added & removed:
            words = "”, “".join(sorted(map(str, both)))
            raise forms.ValidationError(f"“{words}” is to be added and to be removed. Choose one of the two.")
        if not self.errors and not added and not removed:
            raise forms.ValidationError("Say what to add or to remove: one tag or theme at least.")
        return cleaned

    def change(self):
        return TaggingChange(**self.cleaned_data)


class BulkTaggingMixin:
    """The action of the list of stories that tags them, its pages, and the page that takes it back."""

    counts_itself = frozenset({"tag_in_bulk"})

    def get_urls(self):
        view = self.admin_site.admin_view(self.undo_tagging_view)
        return [path("undo-tagging/<int:pk>/", view, name="workshops_story_undo_tagging"), *super().get_urls()]

    @admin.action(description="Add or remove tags and themes …", permissions=["change"])
    def tag_in_bulk(self, request, queryset):
        stories = list(queryset.order_by("title", "pk").prefetch_related(None).defer("published_text"))
        mine = [story for story in stories if self.may_write(request.user, story)]
        if not mine:
            self.message_user(request, "None of these stories is yours to change.", messages.ERROR)
            return None
        left = [story for story in stories if not self.may_write(request.user, story)]
        ids = [story.pk for story in mine]
        step = next((name for name in ("show", "mend", "do") if name in request.POST), None)
        form = BulkTaggingForm(request.POST if step else None, stories=ids)
        if step in {"show", "do"} and form.is_valid():
            # What the page said is what is done: if other stories match by now, it is said anew.
            if step == "do" and request.POST.get("said") == str(len(ids)):
                return self.tag_now(request, ids, form.change(), left)
            effects = preview_tagging(ids, form.change())
        else:
            effects = None
        return self.desk_page(
            request,
            "admin/workshops/stories/tag_in_bulk.html",
            "Add or remove tags and themes",
            form=form,
            effects=effects,
            changed=set().union(*(effect.stories for effect in effects or [])),
            news=step == "do" and effects is not None,
            stories=mine,
            left=left,
            checkbox=ACTION_CHECKBOX_NAME,
            ticked=request.POST.getlist(ACTION_CHECKBOX_NAME),
            across=request.POST.get("select_across") == "1",
            named=MAX_NAMED,
        )

    def tag_now(self, request, ids, change, left):
        record = tag_in_bulk(ids, change, request.user, lambda story: self.may_write(request.user, story))
        if record.pk:
            said = format_html(
                '{} changed. <a href="{}">Undo</a>',
                "1 story was" if record.story_count == 1 else f"{record.story_count} stories were",
                reverse("admin:workshops_story_undo_tagging", args=[record.pk]),
            )
            self.message_user(request, said, messages.SUCCESS)
        else:
            self.message_user(request, "Nothing had to be changed: it is so already.", messages.INFO)
        if left:
            names = "”, “".join(str(story) for story in left[:MAX_NAMED])
            more = f" and {len(left) - MAX_NAMED} more" if len(left) > MAX_NAMED else ""
            self.message_user(request, f"Left alone, for they are not yours to change: “{names}”{more}.")

    def undo_tagging_view(self, request, pk):
        """One answer for what was undone, has grown too old or is another person's: there is nothing to undo."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        record = BulkTagging.objects.open_to(request.user).filter(pk=pk).first()
        if record and request.method != "POST":
            template = "admin/workshops/stories/undo_tagging.html"
            return self.desk_page(request, template, "Undo", record=record, effects=preview_undo(record))
        done = record and undo_tagging(record, lambda story: self.may_write(request.user, story))
        if done:
            for level, sentence in undo_messages(done):
                self.message_user(request, sentence, level)
        else:
            nothing = (
                f"There is nothing to undo: it was undone, or more than {BulkTagging.UNDO_HOURS} hours have passed."
            )
            self.message_user(request, nothing, messages.WARNING)
        return redirect("admin:workshops_story_changelist")


def undo_messages(done):
    """What an undo did, as messages."""
    yield messages.SUCCESS, "Undone on 1 story." if done.stories == 1 else f"Undone on {done.stories} stories."
    if done.left:
        which = "1 story was" if done.left == 1 else f"{done.left} stories were"
        yield messages.WARNING, f"{which} left alone: no longer yours to change."
    if done.lost:
        which = "1 tag or theme" if done.lost == 1 else f"{done.lost} tags or themes"
        yield messages.WARNING, f"{which} could not be put back: merged or deleted since."
