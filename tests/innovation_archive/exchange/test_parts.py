"""A long file is checked whole and then imported in parts, each in a transaction of its own."""

import pytest

from innovation_archive.exchange import parts
from innovation_archive.exchange.imports import import_table
from innovation_archive.exchange.reading import read_content
from tests import factories as make
from tests.crowd import all_at_once
from workshops.choices import Status
from workshops.consent.withdrawal import withdraw_stories
from workshops.models import Story, Tag

HEADER = "ref,workshop,kind,title,tags"
FIVE = [f"{ref},room,message,Title {ref},Vans" for ref in "abcde"]


@pytest.fixture(autouse=True)
def two_rows_at_once(monkeypatch):
    monkeypatch.setattr(parts, "ROWS_AT_ONCE", 2)


@pytest.fixture
def room(db):
    return make.a_workshop(slug="room")


@pytest.fixture
def between(monkeypatch):
    """What happens between two parts, as a list: the first is called after the first part that is checked, and so on."""
    acts = []
    monkeypatch.setattr(parts, "let_others_write", lambda: acts.pop(0)() if acts else None)
    return acts


def nothing():
    pass


def bring_in(*lines, **options):
    return import_table("stories", read_content("\n".join([HEADER, *lines]).encode(), "stories.csv"), **options)


def said(report):
    return [str(problem) for problem in report.problems]


def refs():
    return list(Story.objects.order_by("ref").values_list("ref", flat=True))


def test_long_file_is_imported_and_counted_as_one(room):
    make.a_story(ref="b", workshop=room, title="Other", status=Status.DRAFT)
    assert str(bring_in(*FIVE)) == "4 added, 1 changed, 0 unchanged"
    assert refs() == ["a", "b", "c", "d", "e"]
    assert [(tag.name, tag.story_tags.count()) for tag in Tag.objects.all()] == [("Vans", 5)]
    assert str(bring_in(*FIVE)) == "0 added, 0 changed, 5 unchanged"


def test_bad_line_in_the_last_part_leaves_nothing_of_the_others(room):
    report = bring_in(*FIVE, "f,room,mesage,Title,")
    assert [(problem.line, problem.column) for problem in report.problems] == [(7, "kind")]
    assert report.what_stands("stories.csv") == "stories.csv: nothing was imported."
    assert (refs(), Tag.objects.count()) == ([], 0)


def test_bad_lines_of_all_parts_are_named(room):
    report = bring_in("a,room,mesage,T,", *FIVE[1:], "f,nowhere,message,T,")
    assert [(problem.line, problem.column) for problem in report.problems] == [(2, "kind"), (7, "workshop")]


def test_row_that_stands_in_two_parts_is_found(room):
    expected = ["stories.csv, line 7, column ref, “a”: This row stands on line 2 already. Keep one of the two."]
    assert said(bring_in(*FIVE, FIVE[0])) == expected
    assert said(bring_in(*FIVE, FIVE[0], dry_run=True)) == expected
    assert refs() == []


def test_dry_run_of_a_long_file_writes_nothing(room):
    assert str(bring_in(*FIVE, dry_run=True)) == "5 added, 0 changed, 0 unchanged"
    assert (refs(), Tag.objects.count()) == ([], 0)


def test_import_that_is_cut_short_leaves_whole_parts_and_goes_on_from_there(room, between):
    def stop():
        raise KeyboardInterrupt

    between += [nothing, nothing, stop]  # five rows are checked in three parts
    with pytest.raises(KeyboardInterrupt):
        bring_in(*FIVE)
    assert refs() == ["a", "b"]
    assert str(bring_in(*FIVE)) == "3 added, 0 changed, 2 unchanged"
    assert refs() == ["a", "b", "c", "d", "e"]


def test_line_that_is_refused_after_all_is_named_with_what_stands(room, between):
    other = make.a_workshop(slug="other")
    lines = [*FIVE[:2], "c,other,message,T,", *FIVE[3:]]
    between += [nothing, nothing, other.delete]
    report = bring_in(*lines)
    assert [(problem.line, problem.column) for problem in report.problems] == [(4, "workshop")]
    assert report.what_stands("stories.csv") == (
        "stories.csv: the lines up to 3 were imported, the others were not, because somebody changed the archive meanwhile. "
        "Mend what is wrong and import the file again: it goes on from there."
    )
    assert (str(report), refs()) == ("2 added, 0 changed, 0 unchanged", ["a", "b"])


def test_story_withdrawn_while_a_long_file_is_imported_stays_withdrawn(room, between):
    make.a_story(ref="c", workshop=room, title="Other", status=Status.DRAFT)
    between += [nothing, nothing, lambda: withdraw_stories(Story.objects.filter(ref="c"))]
    report = bring_in(*FIVE)
    assert (str(report), report.kept) == ("4 added, 0 changed, 0 unchanged, 1 kept withdrawn", [4])


def test_notices_of_all_parts_are_capped_as_of_one_file(room):
    words = (
        "The drivers rang each other at five in the morning, and by six every child of the town had a seat on a bus."
    )
    make.a_story(ref="S-1", published_text=words)
    table = read_content(
        "\n".join(["ref,workshop,kind,title,text", *(f't{n},room,message,T,"{words}"' for n in range(22))]).encode(),
        "stories.csv",
    )
    notices = import_table("stories", table).notices
    assert len(notices) == 21
    assert notices[0] == "stories.csv, line 2: the same words as the story “S-1”."
    assert notices[20] == "… and 2 other lines have words that a story has already."


@pytest.mark.django_db(transaction=True)
def test_others_can_write_between_two_parts(between):
    make.a_workshop(slug="room")

    def write(_number):
        Tag.objects.create(name=f"Meanwhile {Story.objects.count()}")

    between += [lambda: all_at_once(write, 1) for _part in range(3)]
    between.insert(0, nothing)
    assert str(bring_in(*FIVE)) == "5 added, 0 changed, 0 unchanged"
    names = set(Tag.objects.values_list("name", flat=True))
    assert names == {"Vans", "Meanwhile 0", "Meanwhile 2", "Meanwhile 4"}
