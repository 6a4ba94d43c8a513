"""What is killed half way. Each is made on an archive of its own, large enough that it takes a while."""

from pathlib import Path
from typing import NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from innovation_archive.models import Import
from insights.models import Insight, Release
from insights.votes.release import prepare, preview_fingerprint
from tests.desk import page
from tests.factories import (
    a_participant,
    a_practice,
    a_programme,
    a_service_area,
    a_story,
    a_user,
    a_vote,
    a_workshop,
    an_insight,
    votes_on,
)
from tests.roles import make_roles_again
from workshops.choices import Status
from workshops.models import Participant, Story
from workshops.roles import EDITOR

CANARY = "Canarypassage"
"""Stands in every word that an act deletes, once in each."""


class Act(NamedTuple):
    """Something that is done once: a form of the desk that is sent to this path, or else a command.

    `session` is the editor's who does it. `deletes` says whether CANARY is nowhere once it is done. `makes` is a backup that
    it writes, alone in its folder.
    """

    session: str = ""
    path: str = ""
    fields: dict[str, object] = {}
    command: tuple[str, ...] = ()
    deletes: bool = False
    makes: Path | None = None


def signed_in():
    """A client and the key of its session: an editor's."""
    make_roles_again()
    client = Client()
    client.force_login(a_user(EDITOR))
    return client, client.cookies["sessionid"].value


def import_at_the_desk(_folder):
    client, session = signed_in()
    workshop = a_workshop(slug="room")
    file = SimpleUploadedFile("stories.csv", file_of_stories(300).encode())
    fields = {"kind": "stories", "workshop": workshop.slug, "file": file}
    client.post("/admin/innovation_archive/import/add/", fields)
    record = Import.objects.get()
    return Act(session, page(Import, "confirm", record.pk), {"digest": record.digest})


def import_from_the_shell(folder):
    a_workshop(slug="room")
    file = folder / "stories.csv"
    file.write_text(file_of_stories(300))
    return Act(command=("import_data", "stories", str(file), "--workshop", "room"))


def file_of_stories(count):
    lines = (f"told-{number},Told {number},They came with a van.,innovation" for number in range(count))
    return "\n".join(["ref,title,text,kind", *lines])


def withdrawal(_folder):
    _, session = signed_in()
    stories = told_by(a_participant(), 40)
    return Act(session, page(Story), confirmed("withdraw", stories), deletes=True)


def erasure(_folder):
    _, session = signed_in()
    person = a_participant(code="leaving")
    told_by(person, 30)
    room = a_workshop()
    for _ in range(20):
        a_vote(participant=person, practice=a_practice(), workshop=room)
    return Act(session, page(Participant), confirmed("erase", [person]), deletes=True)


def release_of_votes(_folder):
    _, session = signed_in()
    programme = a_programme(slug="gm")
    room, areas = a_workshop(programme=programme), ("Hubs", "Parks")
    for area in areas:
        a_service_area(area)
    for _ in range(30):
        votes_on(a_practice(), room, **dict.fromkeys(areas, (12, 9, 0, 2)))
    seen = preview_fingerprint(prepare(programme))
    return Act(session, page(Release, "preview", programme.slug), {"seen": seen})


def publication(_folder):
    _, session = signed_in()
    stories = told_by(None, 60)
    insight = an_insight(supports=stories, status=Status.DRAFT, none_found="We asked in each room.")
    return Act(session, page(Insight), {"action": "publish", "_selected_action": [insight.pk]})


def backup(folder):
    told_by(None, 60)
    (folder / "backups").mkdir()
    file = folder / "backups" / "archive.backup"
    return Act(command=("backup", str(file)), makes=file)


def restore(folder):
    told_by(None, 60)
    file = folder / "archive.backup"
    call_command("backup", str(file))
    told_by(a_participant(), 5)
    return Act(command=("restore", str(file), "--no-input"))


def told_by(person, count):
    """So many stories from two workshops, each with CANARY in it."""
    rooms = [a_workshop(), a_workshop()]
    return [
        a_story(
            workshop=rooms[number % 2], told_by=person, published_text=f"They came {number} times. {CANARY} {number}."
        )
        for number in range(count)
    ]


def confirmed(action, rows):
    return {"action": action, "_selected_action": [row.pk for row in rows], "confirmed": "1"}


ACTS = {
    "import": import_at_the_desk,
    "import from the shell": import_from_the_shell,
    "withdrawal": withdrawal,
    "erasure": erasure,
    "release": release_of_votes,
    "publication": publication,
    "backup": backup,
    "restore": restore,
}
"""{name: a function that makes an archive and returns what is about to be done to it}. Files that this needs go into the
folder that it is given. Whatever else must be done wholly or not at all is a line here."""
