"""A word in every private field of an archive, and every address of it: who can find which word, and where.

Each word stands in one field and nowhere else, always with COMMON beside it, by which searches find its row: a page that
repeats what was searched for repeats no secret.
"""

import io
import re
import zipfile
from collections import Counter

from django.apps import apps
from django.db import transaction
from django.urls import get_resolver, reverse

from innovation_archive.datasets import DATASETS
from innovation_archive.models import Download, Import, ImportedRow, ImportLine
from insights.models import FreshLook, Release, Review
from insights.publications import publishing, working_copies
from tests.factories import (
    a_ballot,
    a_commitment,
    a_correction,
    a_participant,
    a_place,
    a_practice,
    a_result,
    a_service_area,
    a_story,
    a_theme,
    a_user,
    a_user_for,
    a_vote,
    a_workshop,
    an_article,
    an_insight,
)
from tests.innovation_archive.admin import test_walk as desk
from workshops.choices import Consent, Status
from workshops.models import BulkTagging, Identity, Note, Story, Tag, Tally
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR, SYSTEM_LEADER

COMMON = "glimmer"

NOBODY = "nobody"
ITS, OTHER = "its facilitator", "another facilitator"
ED, ED_OF_IT, ED_ELSEWHERE = "editor", "editor of its programme", "editor of another programme"
AN, AN_OF_IT, AN_ELSEWHERE = "analyst", "analyst of its programme", "analyst of another programme"
LEADER, ADMIN = "system leader", "administrator"
VIEWERS = [NOBODY, ITS, OTHER, ED, ED_OF_IT, ED_ELSEWHERE, AN, AN_OF_IT, AN_ELSEWHERE, LEADER, ADMIN]

DESK, SITE, FILES = "desk", "site", "files"
"""Kinds of addresses: pages under /admin/, all other pages, and what is downloaded."""


def secret(name):
    """The words that are planted in a field: the secret itself, and the word that all have."""
    return f"x{name}x {COMMON}"


def plant():
    """An archive of two programmes with a secret in every private field of the first. Returns (people, rows).

    `rows` is {model: {name: row}}, as the walk through the desk wants it.
    """
    area, place, theme = a_service_area("Early help"), a_place("Bolton"), a_theme("Workforce")
    people = {
        viewer: a_user(role, username=viewer.replace(" ", "-"))
        for viewer, role in {
            ITS: FACILITATOR, OTHER: FACILITATOR, ED: EDITOR, AN: ANALYST, LEADER: SYSTEM_LEADER, ADMIN: ADMINISTRATOR
        }.items()
    }  # fmt: skip
    room = a_workshop([people[ITS]], [area], [place], title="A room", notes=secret("workshopnotes"))
    programme = room.phase.programme
    another = a_workshop([people[OTHER]], title="Another room").phase.programme
    for viewer, where, role in [
        (ED_OF_IT, programme, EDITOR), (ED_ELSEWHERE, another, EDITOR),
        (AN_OF_IT, programme, ANALYST), (AN_ELSEWHERE, another, ANALYST),
    ]:  # fmt: skip
        people[viewer] = a_user_for(where, role, username=viewer.replace(" ", "-"))
    rows = {"workshops.story": stories_of(room, area, place, theme)}
    rows |= conclusions_of(programme, rows["workshops.story"], theme, area)
    return people, rows | alone(people, room, programme, rows, (area, place, theme))


def stories_of(room, area, place, theme):
    """A story of every kind: its words as told, wording, credit, tags and remark are secrets unless it is published."""
    teller = a_participant(
        [room], code="xcodex", role=secret("role"), sector=secret("sector"), service_area=area, place=place
    )
    Identity.objects.create(participant=teller, name=secret("name"), contact=secret("contact"))
    about = {"themes": [theme], "service_area": area, "place": place, "told_by": teller, "workshop": room}
    draft = {"status": Status.DRAFT, "consent": Consent.TEAM}
    kept = {"status": Status.DRAFT, "consent": Consent.FACILITATORS}
    return {
        "draft": a_story(
            title=secret("drafttitle"), published_text=secret("draftwording"), text=secret("drafttold"),
            credit=secret("draftcredit"), remark=secret("remark"), tags=["xdrafttagx"], **about, **draft,
        ),
        "kept": a_story(
            title=secret("kepttitle"), published_text=secret("keptwording"), text=secret("kepttold"),
            credit=secret("keptcredit"), tags=["xkepttagx"], **about, **kept,
        ),
        "published": a_story(
            title=f"Open {COMMON}", published_text=f"Open {COMMON}.", text=secret("publishedtold"),
            credit=secret("publishedcredit"), tags=["trust"], **about,
        ),
        "unpublished": a_story(
            title="Taken down", published_text=secret("unpublishedwording"), status=Status.UNPUBLISHED, **about
        ),
    }  # fmt: skip


def conclusions_of(programme, stories, theme, area):
    published, hidden = stories["published"], [stories["kept"], stories["unpublished"]]
    insights = {
        "draft": an_insight(
            [published, *hidden], title="A draft", body=secret("insightdraft"), status=Status.DRAFT, programme=programme
        ),
        "published": an_insight([published], none_found="We asked.", programme=programme),
    }
    practices = {
        "draft": a_practice([stories["draft"]], statement=secret("practicedraft"), status=Status.DRAFT),
        "published": a_practice([published, *hidden], [theme], [area]),
    }
    return {
        "insights.insight": insights,
        "workshops.practice": practices,
        "workshops.tag": {name: Tag.objects.get(name=name) for name in ("trust", "xdrafttagx", "xkepttagx")},
    }


def alone(people, room, programme, rows, terms):
    """One row of each other model. Returns {model: {"": row}}."""
    area, place, theme = terms
    stories, practices, insights = (
        rows[f"{name}"] for name in ("workshops.story", "workshops.practice", "insights.insight")
    )
    teller = stories["published"].told_by
    version = publishing.publish_insight(insights["published"])
    copy = working_copies.row_to_write(insights["published"])
    copy.body = secret("workingcopy")
    copy.save()
    commitment = a_commitment(insight=insights["published"], place=place, owner_email="xowneremailx@example.org")
    Review.objects.create(commitment=commitment, due_on="2020-01-01")
    FreshLook.objects.create(insight=insights["published"], looked_on="2022-01-13", outcome="holds", reason="it does.")
    made = [
        room, programme, area, place, theme, teller, version, commitment,
        a_vote(practice=practices["draft"], participant=teller, workshop=room),
        Tally.objects.create(practice=practices["draft"], workshop=room, service_area=area, keep=3),
        a_correction(
            stories["published"], title=secret("correctiontitle"), why=secret("correctionwhy"), suggested_by=people[ITS]
        ),
        Note.objects.create(workshop=room, text=secret("note"), tags=["xnotetagx"]),
        waiting_import(room, people[ITS]),
        a_download(people[AN], programme),
        an_article(programme=programme, published_on=None, body=secret("articledraft")),
        Release.objects.create(programme=programme, released_on="2020-12-01"),
        a_result(practices["published"], {"Early help": (30, 0, 2, 0)}, programme=programme),
        a_ballot([practices["draft"]], workshop=room),
        BulkTagging.objects.create(
            by=people[ITS], links={kind: {"added": [], "removed": []} for kind in ("tags", "themes")}
        ),
    ]  # fmt: skip
    return {row._meta.label_lower: {"": row} for row in made}


def waiting_import(room, by):
    """A file that waits for its user to confirm it, and one that was imported, with what an undo needs."""
    done = Import.objects.create(kind="stories", workshop=room, user=by, file_name="done.csv", state="imported")
    story = Story.objects.get(published_text=secret("keptwording"))
    ImportedRow.objects.create(of=done, line=2, row=story.pk, before={"title": secret("importundo")}, left_as="0" * 64)
    waiting = Import.objects.create(
        kind="stories", workshop=room, user=by, file_name="xfilenamex.csv", added=1,
        content=f"ref,title,published_text\nnew,{secret('importfile')},Words\n".encode(), digest="e" * 64,
    )  # fmt: skip
    ImportLine.objects.create(
        of=waiting, line=2, key="new", outcome="added", changes=[["title", "", secret("importpreview")]]
    )
    return waiting


def a_download(by, programme):
    download = Download.objects.create(user=by, file="votes.csv", purpose=secret("purpose"))
    download.programmes.add(programme)
    return download


# Addresses.

PUBLIC_ARGUMENTS = {
    "slug": {
        "programme": "workshops.programme", "insight": "insights.insight", "version": "insights.insight",
        "evidence_file": "insights.insight", "workshop": "workshops.workshop", "service_area": "workshops.servicearea",
        "theme": "workshops.theme", "tag": "workshops.tag", "article": "insights.article",
    },
    "ref": {"practice": "workshops.practice", "story": "workshops.story"},
    "code": {"place": "workshops.place"},
}  # fmt: skip
"""{argument of an address: {its name: the model whose rows it names}}"""
JOINED = {"join_ballot", "paper", "paper_all", "paper_question"}
"""Pages of a phone, which the ballot's code opens to whoever is in the room: the practices to vote on are no secret there."""
SEARCHED = ["stories", "insights", "votes", "workshops", "articles"]
"""The lists of the site with a search."""


def public_addresses(rows):
    """Every GET address outside the desk, one for each row it can name, lists also as files and as searches."""
    found = []
    for pattern in get_resolver().url_patterns:
        name = getattr(pattern, "name", None)
        if name and name not in JOINED and not is_of_the_desk(pattern):
            found += [
                reverse(name, kwargs=kwargs) for kwargs in arguments(name, list(pattern.pattern.converters), rows)
            ]
    lists = [reverse(name) for name in [*SEARCHED, "matrix", "places", "commitments"]]
    found += [f"{address}?format={format}" for address in lists for format in ("csv", "json")]
    found += [f"{reverse(name)}?q={COMMON}" for name in SEARCHED]
    return found


def is_of_the_desk(pattern):
    return str(pattern.pattern).startswith("admin/")


def pages_of_factors(people):
    """The desk's pages of second factors, which stand beside the admin site."""
    patterns = [each for each in get_resolver().url_patterns if is_of_the_desk(each) and getattr(each, "name", None)]
    plain = [reverse(each.name) for each in patterns if not each.pattern.converters]
    return plain + [reverse("take_factor", args=[person.pk]) for person in people.values()]


def key_of(row):
    return getattr(row, "ref", None) or row.slug


def arguments(name, asked, rows):
    """Each way to fill in what an address asks for."""
    if not asked:
        return [{}]
    if name == "dataset_file":
        return [{"dataset": dataset, "format": "csv"} for dataset in DATASETS]
    if name == "sitemap_of":
        return [{"section": section} for section in ("stories", "insights")]
    if name in {"use_subscription", "sign_in_link"}:
        return [{"token": "ended"}]
    if name == "about_me":
        kinds = {"story": "workshops.story", "insight": "insights.insight", "article": "insights.article"}
        return [{"kind": kind, "ref": key_of(row)} for kind, model in kinds.items() for row in rows[model].values()]
    argument = asked[0]
    model = PUBLIC_ARGUMENTS[argument][name]
    beside = {"format": "csv"} if "format" in asked else {"version": 1} if "version" in asked else {}
    return [{argument: getattr(row, argument)} | beside for row in rows[model].values()]


def desk_addresses(rows):
    """Every GET address of the desk, one for each row; lists also as searches."""
    found = []
    for name, pattern in desk.addresses().items():
        opened = list(desk.opened(name, pattern, rows).values())
        found += opened
        if name.endswith("_changelist"):
            found += [f"{address}?q={COMMON}" for address in opened]
        if name == "autocomplete":
            found += [f"{opened[0]}?{field}" for field in autocompletes()]
    return found


def autocompletes():
    return [
        f"app_label={app}&model_name={model}&field_name={field}&term="
        for app, model, field in sorted(set(desk.autocompletes()))
    ]


# Walking.


def walk(client, people, rows, viewer):
    """What somebody finds, once they have pressed every “Show”: {(secret, kind of address): at how many addresses}, and
    how many addresses they asked."""
    if viewer != NOBODY:
        client.force_login(people[viewer])
        show_everything(client, rows)
    found, asked = Counter(), 0
    for kind, answer in visits(client, people, rows, viewer):
        asked += 1
        found.update((name, kind) for name in secrets_in(answer))
    return found, asked


def show_everything(client, rows):
    for story in rows["workshops.story"].values():
        client.post(reverse("admin:workshops_story_words", args=[story.pk]))
    client.post(reverse("admin:workshops_participant_identity", args=[rows["workshops.participant"][""].pk]))


def visits(client, people, rows, viewer):
    """Yield (kind of address, what it answered as bytes) for every address."""
    for address in [*desk_addresses(rows), *pages_of_factors(people)]:
        yield DESK, fetched(client.get, address)
    for address in public_addresses(rows):
        is_file = re.search(r"format=|\.(csv|zip|qdpx|atom)$", address)
        yield FILES if is_file else SITE, fetched(client.get, address)
    if viewer != NOBODY:
        for address in analysts_files():
            yield FILES, fetched(client.post, address, {"purpose": "A review"})


def analysts_files():
    files = [reverse("dataset_file", args=[dataset, "csv"]) for dataset in DATASETS]
    return [f"{file}?audience=analyst" for file in [*files, reverse("archive_file"), reverse("project")]]


def fetched(ask, *args):
    """What an address answers, a ZIP archive unpacked; nothing of it stays in the database."""
    with transaction.atomic():
        response = ask(*args)
        body = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            body = b"\n".join(archive.read(name) for name in archive.namelist())
    return body


SECRET = re.compile(rb"\bx([a-z]+)x\b")


def secrets_in(body):
    return {name.decode() for name in SECRET.findall(body)} & set(PLANTED)


def planted_in_the_database():
    """Every secret that stands in any column of any table."""
    rows = (row for model in apps.get_models() for row in model._base_manager.values_list())
    values = (bytes(value) if isinstance(value, memoryview) else value for row in rows for value in row)
    return {name for value in values for name in secrets_in(repr(value).encode())}


# Who may find each word, and where; whom it does not name, nowhere. “Show” was pressed wherever it is offered.

ROOM, EDITORS = {ITS}, {ED, ED_OF_IT}
ANALYSTS_TOO = EDITORS | {AN, AN_OF_IT}
"""Editors and analysts of the whole archive, and of this programme."""
DRAFTS_OF_THE_TEAM = {DESK: ROOM | ANALYSTS_TOO, SITE: ROOM | ANALYSTS_TOO, FILES: ANALYSTS_TOO}

PLANTED = {
    # What was told to the project team, and stands in no public wording.
    "drafttitle": DRAFTS_OF_THE_TEAM,
    "draftwording": DRAFTS_OF_THE_TEAM,
    "drafttag": DRAFTS_OF_THE_TEAM,
    "unpublishedwording": DRAFTS_OF_THE_TEAM,
    "practicedraft": DRAFTS_OF_THE_TEAM,
    "drafttold": {DESK: ROOM | EDITORS},
    "publishedtold": {DESK: ROOM | EDITORS},
    "remark": {DESK: ROOM | EDITORS},
    "correctiontitle": {DESK: ROOM | EDITORS},
    "correctionwhy": {DESK: ROOM | EDITORS},
    # What was told to the facilitators alone.
    "kepttitle": {DESK: ROOM, SITE: ROOM},
    "keptwording": {DESK: ROOM, SITE: ROOM},
    "kepttag": {DESK: ROOM, SITE: ROOM},
    "kepttold": {DESK: ROOM},
    "note": {DESK: ROOM},
    "notetag": {DESK: ROOM},
    "workshopnotes": {DESK: ROOM},
    # Who people are. No credit was chosen by their consent.
    "name": {DESK: ROOM},
    "contact": {DESK: ROOM},
    "draftcredit": {DESK: ROOM},
    "keptcredit": {DESK: ROOM},
    "publishedcredit": {DESK: ROOM},
    "code": {DESK: ROOM | EDITORS},
    "role": {DESK: ROOM | EDITORS},  # analysts’ files leave out what fewer than three share
    "sector": {DESK: ROOM | EDITORS},
    # What editors write and readers do not have.
    "insightdraft": {DESK: EDITORS, SITE: EDITORS},
    "workingcopy": {DESK: EDITORS},
    "articledraft": {DESK: EDITORS},
    "owneremail": {DESK: EDITORS},
    # Files that somebody sent or took.
    "filename": {DESK: ROOM},
    "importpreview": {DESK: ROOM},
    "importfile": {},
    "importundo": {},
    "purpose": {DESK: EDITORS | {ADMIN}},
}
"""{secret: {kind of address: who may find it there}}"""


def allowed_to(viewer):
    """{(secret, kind of address)} that the matrix lets somebody find."""
    return {(name, kind) for name, kinds in PLANTED.items() for kind, viewers in kinds.items() if viewer in viewers}
