"""The tags that the tag field of a story suggests while somebody types."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import JsonResponse

from workshops.models import Story, Tag
from workshops.tags import MAX_TAG_KEY_LENGTH, join_tags, tag_key

MAX_SUGGESTIONS = 12


def tags_view(story_admin, request):
    """Tags that contain `q`, those that begin with it first, and how many stories that this person sees have them."""
    if not story_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    asked = tag_key(request.GET.get("q", ""))[:MAX_TAG_KEY_LENGTH]
    seen = Story.objects.visible_to(request.user).values("pk")
    tags = Tag.objects.filter(key__contains=asked, story_tags__content_object__in=seen)
    tags = tags.annotate(count=Count("story_tags"), begins=Q(key__startswith=asked))
    best = tags.order_by("-begins", "-count", "name").values("name", "count")[:MAX_SUGGESTIONS]
    return JsonResponse({"tags": [{"name": join_tags([Tag(name=tag["name"])]), "count": tag["count"]} for tag in best]})
