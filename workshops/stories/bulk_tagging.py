"""Tagging many stories at once, undoing that, and merging tags.

All is written in bulk and with its history; tagging is one transaction, merging one for some hundred stories.
Only `add_links`, `cut` and `move_links_of_tags` write links.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Min
from django.utils.translation import gettext

from workshops import search
from workshops.chunks import let_others_write
from workshops.history import ADDED, REMOVED, record_bulk_history
from workshops.models import BulkTagging, MovedAddress, PracticeTag, Story, StoryTag, Tag, Theme
from workshops.models.tags import lock_with_stories
from workshops.tags import tag_key

TAGGING_BATCH = 1000
OWNERS_PER_MERGE = 500
"""Of how many stories or practices a merge moves the tags before it lets others write."""


@dataclass(frozen=True)
class Axis:
    """Tags or themes: the table that links stories to them, and the names of its columns."""

    name: str
    links: type
    story: str
    term: str

    @property
    def singular(self):
        return self.name.removesuffix("s")


TAG_AXIS = Axis("tags", StoryTag, "content_object_id", "tag_id")
THEME_AXIS = Axis("themes", Story.themes.through, "story_id", "theme_id")
AXES = [TAG_AXIS, THEME_AXIS]


@dataclass
class TaggingChange:
    """What to add to stories and what to remove. A tag to add is given by name, for it need not exist yet."""

    add_tags: list[str] = field(default_factory=list)
    remove_tags: list[Tag] = field(default_factory=list)
    add_themes: list[Theme] = field(default_factory=list)
    remove_themes: list[Theme] = field(default_factory=list)


@dataclass
class Effect:
    """What a change does with one tag or theme: the stories to which it adds it, or from which it `removes` it."""

    axis: Axis
    word: str
    removes: bool
    stories: set[int]

    @property
    def count(self):
        return len(self.stories)


@dataclass
class Undone:
    """What was undone: on how many stories, how many were `left` because they may no longer be changed, and how many
    removed links are `lost` because their tag or theme is gone."""

    stories: int
    left: int
    lost: int


def preview_tagging(story_ids, change):
    """What a change would do to these stories, as a list of Effects. Nothing is written, not even a new tag."""
    ids = set(story_ids)
    known = {tag.key: tag for tag in Tag.objects.filter(key__in=[tag_key(name) for name in change.add_tags])}
    terms = [(TAG_AXIS, known.get(tag_key(name)), name, False) for name in change.add_tags]
    terms += [(TAG_AXIS, tag, tag.name, True) for tag in change.remove_tags]
    terms += [(THEME_AXIS, theme, theme.name, False) for theme in change.add_themes]
    terms += [(THEME_AXIS, theme, theme.name, True) for theme in change.remove_themes]
    bearing = {axis: bearers(axis, ids, [term.pk for on, term, *_ in terms if on is axis and term]) for axis in AXES}
    effects = []
    for axis, term, word, removes in terms:
        now = bearing[axis][term.pk] if term else set()
        effects.append(Effect(axis, term.name if term else word, removes, now if removes else ids - now))
    return effects


def preview_undo(record):
    """What undoing an action would do now, as a list of Effects."""
    effects = []
    for axis in AXES:
        model = axis.links._meta.get_field(axis.term.removesuffix("_id")).related_model
        added, removed = defaultdict(set), defaultdict(set)
        for link in axis.links.objects.in_bulk(record.links[axis.name]["added"]).values():
            added[getattr(link, axis.term)].add(getattr(link, axis.story))
        for story, term in record.links[axis.name]["removed"]:
            removed[term].add(story)
        terms = model.objects.in_bulk([*added, *removed])
        for gone, stories in ((True, added), (False, removed)):
            effects += [Effect(axis, terms[pk].name, gone, stories[pk]) for pk in stories if pk in terms]
    return effects


def bearers(axis, story_ids, term_ids):
    """{tag or theme: the stories among these that have it}, all as primary keys."""
    stories = defaultdict(set)
    for story, term in links_between(axis, story_ids, term_ids).values_list(axis.story, axis.term):
        stories[term].add(story)
    return stories


def links_between(axis, story_ids, term_ids):
    return axis.links.objects.filter(**{f"{axis.story}__in": list(story_ids), f"{axis.term}__in": list(term_ids)})


@transaction.atomic
@search.indexing_once()
def apply_tagging(story_ids, change, by, may_write):
    """Make this change to those of these stories that `by` may write. Returns the BulkTagging, unsaved if nothing changed.

    `may_write` is called for each story after it is locked, so that nobody publishes or withdraws it in between.
    """
    stories = {story.pk: story for story in lock_stories(story_ids, by) if may_write(story)}
    tags = Tag.objects.for_names(change.add_tags)
    add = {TAG_AXIS: [tag.pk for tag in tags.values()], THEME_AXIS: [theme.pk for theme in change.add_themes]}
    remove = {
        TAG_AXIS: [tag.pk for tag in change.remove_tags],
        THEME_AXIS: [theme.pk for theme in change.remove_themes],
    }
    links, touched = {}, {}
    for axis in AXES:
        gone = list(links_between(axis, stories, remove[axis]))
        came = add_links(axis, [(story, term) for term in add[axis] for story in stories])
        cut(gone)
        links[axis.name] = {
            "added": [link.pk for link in came],
            "removed": [[getattr(link, axis.story), getattr(link, axis.term)] for link in gone],
        }
        touched[axis] = {getattr(link, axis.story) for link in [*came, *gone]}
    note_changes(stories, touched)
    record = BulkTagging(by=by, links=links)
    record.story_count = len(touched[TAG_AXIS] | touched[THEME_AXIS])
    if record.story_count:
        BulkTagging.objects.expired().delete()
        record.save()
    return record


@transaction.atomic
@search.indexing_once()
def undo_tagging(record, may_write):
    """Remove what one action added and put back what it removed, and nothing else. Once only.

    A link that somebody else has removed since, or removed and added again, is left as it is. Returns an Undone, or
    None if the action was undone a moment before.
    """
    record = BulkTagging.objects.select_for_update().filter(pk=record.pk).first()
    if record is None:
        return None
    added = {axis: list(axis.links.objects.in_bulk(record.links[axis.name]["added"]).values()) for axis in AXES}
    removed = {axis: [tuple(pair) for pair in record.links[axis.name]["removed"]] for axis in AXES}
    owners = {getattr(link, axis.story) for axis in AXES for link in added[axis]}
    owners |= {story for axis in AXES for story, _ in removed[axis]}
    stories = {story.pk: story for story in lock_stories(owners, record.by) if may_write(story)}
    touched, lost = {}, 0
    for axis in AXES:
        gone = [link for link in added[axis] if getattr(link, axis.story) in stories]
        back = [(story, term) for story, term in removed[axis] if story in stories]
        there = terms_there(axis, {term for _, term in back})
        lost += sum(term not in there for _, term in back)
        cut(gone)
        came = add_links(axis, [(story, term) for story, term in back if term in there])
        touched[axis] = {getattr(link, axis.story) for link in [*gone, *came]}
    note_changes(stories, touched)
    record.delete()
    return Undone(len(touched[TAG_AXIS] | touched[THEME_AXIS]), len(owners - stories.keys()), lost)


def lock_stories(story_ids, user):
    """Those of these stories that the user sees, locked in a fixed order, so that two people cannot deadlock."""
    return Story.objects.visible_to(user).filter(pk__in=story_ids).order_by("pk").select_for_update(no_key=True)


def terms_there(axis, term_ids):
    """Those of these tags or themes that still exist."""
    if axis is TAG_AXIS:
        keys = Tag.objects.filter(pk__in=term_ids).values_list("key", flat=True)
        return {tag.pk for tag in Tag.objects.locked(list(keys))}
    return set(Theme.objects.filter(pk__in=term_ids).values_list("pk", flat=True))


def add_links(axis, pairs):
    """Link stories to tags or themes, each once; `pairs` are primary keys. Returns the links that are new."""
    if not pairs:
        return []
    stories, terms = ({pair[end] for pair in pairs} for end in (0, 1))
    there = set(links_between(axis, stories, terms).values_list(axis.story, axis.term))
    wanted = dict.fromkeys(pair for pair in pairs if pair not in there)
    links = [axis.links(**{axis.story: story, axis.term: term}) for story, term in wanted]
    # An import, which does not lock the stories, may add the same link at this very moment; either will do.
    axis.links.objects.bulk_create(links, batch_size=TAGGING_BATCH, ignore_conflicts=True)
    now = links_between(axis, stories, terms) if links else []
    new = [link for link in now if (getattr(link, axis.story), getattr(link, axis.term)) in wanted]
    record_bulk_history(new, ADDED)
    return new


def cut(links):
    """Delete these links, all of one table, and record it in their history."""
    if not links:
        return
    record_bulk_history(links, REMOVED)
    found = type(links[0]).objects.filter(pk__in=[link.pk for link in links])
    # Not `delete()`, which would record the history of each link once more, one by one.
    found._raw_delete(found.db)


def note_changes(stories, touched):
    tell_open_forms(StoryTag, touched[TAG_AXIS] | touched[THEME_AXIS])
    record_bulk_history([stories[pk] for pk in sorted(touched[THEME_AXIS])])


def tell_open_forms(links, owners):
    """Count a new version of these stories or practices: a form that was opened before would put the old tags back."""
    model = links._meta.get_field("content_object").related_model
    model.objects.filter(pk__in=owners).update(**model.next_version())


def merge_tags(tags, into):
    """Make these tags one: whatever had any of them has `into`, once. The others are deleted, and their addresses lead to it.

    Links move some hundred owners at a time, each lot in a transaction of its own, so that nobody waits long for the
    database. The other tags go last: a merge that is cut short leaves both, and is ended by asking for it again.
    Raises Tag.DoesNotExist if `into` is gone.
    """
    others = {tag.pk for tag in tags} - {into.pk}
    for links in (StoryTag, PracticeTag):
        while owners := owners_of(links, others)[:OWNERS_PER_MERGE]:
            move_links_of_tags(links, owners, others, into)
            let_others_write()
    delete_merged(others, into)


def owners_of(links, tag_ids):
    """The primary keys of the stories, or practices, that have one of these tags, in order."""
    owners = links.objects.filter(tag__in=tag_ids).order_by("content_object")
    return owners.values_list("content_object", flat=True).distinct()


@transaction.atomic
@search.indexing_once()
def delete_merged(others, into):
    """Delete these tags, once whoever has tagged something with one of them meanwhile has `into` in its place."""
    # From here on nobody else can link any of them; see `TagQuerySet.locked`.
    lock_with_stories(others)
    hold_tag(into)
    for links in (StoryTag, PracticeTag):
        if owners := list(owners_of(links, others)):
            move_links_of_tags(links, owners, others, into)
    merged = Tag.objects.filter(pk__in=others)
    MovedAddress.objects.remember_merge(merged, into)
    merged.delete()


@transaction.atomic
@search.indexing_once()
def move_links_of_tags(links, owners, others, into):
    """Give these stories or practices the tag `into`, once, in place of the `others` that they have."""
    owners = list(owners)
    links.lock(owners)
    hold_tag(into)
    old = links.objects.filter(tag__in=others, content_object__in=owners)
    having = links.objects.filter(tag=into).values("content_object")
    first = old.exclude(content_object__in=having).values("content_object").annotate(first=Min("pk"))
    moved = list(links.objects.filter(pk__in=[row["first"] for row in first.order_by()]))
    record_bulk_history(moved, REMOVED)
    for link in moved:
        link.tag = into
    links.objects.filter(pk__in=[link.pk for link in moved]).update(tag=into)
    record_bulk_history(moved, ADDED)
    doubles = list(old.all())
    cut(doubles)
    tell_open_forms(links, {link.content_object_id for link in [*moved, *doubles]})


def hold_tag(tag):
    """Keep a tag from being merged or deleted until the transaction ends. Raises Tag.DoesNotExist if it is gone."""
    if not list(Tag.objects.select_for_update().filter(pk=tag.pk).values_list("pk")):
        raise Tag.DoesNotExist(gettext("“%(tag)s” is no longer there.") % {"tag": tag})
