"""Words planted in credits, remarks, reasons and what was said in confidence: at every public address, as every role."""

import io
from zipfile import ZipFile

import pytest

from innovation_archive.datasets import DATASETS, Audience
from tests.factories import a_participant, a_story_in_confidence, a_user, a_workshop
from tests.innovation_archive.test_pages import PAGES, fill
from workshops.choices import Consent, Status
from workshops.models import Note, OriginalText, Story, Workshop
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR, SYSTEM_LEADER

pytestmark = pytest.mark.django_db

ROLES = [None, FACILITATOR, EDITOR, ANALYST, SYSTEM_LEADER, ADMINISTRATOR]
FILES = [
    f"/data/{name}.{extension}{query}"
    for name, each in DATASETS.items()
    for extension in ("csv", "json")
    for audience, query in ((Audience.PUBLIC, ""), (Audience.ANALYST, "?audience=analyst"))
    if audience in each.audiences
]
PACKAGES = ["/data/archive.zip", "/data/archive.qdpx"]
PLANTED = ("xcreditx", "xremarkx", "xreasonx", "xtoldx", "xcodex", "xkeptx", "xnotex")
SHOWN = "xshownx"
TEAM_ONLY = "xteamx"


@pytest.fixture
def archive():
    """One of everything; of a published story, a raised one and one that stays with its facilitators, all is planted."""
    fill(4)
    workshop = Workshop.objects.get(slug="first")
    teller = a_participant([workshop], code="xcodex")
    Story.objects.filter(ref="s1").update(credit="xcreditx", told_by=teller)
    Story.objects.filter(ref="s2").update(
        credit=SHOWN, consent=Consent.CREDITED, effective_consent=Consent.CREDITED, in_confidence=True,
        raised_to=Consent.CREDITED, raised_why="xreasonx", raised_at="2020-06-02T12:00Z",
    )  # fmt: skip
    OriginalText.objects.filter(story__ref__in=["s1", "s2"]).update(text="xtoldx")
    about = {"workshop": workshop, "credit": "xcreditx", "remark": "xremarkx"}
    a_story_in_confidence(ref="kept", title="xkeptx", published_text="xkeptx", tags=["xkeptx"], **about)
    a_story_in_confidence(Consent.TEAM, "xreasonx", ref="team", title=TEAM_ONLY, text="xtoldx", **about)
    Note.objects.create(workshop=workshop, text="xnotex", in_confidence=True)
    return workshop


def words_of(response):
    """All that an answer says; of a package, of each file in it."""
    content = b"".join(response) if response.streaming else response.content
    if not content.startswith(b"PK"):
        return content.decode()
    package = ZipFile(io.BytesIO(content))
    return "\n".join(package.read(name).decode() for name in package.namelist())


def answers(client):
    """{address: words} of all public pages and files, each file of analysts with its purpose."""
    queries = [f"/stories/?q={word}" for word in ("xcreditx", "xkeptx", "Wording")]
    packages = [f"{address}{query}" for address in PACKAGES for query in ("", "?audience=analyst")]
    for address in [
        *PAGES,
        *queries,
        "/stories/s2/",
        "/stories/kept/",
        "/stories/team/",
        "/stories/?format=csv",
        "/sitemap.xml",
    ]:
        yield address, words_of(client.get(address))
    for address in [*FILES, *packages]:
        send = client.post if "analyst" in address else client.get
        yield address, words_of(send(address, {"purpose": "A test"}))


def found(client):
    """{word: the addresses that say it}"""
    words = dict(answers(client))
    for query in ("xcreditx", "xkeptx"):  # a page of results repeats what was searched for
        words[f"/stories/?q={query}"] = words[f"/stories/?q={query}"].replace(query, "")
    said = {word: {address for address, text in words.items() if word in text} for word in [*PLANTED, SHOWN, TEAM_ONLY]}
    return {word: addresses for word, addresses in said.items() if addresses}


@pytest.mark.parametrize("role", ROLES)
def test_planted_words_reach_no_public_address(client, archive, role):
    if role:
        client.force_login(a_user(role))
    said = found(client)
    assert sorted(said.keys() & set(PLANTED)) == []
    assert {"/stories/s2/", "/data/stories.csv", "/data/archive.zip"} <= said[SHOWN]
    team = said.get(TEAM_ONLY, set())
    if role in (EDITOR, ANALYST):
        assert "/data/stories.csv?audience=analyst" in team
        assert {address for address in team if "audience=analyst" not in address} == {"/stories/team/"}
    else:
        assert team == set()


def test_facilitator_of_the_workshop_reads_what_was_told_there_and_no_credit_on_pages(client, archive):
    facilitator = a_user(FACILITATOR)
    archive.facilitators.add(facilitator)
    a_workshop([a_user(FACILITATOR)])
    client.force_login(facilitator)
    assert found(client).keys() & set(PLANTED) == {"xkeptx"}
    assert Story.objects.get(ref="kept").status == Status.DRAFT
