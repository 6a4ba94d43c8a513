import datetime
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords
from taggit.managers import TaggableManager, _TaggableManager
from taggit.models import ItemBase, TagBase

from workshops import search
from workshops.models.programmes import in_workshops_of
from workshops.roles import edited_by, is_editor, is_editor_somewhere
from workshops.tags import MAX_TAG_KEY_LENGTH, MAX_TAG_NAME_LENGTH, TagsFormField, check_tags, tag_key, tidy_name


class TagQuerySet(models.QuerySet):
    def for_names(self, names):
        """The tags of these names as {key: tag}; missing ones are made. Mostly one query, or four."""
        names = [tidy_name(name) for name in names]
        check_tags(names)
        wanted = {tag_key(name): name for name in reversed(names)}
        found = {tag.key: tag for tag in self.locked(wanted)}
        # Sorted, so that two people who make the same tags never wait for each other (a deadlock).
        while missing := sorted(key for key in wanted if key not in found):
            taken = set(self.values_list("slug", flat=True))
            new = [self.model(name=wanted[key], key=key) for key in missing]
            for tag in new:
                tag.slug = tag.free_slug(taken)
                taken.add(tag.slug)
            # Two people may make the same tag at once: the database keeps the first, and both use it.
            # Two different tags may want the same slug at once: the later is tried again with another.
            self.bulk_create(new, ignore_conflicts=True)
            found |= {tag.key: tag for tag in self.locked(missing)}
        return found

    def locked(self, keys):
        """The tags with these keys, locked: until the transaction ends, whoever merges or deletes one of them waits.

        PostgreSQL checks the tag of a link only when the transaction ends, and would then refuse all of it. The lock
        is shared, so that people who tag do not wait for each other. SQLite has one writer at a time anyway.
        """
        connection = transaction.get_connection()
        if connection.vendor != "postgresql" or not connection.in_atomic_block:
            return self.filter(key__in=keys)
        table = connection.ops.quote_name(self.model._meta.db_table)
        sql = f"SELECT * FROM {table} WHERE key = ANY(%s) ORDER BY id FOR KEY SHARE"  # noqa: S608 - our table's name
        return self.raw(sql, [list(keys)], using=connection.alias)

    def visible_to(self, user):
        """Tags on a story or practice that this person sees, and tags on nothing at all."""
        seen = Exists(StoryTag.seen_by(user)) | Exists(PracticeTag.seen_by(user))
        used = Exists(StoryTag.objects.filter(tag=OuterRef("pk"))) | Exists(
            PracticeTag.objects.filter(tag=OuterRef("pk"))
        )
        return self.filter(seen | ~used)

    def edited_by(self, user):
        """Those that an editor renames, merges and deletes: with a role for some programmes, those used in no other."""
        if is_editor(user):
            return self
        if not is_editor_somewhere(user):
            return self.none()
        practices = PracticeTag._meta.get_field("content_object").related_model.objects.edited_by(user)
        on_stories = StoryTag.objects.exclude(in_workshops_of(edited_by(user), "content_object__workshop"))
        on_practices = PracticeTag.objects.exclude(content_object__in=practices.values("pk"))
        return self.exclude(Q(pk__in=on_stories.values("tag")) | Q(pk__in=on_practices.values("tag")))

    def with_uses(self, user):
        """Adds `story_count` and `practice_count`: how many of those that this person sees bear the tag."""
        return self.annotate(story_count=count(StoryTag.seen_by(user)), practice_count=count(PracticeTag.seen_by(user)))

    def on_stories(self, story_ids):
        """The tags of these stories, the most frequent first, with `story_count`: how many of them have the tag."""
        borne = self.filter(story_tags__content_object__in=story_ids)
        return borne.annotate(story_count=models.Count("story_tags")).order_by("-story_count", "name")

    @transaction.atomic(savepoint=False)
    def delete(self):
        stories = lock_with_stories(list(self.values_list("pk", flat=True)))
        deleted = super().delete()
        search.index(stories)
        return deleted


def lock_with_stories(tag_ids):
    """Lock these tags and every story that has one until the transaction ends. Returns the stories' primary keys.

    Stories are locked first, as by everyone who tags: in one and the same order there is no deadlock. If a story was
    tagged before the tags were locked, all locks are released and the attempt starts again.
    """
    bearing = StoryTag.objects.filter(tag__in=tag_ids).values_list("content_object", flat=True)
    while True:
        begun = transaction.savepoint()
        stories = set(bearing.all())
        StoryTag.lock(stories)
        list(Tag.objects.select_for_update().filter(pk__in=tag_ids).order_by("pk"))
        if set(bearing.all()) <= stories:
            transaction.savepoint_commit(begun)
            return stories
        transaction.savepoint_rollback(begun)


def count(links):
    """How many of these links a tag has, as a column of the tag."""
    counted = links.order_by().values("tag").annotate(n=models.Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


class Tag(TagBase):
    """A word under which people file stories and practices. Case, spacing and Unicode form make no difference.

    A new name leaves its slug as it is, and so its address.
    """

    KEY = "slug"

    # Names differ wherever keys differ, so the key alone must be unique.
    name = models.CharField(_("name"), max_length=MAX_TAG_NAME_LENGTH)
    slug = models.SlugField(_("slug"), max_length=110, unique=True, allow_unicode=True, editable=False)
    key = models.CharField(_("key"), max_length=MAX_TAG_KEY_LENGTH, unique=True, editable=False)

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~models.Q(key=""), name="tag_has_a_name")]

    def clean(self):
        self.name = tidy_name(self.name)
        check_tags([self.name])
        twin = type(self).objects.filter(key=tag_key(self.name)).exclude(pk=self.pk).first()
        if twin:
            sentence = gettext("“%(name)s” is the same tag as “%(twin)s”. Use that one.")
            raise ValidationError({"name": sentence % {"name": self.name, "twin": twin.name}})

    def save(self, *args, **kwargs):
        self.name = tidy_name(self.name)
        self.key = tag_key(self.name)
        with transaction.atomic():
            stories = lock_with_stories([self.pk]) if self.pk else []
            super().save(*args, **kwargs)
            search.index(stories)

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            stories = lock_with_stories([self.pk])
            deleted = super().delete(*args, **kwargs)
            search.index(stories)
        return deleted

    def get_absolute_url(self):
        return reverse("tag", args=[self.slug])

    def slugify(self, tag, i=None):
        # A name without letters still needs a slug, and one that unfolds into many letters needs a short one.
        slug = super().slugify(tag)[:MAX_TAG_NAME_LENGTH] or "tag"
        return f"{slug}_{i}" if i else slug

    def free_slug(self, taken):
        """A slug for this name that is not in `taken`."""
        slug, i = self.slugify(self.name), 0
        while slug in taken:
            i += 1
            slug = self.slugify(self.name, i)
        return slug


class TagManager(_TaggableManager):
    """Taggit's manager, which here finds a tag by its key in place of its exact spelling."""

    def _to_tag_model_instances(self, tags, tag_kwargs):
        tags = list(tags)
        named = Tag.objects.for_names(tag for tag in tags if isinstance(tag, str))
        return list(dict.fromkeys(named[tag_key(tag)] if isinstance(tag, str) else tag for tag in tags))

    # Nobody may merge a tag away between finding and linking it; see `TagQuerySet.locked`.

    def add(self, *args, **kwargs):
        with self.through.written([self.instance.pk]):
            super().add(*args, **kwargs)

    def remove(self, *args, **kwargs):
        with self.through.written([self.instance.pk]):
            super().remove(*args, **kwargs)

    def clear(self):
        with self.through.written([self.instance.pk]):
            super().clear()

    @transaction.atomic(savepoint=False)
    def set(self, *args, **kwargs):
        super().set(*args, **kwargs)


class TagsField(TaggableManager):
    """The `tags` of a model, through a link table of its own."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("manager", TagManager)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        """Migrations name taggit's field, for the database knows nothing of managers and forms."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "taggit.managers.TaggableManager", args, kwargs

    def formfield(self, form_class=TagsFormField, **kwargs):
        return super().formfield(form_class=form_class, **kwargs)


class BulkTaggingQuerySet(models.QuerySet):
    def expired(self):
        return self.filter(made_at__lt=timezone.now() - datetime.timedelta(hours=BulkTagging.UNDO_HOURS))

    def open_to(self, user):
        """The actions that this person may still undo: their own, of the last hours."""
        return self.filter(by=user).exclude(pk__in=self.expired().values("pk"))


class LinkQuerySet(models.QuerySet):
    """Links of tags. Writing many at a time updates the search index too."""

    def bulk_create(self, objs, *args, **kwargs):
        objs = list(objs)
        with self.model.written([link.content_object_id for link in objs]):
            return super().bulk_create(objs, *args, **kwargs)

    def delete(self):
        with self.model.written(self.owners()):
            return super().delete()

    def update(self, **changed):
        with self.model.written(self.owners()):
            return super().update(**changed)

    def _raw_delete(self, using):
        with self.model.written(self.owners()):
            return super()._raw_delete(using)

    def owners(self):
        return self.values_list("content_object", flat=True)


class Link(ItemBase):
    """A tag on something."""

    objects = LinkQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    @contextmanager
    def written(cls, owners):
        """A context for writing links of these: it locks them before and indexes them after, all in one transaction."""
        with transaction.atomic(savepoint=False):
            owners = list(owners)  # evaluated in the transaction, before their links are deleted
            cls.lock(owners)
            yield
            cls.index_words(owners)

    @classmethod
    def lock(cls, owners):
        """Lock these until the transaction ends, before any link or tag of theirs is locked. Only stories need it."""

    @classmethod
    def index_words(cls, owners):
        """Update the search index after links were written. Only stories are in it."""

    @classmethod
    def seen_by(cls, user):
        """Links of the outer query's tag to stories or practices that this person sees."""
        model = cls._meta.get_field("content_object").related_model
        return cls.objects.filter(tag=OuterRef("pk"), content_object__in=model.objects.visible_to(user).values("pk"))


class StoryTag(Link):
    """A tag on a story."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="story_tags", verbose_name=_("tag"))
    content_object = models.ForeignKey(
        "workshops.Story", models.CASCADE, related_name="story_tags", verbose_name=_("content object")
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("story tag")
        verbose_name_plural = _("story tags")
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="story_has_a_tag_once")]

    @classmethod
    def lock(cls, owners):
        if transaction.get_connection().features.has_select_for_update:
            stories = cls._meta.get_field("content_object").related_model.objects
            list(stories.filter(pk__in=set(owners)).order_by("pk").select_for_update(no_key=True).values_list("pk"))

    @classmethod
    def index_words(cls, owners):
        search.index(owners)


class PracticeTag(Link):
    """A tag on a practice."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="practice_tags", verbose_name=_("tag"))
    content_object = models.ForeignKey(
        "workshops.Practice", models.CASCADE, related_name="practice_tags", verbose_name=_("content object")
    )

    class Meta:
        verbose_name = _("practice tag")
        verbose_name_plural = _("practice tags")
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="practice_has_a_tag_once")]


class BulkTagging(models.Model):
    """What one person's bulk action added to stories and removed from them, so that they can undo it for some hours.

    `links` is {"tags" or "themes": {"added": [primary keys of links], "removed": [[story, tag or theme], …]}}.
    """

    UNDO_HOURS = 12

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("by"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now, db_index=True)
    links = models.JSONField(_("links"))

    objects = BulkTaggingQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk tagging")
        verbose_name_plural = _("bulk taggings")

    def __str__(self):
        return gettext("Bulk tagging %(number)s") % {"number": self.pk}
