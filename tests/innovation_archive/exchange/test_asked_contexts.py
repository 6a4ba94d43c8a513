"""What an import asks of stories that few people could have told."""

import csv

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from innovation_archive.models import Import, ImportState
from tests import factories as make
from tests.desk import messages, page
from workshops.judgements.context import answer_context
from workshops.models import ContextAnswer, Story, UnjudgedPublication

pytestmark = pytest.mark.django_db

HEADER = "ref,workshop,kind,title,published_text,consent,status"


@pytest.fixture
def room():
    workshop = make.a_workshop()
    make.a_participant([workshop], role="Nurse")
    return workshop


@pytest.fixture
def editor(client, room):
    user = make.a_user_for(room.phase.programme, "editor")
    client.force_login(user)
    return user


def line(room, ref="N1", status="published"):
    return f"{ref},{room.slug},message,Title {ref},Harmless {ref}.,public,{status}"


def upload(client, text, **fields):
    file = SimpleUploadedFile("stories.csv", text.encode(), content_type="text/csv")
    client.post(page(Import, "add"), {"kind": "stories", "file": file} | fields)
    return Import.objects.latest("pk")


def confirm(client, record, **ticks):
    return messages(client.post(page(Import, "confirm", record.pk), {"digest": record.digest} | ticks, follow=True))


def shell(tmp_path, text):
    path = tmp_path / "stories.csv"
    path.write_text(text)
    call_command("import_data", "stories", path)


def answers():
    return list(ContextAnswer.objects.values_list("story__ref", "could_tell", "why").order_by("story__ref"))


# At the desk.


def test_preview_asks_of_each_story_that_few_could_have_told(client, editor, room):
    crowd = make.a_workshop(phase=room.phase)
    for _ in range(4):
        make.a_participant([crowd])
    record = upload(client, "\n".join([HEADER, line(room), line(crowd, "N2"), line(room, "N3", "draft")]))
    shown = client.get(page(Import, "change", record.pk)).content.decode()
    assert "<b>Line 2: Title N1</b>. 1 Nurse was there." in shown
    assert (shown.count("could tell who it was<span"), "Title N3</b>" in shown) == (1, False)


@pytest.mark.parametrize("ticks", [{"may_stand": ["context:N1"]}, {"all_untold": "1"}])
def test_story_is_imported_once_somebody_said_that_nobody_could_tell(client, editor, room, ticks):
    record = upload(client, f"{HEADER}\n{line(room)}\n")
    assert confirm(client, record, all_may_stand="1") == [
        "Nothing was imported. Say of each story below that nobody could tell who it was, or answer in the column "
        "could_tell of the file: “2: Title N1”."
    ]
    assert (answers(), Story.objects.count()) == ([], 0)
    confirm(client, record, **ticks)
    assert list(Story.objects.published().values_list("ref", flat=True)) == ["N1"]
    assert answers() == [("N1", False, "")]
    assert ContextAnswer.objects.get().answered_by == editor


def test_file_may_answer_itself(client, editor, room):
    text = f"{HEADER},could_tell\n{line(room)},yes: He asked for it.\n"
    confirm(client, upload(client, text))
    assert answers() == [("N1", True, "He asked for it.")]
    assert upload(client, text).unchanged == 1


def test_change_of_place_asks_anew_and_a_story_that_was_answered_is_not_asked_about(client, editor, room):
    story = make.a_story(workshop=room, ref="N1", title="Title N1", published_text="Harmless N1.", kind="message")
    answer_context(story, could_tell=False, by=editor)
    record = upload(client, f"{HEADER}\n{line(room).replace('Title', 'Other')}\n")
    confirm(client, record)
    assert Story.objects.get().title == "Other N1"
    record = upload(client, f"ref,workshop,place\nN1,{room.slug},{make.a_place().code}\n")
    confirm(client, record)
    record.refresh_from_db()
    assert record.state == ImportState.WAITING


def test_story_that_an_import_published_with_an_answer_can_be_deleted_by_its_undo(client, editor, room):
    text = f"{HEADER},could_tell\n{line(room, status='draft')},no\n"
    record = upload(client, text)
    confirm(client, record)
    assert answers() == [("N1", False, "")]
    client.post(page(Import, "undo", record.pk))
    assert (answers(), Story.objects.count()) == ([], 0)


def test_facilitator_does_not_answer(client, room):
    user = make.a_user("facilitator")
    room.facilitators.add(user)
    client.force_login(user)
    record = upload(client, f"{HEADER},could_tell\n{line(room, status='draft')},no\n", workshop=room.slug)
    assert record.lines.get().reasons == [
        "column could_tell, “no”: Only an editor says what the context of a story tells. Leave the cell empty."
    ]


# From the shell.


def test_shell_lists_the_story_and_its_editors_find_it(client, editor, room, tmp_path, capsys):
    shell(tmp_path, f"{HEADER}\n{line(room)}\n")
    assert (
        "stories.csv, line 2: published. 1 Nurse was there. Nobody has said yet whether somebody who knows the work could "
        "tell who it was."
    ) in capsys.readouterr().err
    assert list(UnjudgedPublication.objects.values_list("ref", "passages", "asks_context")) == [("N1", 0, True)]
    client.force_login(make.a_user("editor"))
    assert "Could somebody tell who it was?" in client.get("/admin/").content.decode()
    answer_context(Story.objects.get(), could_tell=False, by=editor)
    assert not UnjudgedPublication.objects.exists()


def test_row_of_the_shell_answers(room, tmp_path, capsys):
    shell(tmp_path, f"{HEADER},could_tell\n{line(room)},no\n{line(room, 'N2')},YES: she  wants to be known\n")
    assert answers() == [("N1", False, ""), ("N2", True, "she wants to be known")]
    assert ("Nobody has said" in capsys.readouterr().err, UnjudgedPublication.objects.exists()) == (False, False)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("yes", "Say in a few words why it is published though somebody could tell who it was."),
        ("maybe", "Write no, or yes: and why it is published all the same."),
        ("no: never", "Write no, or yes: and why it is published all the same."),
    ],
)
def test_answer_that_says_neither_is_refused(room, tmp_path, cell, says):
    with pytest.raises(CommandError, match=says):
        shell(tmp_path, f"{HEADER},could_tell\n{line(room)},{cell}\n")


def test_full_file_has_the_answer_that_counts(room, tmp_path):
    told, alone = make.a_story(workshop=room, ref="N1"), make.a_story(workshop=room, ref="N2")
    make.a_story(workshop=room, ref="N3")
    answer_context(told, could_tell=True, by=None, why="Known.")
    answer_context(alone, could_tell=False, by=None)
    Story.objects.filter(pk=alone.pk).update(place=make.a_place())
    call_command("export_archive", tmp_path, audience="full")
    with (tmp_path / "stories.csv").open(newline="") as file:
        said = {row["ref"]: row["could_tell"] for row in csv.DictReader(file)}
    assert said == {"N1": "yes: Known.", "N2": "", "N3": ""}
