"""A long file at the desk is previewed, imported and undone in parts, each in a transaction of its own."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from innovation_archive.exchange import parts, undo, uploads
from innovation_archive.models import Import, ImportedRow, ImportLine, ImportState
from tests import factories as make
from tests.crowd import all_at_once
from tests.desk import messages
from workshops.choices import Status
from workshops.models import Story, Tag
from workshops.roles import EDITOR, FACILITATOR
from workshops.stories import review

HEADER = "ref,kind,title,tags"
FIVE = [f"{ref},message,Title {ref},Vans" for ref in "abcde"]
CUT_SHORT = (
    "The lines of the file up to line {line} are imported, and those after it are not: importing or undoing it still goes "
    "on, or was cut short."
)
ALREADY = "It was imported already. Nothing was imported twice."


class Killed(BaseException):
    """What ends a worker in the middle."""


@pytest.fixture(autouse=True)
def two_rows_at_once(monkeypatch):
    monkeypatch.setattr(parts, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(undo, "ROWS_AT_ONCE", 2)


@pytest.fixture
def between(monkeypatch):
    """What happens between two parts, as a list: the first is called after the first part, and so on."""
    acts = []

    def next_act():
        if acts:
            acts.pop(0)()

    monkeypatch.setattr(parts, "let_others_write", next_act)
    monkeypatch.setattr(uploads, "let_others_write", next_act)
    return acts


def nothing():
    pass


def stop():
    raise Killed


@pytest.fixture
def facilitator(client, db):
    user = make.a_user(FACILITATOR)
    client.force_login(user)
    return user


@pytest.fixture
def room(facilitator):
    return make.a_workshop(slug="room", facilitators=[facilitator])


def upload(client, *lines, header=HEADER):
    content = "\n".join([header, *lines]).encode()
    fields = {"kind": "stories", "workshop": "room", "file": SimpleUploadedFile("s.csv", content)}
    return client.post("/admin/innovation_archive/import/add/", fields, follow=True)


def act(client, name, record=None):
    record = record or Import.objects.get()
    address = reverse(f"admin:innovation_archive_import_{name}", args=[record.pk])
    return client.post(address, {"digest": record.digest}, follow=True)


def uploaded(client, *lines, **options):
    upload(client, *lines, **options)
    return Import.objects.get()


def imported(client, *lines, **options):
    record = uploaded(client, *lines, **options)
    act(client, "confirm")
    record.refresh_from_db()
    return record


def notes(response):
    """The paragraphs of a record's page that say how far it reaches."""
    said = re.findall(r'<p class="notice">\s*(The lines of.*?cut short\.)', response.content.decode(), re.DOTALL)
    return [" ".join(text.split()) for text in said]


def page(client):
    return client.get(reverse("admin:innovation_archive_import_change", args=[Import.objects.latest("pk").pk]))


def refs():
    return list(Story.objects.order_by("ref").values_list("ref", flat=True))


def reaches():
    """What the record says: state, rows added, the line up to which it stands, and the lines that an undo would take back."""
    record = Import.objects.latest("pk")
    return record.state, record.added, record.stands_up_to, [row.line for row in record.written.all()]


# Preview


def test_preview_of_a_long_file_counts_as_of_one_and_writes_nothing(client, room):
    make.a_story(ref="b", workshop=room, title="Other", status=Status.DRAFT)
    lines = upload(client, *FIVE).context["page"]
    outcomes = [(line.line, line.outcome) for line in lines]
    assert outcomes == [(2, "added"), (3, "changed"), (4, "added"), (5, "added"), (6, "added")]
    assert (refs(), Tag.objects.count()) == (["b"], 0)


def test_preview_of_a_long_file_finds_bad_lines_and_twins_in_all_parts(client, room):
    lines = upload(client, "a,mesage,T,", *FIVE[1:], FIVE[1]).context["page"]
    assert [(line.line, line.reasons) for line in lines] == [
        (2, ["column kind, “mesage”: It must be one of: innovation, elsewhere, message."]),
        (7, ["column ref, “b”: This row stands on line 3 already. Keep one of the two."]),
    ]
    act(client, "confirm")
    assert refs() == []


# Confirming


def test_long_import_is_recorded_and_undone_as_one(client, room):
    old = make.a_story(ref="b", workshop=room, title="Other", status=Status.DRAFT)
    record = imported(client, *FIVE)
    assert (refs(), Tag.objects.get().story_tags.count()) == (["a", "b", "c", "d", "e"], 5)
    assert (record.state, record.added, record.changed, record.stands_up_to) == (ImportState.IMPORTED, 4, 1, None)
    assert (record.content, ImportLine.objects.count()) == (None, 0)
    assert notes(page(client)) == []
    assert messages(act(client, "undo"))[-1] == "“s.csv” is undone: the archive is as it was before."
    old.refresh_from_db()
    assert (refs(), old.title, Tag.objects.count()) == (["b"], "Other", 0)
    assert reaches() == (ImportState.UNDONE, 4, None, [])


def test_long_import_that_is_cut_short_says_how_far_it_reaches_and_is_undone_as_far(client, room, between):
    record = uploaded(client, *FIVE)
    between += [nothing, nothing, nothing, stop]  # it is checked once more in three parts
    with pytest.raises(Killed):
        act(client, "confirm")
    assert (refs(), reaches()) == (["a", "b", "c", "d"], (ImportState.IMPORTED, 4, 5, [2, 3, 4, 5]))
    assert notes(page(client)) == [CUT_SHORT.format(line=5)]
    assert messages(act(client, "confirm", record)) == [ALREADY]
    act(client, "undo")
    assert (refs(), Tag.objects.count(), reaches()) == ([], 0, (ImportState.UNDONE, 4, None, []))


def test_file_of_an_import_that_was_cut_short_goes_on_when_it_is_imported_again(client, room, between):
    uploaded(client, *FIVE)
    between += [nothing, nothing, stop]
    with pytest.raises(Killed):
        act(client, "confirm")
    upload(client, *FIVE)
    again = Import.objects.latest("pk")
    act(client, "confirm", again)
    again.refresh_from_db()
    assert (refs(), again.added, again.unchanged) == (["a", "b", "c", "d", "e"], 3, 2)
    for record in Import.objects.all():
        act(client, "undo", record)
    assert (refs(), Tag.objects.count()) == ([], 0)


def test_long_import_stops_where_somebody_changed_the_archive_meanwhile(client, room, between):
    uploaded(client, *FIVE)
    between += [nothing, nothing, lambda: make.a_story(ref="d", workshop=room, title="Mine", status=Status.DRAFT)]
    response = act(client, "confirm")
    assert messages(response) == [
        "s.csv: the lines up to 3 were imported, the others were not, because somebody changed the archive meanwhile. Mend "
        "what is wrong and import the file again: it goes on from there."
    ]
    assert notes(response) == [CUT_SHORT.format(line=3)]
    assert (refs(), Story.objects.get(ref="d").title) == (["a", "b", "d"], "Mine")
    assert reaches() == (ImportState.IMPORTED, 2, 3, [2, 3])


def test_long_import_whose_first_part_has_changed_imports_nothing_and_shows_the_file_anew(client, room, between):
    uploaded(client, *FIVE)
    between += [nothing, lambda: make.a_story(ref="a", workshop=room, title="Mine", status=Status.DRAFT)]
    response = act(client, "confirm")
    assert messages(response) == [
        "Nothing was imported: the archive has changed since you looked. This is what the file would do now."
    ]
    assert [line.outcome for line in response.context["page"]] == ["changed", "added", "added", "added", "added"]
    assert (refs(), ImportedRow.objects.count()) == (["a"], 0)


def test_long_import_that_is_confirmed_again_while_it_runs_goes_on_alone(client, room, between):
    record = uploaded(client, *FIVE)
    second = []
    between += [nothing, nothing, lambda: second.append(act(client, "confirm", record))]
    first = act(client, "confirm", record)
    assert messages(second[0]) == [ALREADY]
    assert notes(second[0]) == [CUT_SHORT.format(line=3)]
    assert messages(first)[-1] == "“s.csv” was imported: 5 added, 0 changed."
    assert (refs(), reaches()) == (["a", "b", "c", "d", "e"], (ImportState.IMPORTED, 5, None, [2, 3, 4, 5, 6]))


def test_long_import_that_is_undone_while_it_runs_brings_in_nothing_more(client, room, between):
    record = uploaded(client, *FIVE)
    between += [nothing, nothing, lambda: act(client, "undo", record)]
    response = act(client, "confirm", record)
    assert messages(response)[-1] == "s.csv: somebody has begun to undo it, so the rest of it was not imported."
    assert (refs(), reaches()) == ([], (ImportState.UNDONE, 2, None, []))


def test_long_import_that_is_cancelled_while_it_is_checked_brings_in_nothing(client, room, between):
    record = uploaded(client, *FIVE)
    between += [lambda: act(client, "cancel", record)]
    assert act(client, "confirm", record).status_code == 404
    assert (refs(), Import.objects.count()) == ([], 0)


def test_long_import_is_not_cancelled_once_its_first_part_is_in(client, room, between):
    record = uploaded(client, *FIVE)
    said = []
    between += [nothing, nothing, lambda: said.extend(messages(act(client, "cancel", record)))]
    act(client, "confirm", record)
    assert said == ["It was imported already, so it cannot be cancelled."]
    assert reaches() == (ImportState.IMPORTED, 5, None, [2, 3, 4, 5, 6])


@pytest.mark.django_db(transaction=True)
def test_long_import_confirmed_three_times_at_once_is_imported_once():
    room, user = make.a_workshop(slug="room"), make.a_user(EDITOR)
    content = "\n".join([HEADER, *FIVE]).encode()
    record = Import(kind="stories", workshop=room, user=user, file_name="s.csv", content=content)
    uploads.keep_outcome(record, uploads.preview(record, user))
    done = all_at_once(lambda _: uploads.apply(Import.objects.get(pk=record.pk), user, record.digest), 3)
    assert sorted(done) == [False, False, True]
    assert (refs(), reaches()) == (["a", "b", "c", "d", "e"], (ImportState.IMPORTED, 5, None, [2, 3, 4, 5, 6]))


def test_name_that_may_stand_is_said_once_for_all_parts_of_a_file(client, room):
    """The first part that is written says it of the whole workshop, so the later ones have nothing to say any more."""
    client.force_login(make.a_user(EDITOR))
    for _ in range(4):
        make.a_participant([room])
    lines = [f"{ref},message,T,It was Anna Miller who came.,published,public,Anna Miller" for ref in "abcde"]
    uploaded(client, *lines, header="ref,kind,title,published_text,status,consent,may_stand")
    response = act(client, "confirm")
    assert messages(response) == ["“s.csv” was imported: 5 added, 0 changed."]


# Undoing


def test_undo_of_a_long_import_that_is_cut_short_goes_on_from_there(client, room, between):
    imported(client, *FIVE)
    between += [stop]
    with pytest.raises(Killed):
        act(client, "undo")
    assert (refs(), reaches()) == (["a", "b", "c"], (ImportState.IMPORTED, 5, 4, [2, 3, 4]))
    assert notes(page(client)) == [CUT_SHORT.format(line=4)]
    assert messages(act(client, "undo"))[-1] == "“s.csv” is undone: the archive is as it was before."
    assert (refs(), Tag.objects.count(), reaches()) == ([], 0, (ImportState.UNDONE, 5, None, []))


def test_undo_of_a_long_import_is_refused_whole_if_its_first_line_stands_against_it(client, room):
    lines = [f"{ref},message,Title {ref},They came.,public" for ref in "abcde"]
    imported(client, *lines, header="ref,kind,title,published_text,consent")
    review.publish_story(make.may_stand(Story.objects.get(ref="a")))
    response = act(client, "undo")
    assert (response.status_code, response.context["reasons"]) == (409, ["Line 2: it is published."])
    assert "It was not undone, and nothing was changed:" in response.content.decode()
    assert reaches() == (ImportState.IMPORTED, 5, None, [2, 3, 4, 5, 6])
    assert refs() == ["a", "b", "c", "d", "e"]


def test_undo_of_a_long_import_stops_where_somebody_changed_a_row_meanwhile(client, room, between):
    imported(client, *FIVE)
    between += [lambda: Story.objects.filter(ref="b").update(title="Mended")]
    response = act(client, "undo")
    assert (response.status_code, response.context["reasons"]) == (409, ["Line 3: it was changed since the import."])
    assert "The rest was not undone:" in response.content.decode()
    assert "nothing was changed" not in response.content.decode()
    assert notes(response) == [CUT_SHORT.format(line=4)]
    assert (refs(), reaches()) == (["a", "b", "c"], (ImportState.IMPORTED, 5, 4, [2, 3, 4]))


def test_undo_of_a_long_import_that_is_asked_for_again_while_it_runs_is_done_once(client, room, between):
    imported(client, *FIVE)
    second = []
    between += [lambda: second.append(act(client, "undo"))]
    first = act(client, "undo")
    assert messages(second[0])[-1] == "“s.csv” is undone: the archive is as it was before."
    assert (messages(first), first.status_code) == ([], 200)
    assert (refs(), Tag.objects.count(), reaches()) == ([], 0, (ImportState.UNDONE, 5, None, []))
