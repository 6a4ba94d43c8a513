"""How tags are read and written: which spellings are one tag, and how a text field lists several."""

import csv
import unicodedata
from collections.abc import Callable, Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from taggit.forms import TagField, TagWidget

MAX_TAG_NAME_LENGTH = 100
MAX_TAG_KEY_LENGTH = 200


# Invisible characters that shape the letters beside them, in Persian for example. A name keeps them, a key does not.
JOINERS = "\u200c\u200d"


def without_unseen(text: str, keep: str = "") -> str:
    """A text without the zero-width spaces, soft hyphens and direction marks that come along when one copies it."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf" or sign in keep)


def tidy_name(name: str) -> str:
    """A tag's name as people read it: in composed Unicode form, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", without_unseen(name, keep=JOINERS)).split())


def tag_key(name: str) -> str:
    """The key by which two spellings are one tag: case, spacing, Unicode form and invisible characters do not count;
    accents do.

    >>> tag_key("  Mental   HEALTH ") == tag_key("mental health")
    True
    >>> tag_key("Café") == tag_key("CAFÉ") != tag_key("cafe")
    True
    """
    folded = unicodedata.normalize("NFKC", without_unseen(name)).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def split_tags(text: str | None) -> list[str]:
    """The names in a comma-separated field. Spaces belong to a name, quotes protect a comma.

    >>> split_tags('mental health, "food, drink",, trust')
    ['mental health', 'food, drink', 'trust']
    """
    line = " ".join((text or "").split())
    names = next(csv.reader([line], skipinitialspace=True), [])
    return [tidy for name in names if (tidy := tidy_name(name))]


def join_tags(tags):
    """The text that `split_tags` reads as these tags, sorted by name."""
    return ", ".join(sorted(quoted(tag.name) for tag in tags))


def quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""')) if set(name) & set(',"') else name


name_checks: list[Callable[[str], object]] = []
"""Functions of a tag's name, which refuse it with a ValidationError. An app appends its own in `AppConfig.ready`."""


def check_tags(names: Iterable[str]) -> None:
    """Refuse names that no tag can have. Some characters fold into many letters, so the key has a limit too."""
    for name in names:
        if not tag_key(name):
            raise ValidationError(_("A tag needs a name."))
        if len(name) > MAX_TAG_NAME_LENGTH or len(tag_key(name)) > MAX_TAG_KEY_LENGTH:
            sentence = _("“%(name)s…” is too long for a tag: at most %(limit)s letters.")
            raise ValidationError(sentence % {"name": name[:40], "limit": MAX_TAG_NAME_LENGTH})
        for check in name_checks:
            check(name)


class TagsFormField(TagField):
    """A text box with tags between commas."""

    widget = TagWidget(attrs={"size": 80})

    def __init__(self, **kwargs):
        super().__init__(**{"max_length": 10_000, **kwargs})

    def clean(self, value):
        names = super().clean(value)
        check_tags(names)
        return names

    def has_changed(self, initial, data):
        return {tag_key(tag.name) for tag in initial or []} != {tag_key(name) for name in split_tags(data)}
