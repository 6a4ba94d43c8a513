"""The rows of the preview as they were typed, valid or not: how an entry becomes one, and what buttons do to them."""

from django.utils.translation import gettext, ngettext

from workshops.choices import Consent
from workshops.notes import title_of
from workshops.notes.reading import NOTE, PRACTICE

HERE_BEGINS_THE_NEXT = "---"
"""The line at which the text of an entry is split in two."""
MAX_ROWS = 400
"""How many the form takes; what a browser sends beyond that would be lost."""


def row_of(entry):
    """A row of the form from an entry that was read."""
    return {
        "title": entry.title,
        "text": entry.text,
        "kind": entry.kind,
        "choice": entry.choice,
        "service_area": str(entry.service_area.pk) if entry.service_area else "",
        "place": str(entry.place.pk) if entry.place else "",
        "themes": [str(theme.pk) for theme in entry.themes],
        "tags": ", ".join(entry.tags),
        "consent": Consent.FACILITATORS.value,
        "agreements": entry.agreements,
        "private": entry.private,
        "line": entry.line,
        "heading": entry.heading,
    }


def empty_row():
    texts = ["title", "text", "choice", "location", "service_area", "place", "tags", "agreements", "line", "heading"]
    defaults = {"kind": NOTE, "consent": Consent.FACILITATORS.value, "themes": [], "private": False}
    return dict.fromkeys(texts, "") | defaults


def mended(rows, todo, number):
    """Do to the rows what a button says. Returns the number of the row that gets the focus, and the problem if any."""
    if todo in ("add", "split") and len(rows) >= MAX_ROWS:
        return number, no_room_sentence()
    if todo == "add":
        rows.append(empty_row())
        return len(rows) - 1, None
    if todo == "merge" and number:
        merge_rows(rows, number)
        return number - 1, None
    if todo == "split" and number is not None:
        if split(rows, number):
            return number + 1, None
        return number, not_split_sentence(number)
    return None, None


def no_room_sentence():
    sentence = ngettext(
        "There is %(count)s entry, and no room for more. Save it first.",
        "There are %(count)s entries, and no room for more. Save these first.",
        MAX_ROWS,
    )
    return sentence % {"count": MAX_ROWS}


def not_split_sentence(number):
    sentence = gettext(
        "Entry %(number)s was not split. Put a line of three dashes (%(dashes)s) into its text where the second entry "
        "begins, or the cursor, then press “Split” again."
    )
    return sentence % {"number": number + 1, "dashes": HERE_BEGINS_THE_NEXT}


def merge_rows(rows, number):
    """Merge a row into the one before it, which keeps its kind and title. The narrower consent counts."""
    into, row = rows[number - 1], rows.pop(number)
    into["text"] = f"{into['text'].rstrip()}\n{row['text'].lstrip()}"
    into["tags"] = ", ".join(filter(None, [into["tags"], row["tags"]]))
    into["themes"] = [*into["themes"], *(theme for theme in row["themes"] if theme not in into["themes"])]
    for name in ("choice", "location", "service_area", "place"):
        into[name] = into[name] or row[name]
    into["agreements"] = whole(into["agreements"]) + whole(row["agreements"])
    into["consent"] = min(whole(into["consent"]), whole(row["consent"]))
    into["DELETE"] = False
    into["private"] = is_ticked(into["private"]) or is_ticked(row["private"])
    if into["private"]:
        into["consent"] = Consent.FACILITATORS.value
        into["kind"] = NOTE if into["kind"] == PRACTICE else into["kind"]


def split(rows, number):
    """Split a row at its first line of three dashes. Returns whether there was one, with words on both sides."""
    row = rows[number]
    lines = row["text"].splitlines()
    marks = [place for place, line in enumerate(lines) if line.strip() == HERE_BEGINS_THE_NEXT]
    first, second = (
        ("\n".join(part).strip() for part in (lines[: marks[0]], lines[marks[0] + 1 :])) if marks else ("", "")
    )
    if not first or not second:
        return False
    rows.insert(number + 1, row | {"text": second, "title": title_of(second), "agreements": 0})
    row |= {"text": first, "title": title_of(first)}
    return True


def whole(value):
    """A number as it was typed; 0 for what is none."""
    try:
        return max(0, int(value))
    except (TypeError, ValueError):
        return 0


def is_ticked(value):
    return value in (True, "True", "on", "1")
