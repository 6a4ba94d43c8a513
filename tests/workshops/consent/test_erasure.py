import io
import subprocess
from pathlib import Path

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from tests.factories import a_correction, a_participant, a_practice, a_story, a_user, a_vote, an_insight
from workshops.choices import Consent
from workshops.consent.erasure import erase_participant
from workshops.consent.withdrawal import withdraw_stories
from workshops.models import Identity, Participant, RemovedStory, Slip, Story, Tag, Vote
from workshops.slips import code_hash

WORD = "zibberquill"
CODE = "zibber-p1"


def stored(word):
    """The tables in which a word stands, in any column."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names from the database itself
            if any(word in str(value) for row in cursor.fetchall() for value in row):
                found.append(table)
    return found


@pytest.fixture
def planted(transactional_db):
    """A story with the word in all that can hold one, told by a person who voted, and quoted by an insight."""
    person = a_participant(code=CODE, role="resident", consent=Consent.CREDITED)
    Identity.objects.create(participant=person, name=f"{WORD} name", contact=f"{WORD}@example.org")
    Slip.objects.create(participant=person, fingerprint=code_hash("2345-6789-abcd"))
    story = a_story(
        ref="zzzzzz2345",
        title=f"{WORD} title stood here",
        text=f"{WORD} told by Ann",
        published_text=f"So {WORD} wording was what we did that spring.",
        credit=f"{WORD} credit",
        consent=Consent.CREDITED,
        told_by=person,
        tags=[f"{WORD} tag"],
        location=f"{WORD} town",
        source_url=f"https://example.org/{WORD}",
    )
    a_correction(story, title=f"{WORD} mended", why=f"{WORD} why")
    user = a_user()
    LogEntry.objects.log_actions(user.pk, [story], CHANGE, f"Changed {WORD}.")
    LogEntry.objects.log_actions(user.pk, [person], CHANGE, "Changed role.")
    a_vote(participant=person, practice=a_practice(stories=[story]), workshop=story.workshop)
    insight = an_insight(supports=[story])
    insight.evidence.update(excerpt=f"{WORD} wording was")
    assert len(stored(WORD)) > 8
    return story


def test_withdrawn_story_leaves_its_words_in_no_table(planted):
    withdraw_stories([planted])
    assert stored(WORD) == ["workshops_identity"]
    story = Story.objects.get()
    assert (story.ref, story.workshop, story.status) == ("zzzzzz2345", planted.workshop, "withdrawn")
    assert not Tag.objects.exists()


def test_erased_person_is_in_no_table(planted):
    erase_participant(Participant.objects.get())
    assert stored(WORD) == stored(CODE) == []
    assert not Vote.objects.exists()


def test_sqlite_files_hold_no_byte_of_erased_words(planted):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's files are its own: what it keeps until its vacuum is told in operating.md")
    assert in_sqlite_files(WORD)
    erase_participant(Participant.objects.get())
    assert not in_sqlite_files(WORD)
    assert not in_sqlite_files(CODE)


def in_sqlite_files(word):
    """Whether the word stands in the file of the database or its log.

    Another process looks: one that closes a file loses all its locks on it, SQLite's among them.
    """
    database = Path(connection.settings_dict["NAME"])
    files = [database, database.with_name(f"{database.name}-wal")]
    return subprocess.run(["grep", "--quiet", "--text", word, *files], check=False).returncode == 0


def test_tag_that_others_bear_stays(db):
    story, _other = a_story(tags=["shared", "own"]), a_story(tags=["shared"])
    withdraw_stories([story])
    assert list(Tag.objects.values_list("name", flat=True)) == ["shared"]


def test_removed_story_says_how_far_it_had_reached(db):
    stories = {
        "public": a_story(ref="public"),
        "once": a_story(ref="once"),
        "team": a_story(ref="team", status="in review"),
        "room": a_story(ref="room", status="draft", consent=Consent.FACILITATORS),
    }
    stories["once"].status = "unpublished"
    stories["once"].save()
    withdraw_stories(stories.values())
    reach = dict(RemovedStory.objects.values_list("story__ref", "reach"))
    assert reach == {"public": Consent.PUBLIC, "once": Consent.PUBLIC, "team": Consent.TEAM}


def test_address_of_a_story_that_was_never_public_says_nothing_of_it(db, client):
    withdraw_stories([a_story(ref="public"), a_story(ref="draft", status="draft")])
    assert client.get("/stories/public/").status_code == 410
    assert client.get("/stories/draft/").status_code == 404


@pytest.mark.parametrize("code", [CODE, "2345 6789 ABCD"])
def test_erase_command_takes_the_code_of_a_person_or_slip(planted, code, capsys):
    call_command("erase", code, no_input=True)
    assert not Participant.objects.exists()
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "1 story was withdrawn."
    assert said[1].startswith("Reference: ")


def test_withdraw_command_leaves_the_person_and_their_vote(planted):
    call_command("withdraw", CODE, no_input=True)
    assert Story.objects.get().status == "withdrawn"
    assert (Participant.objects.count(), Vote.objects.count()) == (1, 1)


def test_command_asks_first_and_changes_nothing_without_a_yes(planted, monkeypatch, capsys):
    monkeypatch.setattr("builtins.input", lambda question: "no")
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("erase", CODE)
    assert Story.objects.get().status == "published"
    said = capsys.readouterr().out.splitlines()
    assert said[0] == (
        "1 story is withdrawn: its words are deleted everywhere, for good. "
        "The person is deleted: name, contact, code, slip and single votes. Published totals stay."
    )
    assert said[1].startswith("The insight “Insight ")


def test_command_says_that_a_code_is_unknown(db):
    with pytest.raises(CommandError, match="No slip, participant or story has this code"):
        call_command("withdraw", "nobody", no_input=True, stdout=io.StringIO())
