"""How tags are read and written: which spellings are one tag, and how a text field lists several."""

import csv
import unicodedata


def tidy_name(name):
    """A tag's name in composed Unicode form, single-spaced: the spelling people read."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def tag_key(name):
    """What makes two spellings one tag: case, spacing and Unicode form do not count; accents do.

    >>> tag_key("  Mental   HEALTH ") == tag_key("mental health")
    True
    >>> tag_key("Café") == tag_key("CAFÉ") != tag_key("cafe")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())


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
