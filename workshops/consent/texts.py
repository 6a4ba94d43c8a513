"""The texts in a value of a column: one in most, several in JSON."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from workshops.consent.word_fields import FoundField

SEPARATOR = "\n"
"""Between the keys that lead to a text in JSON, which hold no line end."""


def texts_in(field: FoundField, value: Any) -> dict[str, str]:
    """{part: text} of a value. The part is empty, or leads to the text in JSON."""
    if field.holds_json and (parsed := parse(field, value)) is not None:
        return {part: text for part, text in walk(parsed) if is_searched(field, part)}
    if isinstance(value, list):  # of a LinesField
        return {"": "\n".join(value)}
    return {"": value} if isinstance(value, str) else {}


def put_texts(field: FoundField, value: Any, texts: Mapping[str, str]) -> Any:
    """The value with these texts in place of its own, as the column takes it."""
    parsed = parse(field, value) if field.holds_json else None
    if parsed is None:
        return texts[""]
    for part, text in texts.items():
        parsed = put(parsed, part.split(SEPARATOR) if part else [], text)
    return json.dumps(parsed) if field.fate.as_json else parsed


def parse(field: FoundField, value: Any) -> Any:
    """JSON as Python has it, as a copy; None if a column of text holds something else."""
    try:
        return json.loads(value) if field.fate.as_json else json.loads(json.dumps(value))
    except ValueError:
        return None


def is_searched(field: FoundField, part: str) -> bool:
    return not field.fate.parts or part.split(SEPARATOR)[0] in field.fate.parts


def walk(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """(part, text) for each text in JSON, however deep."""
    if isinstance(value, str):
        yield SEPARATOR.join(path), value
    elif isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from walk(each, (*path, str(key)))


def put(value: Any, path: list[str], text: str) -> Any:
    if not path:
        return text
    key: Any = int(path[0]) if isinstance(value, list) else path[0]
    value[key] = put(value[key], path[1:], text)
    return value
