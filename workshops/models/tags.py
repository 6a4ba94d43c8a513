from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from simple_history.models import HistoricalRecords
from taggit.managers import TaggableManager, _TaggableManager
from taggit.models import ItemBase, TagBase

from workshops.tags import KEY_LIMIT, NAME_LIMIT, TagsFormField, check_tags, tag_key, tidy_name


class TagQuerySet(models.QuerySet):
    def for_names(self, names):
        """The tags of these names as {key: tag}, made where they are missing. Mostly one query, or four."""
        names = [tidy_name(name) for name in names]
        check_tags(names)
        wanted = {tag_key(name): name for name in reversed(names)}
        found = {tag.key: tag for tag in self.filter(key__in=wanted)}
        while missing := [key for key in wanted if key not in found]:
            taken = set(self.values_list("slug", flat=True))
            new = [self.model(name=wanted[key], key=key) for key in missing]
            for tag in new:
                tag.slug = tag.free_slug(taken)
                taken.add(tag.slug)
            # Two people may make the same tag at once; the database keeps the first, and both use it.
            # Two different tags may want the same slug at once; the later goes round again.
            self.bulk_create(new, ignore_conflicts=True)
            found |= {tag.key: tag for tag in self.filter(key__in=missing)}
        return found


class Tag(TagBase):
    """A word that people file stories and practices under. One whatever its case, spacing or Unicode form."""

    # Names differ wherever keys differ, so the key alone must be unique.
    name = models.CharField(max_length=NAME_LIMIT)
    slug = models.SlugField(max_length=110, unique=True, allow_unicode=True, editable=False)
    key = models.CharField(max_length=KEY_LIMIT, unique=True, editable=False)

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~models.Q(key=""), name="tag_has_a_name")]

    def clean(self):
        self.name = tidy_name(self.name)
        check_tags([self.name])
        twin = type(self).objects.filter(key=tag_key(self.name)).exclude(pk=self.pk).first()
        if twin:
            raise ValidationError({"name": f"“{self.name}” is the same tag as “{twin.name}”. Use that one."})

    def save(self, *args, **kwargs):
        self.name = tidy_name(self.name)
        self.key = tag_key(self.name)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("tag", args=[self.slug])

    def slugify(self, tag, i=None):
        # A name of signs alone still needs a slug, and one whose signs unfold into many letters a short one.
        slug = super().slugify(tag)[:NAME_LIMIT] or "tag"
        return f"{slug}_{i}" if i else slug

    def free_slug(self, taken):
        """A slug for this name that is not in `taken`."""
        slug, i = self.slugify(self.name), 0
        while slug in taken:
            i += 1
            slug = self.slugify(self.name, i)
        return slug


class TagManager(_TaggableManager):
    """Taggit's manager, which here finds a tag by its key and not by one exact spelling."""

    def _to_tag_model_instances(self, tags, tag_kwargs):
        tags = list(tags)
        named = Tag.objects.for_names(tag for tag in tags if isinstance(tag, str))
        return list(dict.fromkeys(named[tag_key(tag)] if isinstance(tag, str) else tag for tag in tags))


class TagsField(TaggableManager):
    """The `tags` of a model, through a link table of its own."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("manager", TagManager)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def formfield(self, form_class=TagsFormField, **kwargs):
        return super().formfield(form_class=form_class, **kwargs)


class StoryTag(ItemBase):
    """A tag on a story."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="story_tags")
    content_object = models.ForeignKey("workshops.Story", models.CASCADE, related_name="story_tags")

    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="story_has_a_tag_once")]


class PracticeTag(ItemBase):
    """A tag on a practice."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="practice_tags")
    content_object = models.ForeignKey("workshops.Practice", models.CASCADE, related_name="practice_tags")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="practice_has_a_tag_once")]
