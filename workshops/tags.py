"""How tags are read and written: which spellings are one tag, and how a text field lists several."""

import csv
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from taggit.forms import TagField, TagWidget

NAME_LIMIT = 100
KEY_LIMIT = 200


# Signs that nobody sees but that shape the letters beside them, in Persian for one. A name keeps them, a key does not.
JOINERS = "\u200c\u200d"


def without_unseen(text, keep=""):
    """A text without zero-width spaces, soft hyphens and marks of direction, which copying brings along."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf" or sign in keep)


def tidy_name(name):
    """A tag's name in composed Unicode form, single-spaced: the spelling people read."""
    return " ".join(unicodedata.normalize("NFC", without_unseen(name, keep=JOINERS)).split())


def tag_key(name):
    """What makes two spellings one tag: case, spacing, Unicode form and what nobody sees do not count; accents do.

    >>> tag_key("  Mental   HEALTH ") == tag_key("mental health")
    True
    >>> tag_key("Café") == tag_key("CAFÉ") != tag_key("cafe")
    True
    """
    folded = unicodedata.normalize("NFKC", without_unseen(name)).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def split_tags(text):
    """Read a comma-separated field; spaces belong to the tag, quotes protect a comma.

    >>> split_tags('mental health, "food, drink",, trust')
    ['mental health', 'food, drink', 'trust']
    """
    line = " ".join((text or "").split())
    names = next(csv.reader([line], skipinitialspace=True), [])
    return [tidy for name in names if (tidy := tidy_name(name))]


def join_tags(tags):
    """Write tags as `split_tags` reads them, by name."""
    return ", ".join(sorted(quoted(tag.name) for tag in tags))


def quoted(name):
    return '"{}"'.format(name.replace('"', '""')) if set(name) & set(',"') else name


def check_tags(names):
    """A ValidationError for names that no tag can bear. Some signs fold into many letters, so the key has a limit too."""
    for name in names:
        if not tag_key(name):
            raise ValidationError(_("A tag needs a name."))
        if len(name) > NAME_LIMIT or len(tag_key(name)) > KEY_LIMIT:
            sentence = _("“%(name)s…” is too long for a tag: at most %(limit)s letters.")
            raise ValidationError(sentence % {"name": name[:40], "limit": NAME_LIMIT})


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
