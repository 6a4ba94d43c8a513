"""Files as they are found in the world: conversations with thousands of votes, and files that break importers."""

import json
from collections import Counter

import pytest

from innovation_archive.exchange.imports import import_file
from innovation_archive.exchange.reading import FileProblemError, read_file
from tests.shared import shared
from workshops.models import Vote

KINDS = ["programmes", "service_areas", "themes", "workshops", "participants", "practices", "votes"]


@pytest.mark.django_db
@pytest.mark.parametrize("conversation", ["brexit-consensus", "15-per-hour-seattle", "london.youth.policing"])
def test_conversation_comes_in_whole_and_twice_and_agrees_with_an_independent_tally(conversation):
    folder = shared("polis", conversation)
    for kind in KINDS * 2:
        assert import_file(kind, folder / f"{kind}.csv").problem_lines() == []
    wanted = Counter()
    for practice, groups in json.loads((folder / "oracle.json").read_text(encoding="utf-8")).items():
        for group, counts in groups.items():
            for choice, count in zip(("keep", "amplify", "discard", "create"), counts, strict=True):
                wanted[practice, group or None, choice] += count
    votes = Vote.objects.values_list("practice__ref", "participant__service_area__name", "choice")
    assert Counter(votes) == +wanted


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("latin1.csv", "line 3: byte 0xA9"),
        ("title-row.csv", "a title above it must go"),
        ("weird_head_padding.csv", "header on line 3"),
        ("merged-cells.xlsx", "merged cells"),
        ("workshop_feedback_London_20190312.csv", "two columns"),
    ],
)
def test_messy_file_is_refused_in_words(name, says):
    path = shared("messy", name)
    with pytest.raises(FileProblemError) as refused:
        read_file(path)
    assert (says or name) in str(refused.value)


@pytest.mark.parametrize("name", ["cr-line-endings.csv", "crlf-line-endings.csv"])
def test_file_of_any_line_endings_is_read(name):
    table = read_file(shared("messy", name))
    assert (len(table.columns), table.rows) == (3, [["Biff", "Baff", "Boff"], ["Qux", "Teaspoon", "Doge"]])


def test_file_with_a_byte_order_mark_is_read():
    assert read_file(shared("messy", "utf8bom.csv")).columns == ["kitten", "win"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ["cr-line-endings.csv", "crlf-line-endings.csv", "utf8bom.csv", "latin1.csv", "title-row.csv", "merged-cells.xlsx"],
)
def test_messy_file_imported_as_stories_is_refused_and_writes_nothing(name):
    with pytest.raises(FileProblemError):
        import_file("stories", shared("messy", name))
