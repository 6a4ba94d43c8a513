"""Tags, for editors: rename and merge them, and find those that may mean the same."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from workshops.admin.base.fields import RowsField
from workshops.admin.base.model_admin import ArchiveModelAdmin
from workshops.models import Practice, Story, Tag
from workshops.roles import is_editor
from workshops.stories.bulk_tagging import merge_tags
from workshops.stories.near_duplicate_tags import near_duplicates
from workshops.tags import tag_key

GROUPS_PER_PAGE = 25
"""How many groups of near-doubles a page shows."""
NOT_OF_THESE = _("The tag that stays is one of these.")


def merge_page(tags, into=None):
    """The address of the page that merges these tags, perhaps with the one that stays."""
    asked = {"tag": [tag.pk for tag in tags]} | ({"into": into.pk} if into else {})
    return f"{reverse('admin:workshops_tag_merge')}?{urlencode(asked, doseq=True)}"


class TagForm(forms.ModelForm):
    """Renames a tag. A name that another tag has is refused, with a link that merges the two."""

    def clean_name(self):
        name = self.cleaned_data["name"]
        twin = Tag.objects.filter(key=tag_key(name)).exclude(pk=self.instance.pk).first()
        if twin and self.instance.pk:
            offer = gettext('“{name}” is there already. <a href="{address}">Merge the two</a>, or choose another name.')
            address = merge_page([self.instance, twin], into=twin)
            raise forms.ValidationError(format_html(offer, name=twin, address=address))
        return name


class MergeForm(forms.Form):
    """Which tags become one, and which of them stays."""

    tag = RowsField(Tag.objects.none())
    into = forms.ModelChoiceField(Tag.objects.none(), required=False, error_messages={"invalid_choice": NOT_OF_THESE})

    def __init__(self, *args, tags, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.queryset = tags

    def clean_tag(self):
        tags = self.cleaned_data["tag"]
        if len(tags) < 2:
            raise forms.ValidationError(gettext("Choose two tags at least."))
        return tags

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("into") and cleaned["into"] not in cleaned.get("tag", []):
            self.add_error("into", NOT_OF_THESE)
        return cleaned


@admin.register(Tag)
class TagAdmin(ArchiveModelAdmin):
    form = TagForm
    fields = ["name", "uses"]
    readonly_fields = ["uses"]
    actions = ["merge_tags"]
    list_display = ["name", "uses"]
    search_fields = ["name"]
    when_empty = _("No tags yet. They come with the stories and practices that bear them.")

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("merge/", view(self.merge_view), name="workshops_tag_merge"),
            path("near-doubles/", view(self.near_doubles_view), name="workshops_tag_near_doubles"),
            *super().get_urls(),
        ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_uses(request.user)

    @admin.display(description=_("stands on"))
    def uses(self, tag):
        """How many stories and practices bear it, which a new name changes at once. The tag's address stays."""
        if tag.pk is None:
            return gettext("nothing yet")
        stories, practices = tag.story_count, tag.practice_count
        counts = [
            ngettext("%(count)s story", "%(count)s stories", stories) % {"count": stories},
            ngettext("%(count)s practice", "%(count)s practices", practices) % {"count": practices},
        ]
        return ", ".join(counts)

    def may_write(self, user, obj):
        """Tags are shared by all: who edits some programmes changes those that no other uses."""
        return is_editor(user) or Tag.objects.edited_by(user).filter(pk=obj.pk).exists()

    def has_merge_permission(self, request):
        return self.has_change_permission(request) and self.has_delete_permission(request)

    @admin.action(description=_("Merge into one …"), permissions=["merge"])
    def merge_tags(self, request, queryset):
        return HttpResponseRedirect(merge_page(queryset))

    def merge_view(self, request):
        """Says what a merge changes; once sent, merges."""
        if not self.has_merge_permission(request):
            raise PermissionDenied
        posted = request.method == "POST"
        tags = self.get_queryset(request).edited_by(request.user)
        form = MergeForm(request.POST if posted else request.GET, tags=tags)
        valid = form.is_valid()
        tags = form.cleaned_data.get("tag")
        if not tags:
            self.message_user(request, gettext("Tick two tags or more to merge them."), messages.WARNING)
            return redirect("admin:workshops_tag_changelist")
        into = form.cleaned_data.get("into")
        if posted and valid and into:
            return self.merge_now(request, tags, into)
        if posted and valid:
            form.add_error("into", gettext("Say which of the tags stays."))
        most_used = max(tags, key=lambda tag: (tag.story_count + tag.practice_count, -tag.pk))
        return self.desk_page(
            request,
            "admin/workshops/tag/merge.html",
            gettext("Merge tags"),
            form=form,
            tags=tags,
            into=(into or most_used).pk,
            stories=Story.objects.visible_to(request.user).filter(tags__in=tags).distinct().count(),
            practices=Practice.objects.visible_to(request.user).filter(tags__in=tags).distinct().count(),
        )

    def merge_now(self, request, tags, into):
        names = ", ".join(gettext("“%(name)s”") % {"name": tag} for tag in tags if tag != into)
        try:
            merge_tags(tags, into)
        except Tag.DoesNotExist as problem:
            said = gettext("%(problem)s Somebody merged or deleted it. Look at the list of tags, and merge again.") % {
                "problem": problem
            }
            self.message_user(request, said, messages.ERROR)
        else:
            self.log_change(request, into, gettext("Merged %(tags)s into it.") % {"tags": names})
            said = gettext("%(tags)s went into “%(tag)s”.") % {"tags": names, "tag": into}
            self.message_user(request, said, messages.SUCCESS)
        return redirect("admin:workshops_tag_changelist")

    def near_doubles_view(self, request):
        if not self.has_merge_permission(request):
            raise PermissionDenied
        tags = super().get_queryset(request).edited_by(request.user)
        groups = near_duplicates(tags.order_by("key").values_list("key", flat=True))
        page = Paginator(groups, GROUPS_PER_PAGE).get_page(request.GET.get("p"))
        keys = {key for _, group in page for key in group}
        tags = {tag.key: tag for tag in self.get_queryset(request).filter(key__in=keys)}
        # A tag that somebody merges at this very moment is not shown.
        page.object_list = [(why, [tags[key] for key in group if key in tags]) for why, group in page.object_list]
        return self.desk_page(request, "admin/workshops/tag/near_duplicates.html", gettext("Near-doubles"), page=page)
