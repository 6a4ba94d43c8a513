"""The tags there are, as the tag field of a story offers them while one is typed."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import JsonResponse
from django.urls import path

from workshops.models import Story, Tag
from workshops.tags import MAX_TAG_KEY_LENGTH, join_tags, tag_key

SUGGESTED = 12
"""So many tags the field offers at once."""


class TagSuggestionsMixin:
    def get_urls(self):
        view = self.admin_site.admin_view(self.tags_view)
        return [path("tags/", view, name="workshops_story_tags"), *super().get_urls()]

    def tags_view(self, request):
        """Tags that begin with or hold `q`, with the number of stories that bear them: of those this person sees."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        asked = tag_key(request.GET.get("q", "").replace("\0", " "))[:MAX_TAG_KEY_LENGTH]
        seen = Story.objects.visible_to(request.user).values("pk")
        tags = Tag.objects.filter(key__contains=asked, story_tags__content_object__in=seen)
        tags = tags.annotate(count=Count("story_tags"), begins=Q(key__startswith=asked))
        best = tags.order_by("-begins", "-count", "name").values("name", "count")[:SUGGESTED]
        return JsonResponse(
            {"tags": [{"name": join_tags([Tag(name=tag["name"])]), "count": tag["count"]} for tag in best]}
        )
