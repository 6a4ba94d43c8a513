"""`python -m tests.word_table` writes .readme/words.md: every place that can hold words, and what becomes of them."""

import os
from collections import defaultdict
from pathlib import Path

import django

DOCUMENT = Path(__file__).resolve().parent.parent / ".readme" / "words.md"
INTRODUCTION = """\
# Where words lie, and what becomes of them

Every column, table, cache, cookie, file and log of the archive that can hold somebody's words is registered in the
`held_words.py` of its app, and a test fails for one that is not. This page is made from what is registered there:
`python -m tests.word_table` writes it anew.

- *Deleted with its story*: when the story is withdrawn, and when its teller is erased.
- *Deleted with the person*: when they are erased.
- *Found*: an editor's own text. Runs of six or more words that a withdrawn story shares with it are cut out at once, and
  an editor gives them back or keeps them out. Case, accents, punctuation and spaces make no difference; of Chinese, Japanese
  and Korean two characters count as a word; in Thai, Lao, Khmer and Burmese, what stands between two spaces does.
- *Kept*: with the reason.

A column of choices, a number, a day and a link to another row hold no words.
"""


def word_table():
    """The page, from what is registered."""
    from workshops.consent.word_fields import registered_fields, registered_stores, registered_tables

    columns = sorted([*registered_fields.items(), *registered_tables.items()], key=lambda item: item[0])
    places = [(model, name, fate) for (model, name), fate in columns]
    stores = [(*name.split(" ", 1), fate) for name, fate in sorted(registered_stores.items())]
    return "\n".join(
        [
            INTRODUCTION,
            "## Columns\n",
            *rows_of_table("table", "columns", places),
            "\n## Elsewhere\n",
            *rows_of_table("kind", "which", stores),
            "",
        ]
    )


def rows_of_table(first, second, places):
    """Lines of a table in Markdown; what shares a place and a fate shares a line."""
    together = defaultdict(list)
    for place, name, fate in places:
        together[place, said_of(fate)].append(f"`{name}`")
    yield f"| {first} | {second} | what becomes of the words |"
    yield "|---|---|---|"
    yield from (f"| {place} | {', '.join(names)} | {says} |" for (place, says), names in together.items())


def said_of(fate):
    if fate.kept_because:
        return f"Kept. {fate.kept_because}"
    found = "Found. " if fate.is_found else ""
    with_whom = {"story": "its story", "person": "the person"}
    deleted = f"Deleted with {with_whom[fate.deleted_with]}, by `{fate.deleted_by}`." if fate.deleted_by else ""
    return f"{found}{deleted}".strip()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    DOCUMENT.write_text(word_table(), encoding="utf-8")
