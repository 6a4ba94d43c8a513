"""Files about stories that nobody imports: their themes and tags in long and in wide form, and which stories are gone."""

from django.utils.translation import gettext_lazy as _

from innovation_archive.datasets.base import READERS, Audience, Column, Dataset, in_key_order
from innovation_archive.datasets.stories import Stories
from innovation_archive.datasets.widgets import CountWidget, DateWidget, LineWidget, WordWidget
from workshops.choices import Consent
from workshops.models import RemovedStory, Story, StoryTag, Tag, Theme


class StoryTags(Dataset):
    dataset = "story_tags"
    programme_path = ""
    row_is = _("One theme or tag of one story: the long form, for counting.")
    key = ("story", "axis", "value")

    story = Column("story", LineWidget(), _("The story's ref."))
    axis = Column("axis", WordWidget(["tag", "theme"]), _("tag or theme."))
    value = Column("value", LineWidget(), _("The tag's name or the theme's slug."))

    def count(self, audience):
        stories = Stories().within(self.reach).rows_within(audience).order_by().values("pk")
        themes = Story.themes.through.objects.filter(story__in=stories)
        tags = StoryTag.objects.filter(content_object__in=stories)
        return themes.count() + tags.count()

    def records(self, audience, among=None):
        for ref, tags, themes in Stories().within(self.reach).codes(audience, among):
            for axis, values in (("tag", tags), ("theme", themes)):
                for value in values:
                    yield [ref, axis, value]


CODE_MEANS = {"theme": _("1 if the story has this theme, else 0."), "tag": _("1 if the story has this tag, else 0.")}


class StoryCodes(Dataset):
    dataset = "story_codes"
    programme_path = ""
    row_is = _("One story, with a 0/1 column for every theme and every tag: the wide form, for statistics.")
    key = ("story",)
    audiences = frozenset({Audience.ANALYST})

    story = Column("story", LineWidget(), _("The story's ref."))

    def columns(self, audience):
        """The story's ref, then a column for each theme and for each tag in use."""
        return [*super().columns(audience), *(self.code_column(axis, name) for axis, name in self.codes(audience))]

    def code_column(self, axis, name):
        column = Column(None, CountWidget(), CODE_MEANS[axis])
        column.column_name = f"{axis}: {name}"
        return column

    def count(self, audience):
        return Stories().within(self.reach).count(audience)

    def codes(self, audience):
        stories = Stories().within(self.reach).rows_within(audience).values("pk")
        tags = Tag.objects.filter(story_tags__content_object__in=stories).distinct()
        themes = in_key_order(Theme.objects, ["slug"]).values_list("slug", flat=True)
        return [("theme", slug) for slug in themes] + [("tag", tag.name) for tag in in_key_order(tags, ["name"])]

    def records(self, audience, among=None):
        codes = self.codes(audience)
        for ref, tags, themes in Stories().within(self.reach).codes(audience, among):
            coded = {*(("tag", name) for name in tags), *(("theme", slug) for slug in themes)}
            yield [ref, *(int(code in coded) for code in codes)]


class RemovedStories(Dataset):
    dataset = "removed"
    programme_path = "story__workshop__phase__programme"
    row_is = _("One story that was here and is not any more: delete it from your copies.")
    key = ("ref",)
    ordering = ("story__ref",)
    is_flat = True
    audiences = READERS
    model = RemovedStory

    ref = Column("story__ref", LineWidget(), _("Its reference."))
    removed_on = Column("day", DateWidget(), _("The day on which it was withdrawn, erased or lowered."))

    def rows(self, audience):
        """Everyone learns of what was public, analysts also of what they could download."""
        if audience == Audience.PUBLIC:
            return RemovedStory.objects.filter(reach__gte=Consent.PUBLIC)
        return RemovedStory.objects.filter(reach__gte=Consent.TEAM)
