"""Adding and removing tags and themes on many stories of the list at once, and undoing it."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.base.select_all import MAX_NAMED
from workshops.models import BulkTagging, Tag, Theme
from workshops.stories import bulk_tagging as tagging
from workshops.tags import TagsFormField, tag_key


class BulkTaggingForm(forms.Form):
    """What to add and remove on these stories."""

    add_tags = TagsFormField(
        required=False,
        label=_("Tags to add"),
        help_text=_("With a comma between two. A tag that the archive does not have yet is made."),
    )
    remove_tags = TagsFormField(required=False, label=_("Tags to remove"))
    add_themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(), required=False, widget=forms.CheckboxSelectMultiple, label=_("Themes to add")
    )
    remove_themes = forms.ModelMultipleChoiceField(
        Theme.objects.all(), required=False, widget=forms.CheckboxSelectMultiple, label=_("Themes to remove")
    )

    def __init__(self, *args, stories, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("add_tags", "remove_tags"):
            self.fields[name].widget.attrs["data-suggestions"] = reverse("admin:workshops_story_tags")
        self.present_tags = Tag.objects.on_stories(stories)
        self.fields["remove_tags"].help_text = self.present_tags_sentence()

    def present_tags_sentence(self):
        tags = [f"{tag.name} ({tag.story_count})" for tag in self.present_tags[: MAX_NAMED + 1]]
        if not tags:
            return gettext("These stories bear none.")
        more = len(tags) > MAX_NAMED
        sentence = gettext("These stories bear: %(tags)s …") if more else gettext("These stories bear: %(tags)s.")
        return sentence % {"tags": ", ".join(tags[:MAX_NAMED])}

    def clean_remove_tags(self):
        names = self.cleaned_data["remove_tags"]
        found = {tag.key: tag for tag in self.present_tags.filter(key__in=[tag_key(name) for name in names])}
        unknown = [name for name in names if tag_key(name) not in found]
        if unknown:
            sentences = gettext("None of these stories bears %(tags)s. Mend or remove it here.")
            raise forms.ValidationError(sentences % {"tags": in_quotes(unknown)})
        return list(found.values())

    def clean(self):
        cleaned = super().clean()
        added = {tag_key(name) for name in cleaned.get("add_tags", [])} | set(cleaned.get("add_themes", []))
        removed = {tag.key for tag in cleaned.get("remove_tags", [])} | set(cleaned.get("remove_themes", []))
        if both := added & removed:
            sentences = gettext("%(terms)s is to be added and to be removed. Choose one of the two.")
            raise forms.ValidationError(sentences % {"terms": in_quotes(sorted(map(str, both)))})
        if not self.errors and not added and not removed:
            raise forms.ValidationError(gettext("Say what to add or to remove: one tag or theme at least."))
        return cleaned

    def change(self):
        return tagging.TaggingChange(**self.cleaned_data)


def in_quotes(names):
    """Names as a list in a sentence: “a”, “b”."""
    return ", ".join(gettext("“%(name)s”") % {"name": name} for name in names)


@admin.action(description=_("Add or remove tags and themes …"), permissions=["change"])
def tag_in_bulk(story_admin, request, queryset):
    """Asks what to add and remove, shows what that would change, and then does it."""
    stories = list(queryset.order_by("title", "pk").prefetch_related(None).defer("published_text"))
    mine = [story for story in stories if story_admin.may_write(request.user, story)]
    if not mine:
        story_admin.message_user(request, gettext("None of these stories is yours to change."), messages.ERROR)
        return None
    left = [story for story in stories if not story_admin.may_write(request.user, story)]
    ids = [story.pk for story in mine]
    step = next((name for name in ("show", "mend", "do") if name in request.POST), None)
    form = BulkTaggingForm(request.POST if step else None, stories=ids)
    effects = None
    if step in {"show", "do"} and form.is_valid():
        # Only what the page showed is done: if other stories match by now, it is shown again.
        if step == "do" and request.POST.get("said") == str(len(ids)):
            return tag_now(story_admin, request, ids, form.change(), left)
        effects = tagging.preview_tagging(ids, form.change())
    return story_admin.desk_page(
        request,
        "admin/workshops/stories/tag_in_bulk.html",
        gettext("Add or remove tags and themes"),
        form=form,
        effects=effects,
        changed=set().union(*(effect.stories for effect in effects or [])),
        news=step == "do" and effects is not None,
        stories=mine,
        left=left,
        left_names=in_quotes(left[:MAX_NAMED]),
        checkbox=ACTION_CHECKBOX_NAME,
        ticked=request.POST.getlist(ACTION_CHECKBOX_NAME),
        across=request.POST.get("select_across") == "1",
        named=MAX_NAMED,
    )


def tag_now(story_admin, request, ids, change, left):
    record = tagging.apply_tagging(ids, change, request.user, lambda story: story_admin.may_write(request.user, story))
    if record.pk:
        story_admin.message_user(request, changed_message(record), messages.SUCCESS)
    else:
        said = gettext("Nothing had to be changed: it is so already.")
        story_admin.message_user(request, said, messages.INFO)
    if left:
        story_admin.message_user(request, left_alone_message(left))


def changed_message(record):
    sentence = ngettext(
        '{count} story was changed. <a href="{address}">Undo</a>',
        '{count} stories were changed. <a href="{address}">Undo</a>',
        record.story_count,
    )
    address = reverse("admin:workshops_story_undo_tagging", args=[record.pk])
    return format_html(sentence, count=record.story_count, address=address)


def left_alone_message(stories):
    names, more = in_quotes(stories[:MAX_NAMED]), len(stories) - MAX_NAMED
    if more <= 0:
        return gettext("Left alone, for they are not yours to change: %(stories)s.") % {"stories": names}
    sentence = ngettext(
        "Left alone, for they are not yours to change: %(stories)s and %(count)s more.",
        "Left alone, for they are not yours to change: %(stories)s and %(count)s more.",
        more,
    )
    return sentence % {"stories": names, "count": more}


def undo_tagging_view(story_admin, request, pk):
    """Gives the same answer if it was undone, is too old or was another person's: there is nothing to undo."""
    if not story_admin.has_change_permission(request):
        raise PermissionDenied
    record = BulkTagging.objects.open_to(request.user).filter(pk=pk).first()
    if record and request.method != "POST":
        template = "admin/workshops/stories/undo_tagging.html"
        effects = tagging.preview_undo(record)
        return story_admin.desk_page(request, template, gettext("Undo"), record=record, effects=effects)
    done = record and tagging.undo_tagging(record, lambda story: story_admin.may_write(request.user, story))
    for level, sentence in undo_messages(done) if done else [(messages.WARNING, nothing_to_undo())]:
        story_admin.message_user(request, sentence, level)
    return redirect("admin:workshops_story_changelist")


def nothing_to_undo():
    hours = BulkTagging.UNDO_HOURS
    sentence = ngettext(
        "There is nothing to undo: it was undone, or more than %(count)s hour has passed.",
        "There is nothing to undo: it was undone, or more than %(count)s hours have passed.",
        hours,
    )
    return sentence % {"count": hours}


def undo_messages(done):
    """What an undo did, as messages."""
    yield (
        messages.SUCCESS,
        ngettext("Undone on %(count)s story.", "Undone on %(count)s stories.", done.stories) % {"count": done.stories},
    )
    if done.left:
        said = ngettext(
            "%(count)s story was left alone: no longer yours to change.",
            "%(count)s stories were left alone: no longer yours to change.",
            done.left,
        )
        yield messages.WARNING, said % {"count": done.left}
    if done.lost:
        said = ngettext(
            "%(count)s tag or theme could not be put back: merged or deleted since.",
            "%(count)s tags or themes could not be put back: merged or deleted since.",
            done.lost,
        )
        yield messages.WARNING, said % {"count": done.lost}
