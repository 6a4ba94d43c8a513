"""The REFI-QDA project, read back by a strict reader: every path, reference and passage has to lead somewhere."""

import datetime
import io
import re
import threading
import uuid
import zipfile
from dataclasses import dataclass
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
import xmlschema
from defusedxml.ElementTree import fromstring
from django.db import connections

from innovation_archive.datasets import Audience
from innovation_archive.exchange.qdpx import project_file
from insights.choices import InsightKind, Role
from insights.models import Evidence, Insight, Publication
from tests import factories as make
from tests.shared import shared
from workshops.choices import Consent, Kind, Status
from workshops.consent.withdrawal import withdraw_stories
from workshops.models import Story
from workshops.roles import EVERYTHING

pytestmark = pytest.mark.django_db

Q = "{urn:QDA-XML:project:1.0}"


def packed(*arguments):
    return b"".join(project_file(*arguments or (Audience.PUBLIC,)))


@dataclass
class Read:
    """A project as a program would see it."""

    root: ElementTree.Element
    texts: dict  # by path in the ZIP
    names: list

    def all(self, tag):
        return list(self.root.iter(Q + tag))

    def codes(self):
        """{parent: [child, …]}"""
        return {
            parent.get("name"): [child.get("name") for child in parent]
            for parent in self.root.iterfind(f"{Q}CodeBook/{Q}Codes/{Q}Code")
        }

    def sources(self):
        """{title: source}"""
        return {each.find(f"{Q}Description").text.splitlines()[0]: each for each in self.all("TextSource")}

    def text(self, element):
        path = element.get("plainTextPath")
        assert path.startswith("internal://")
        return self.texts["sources/" + path.removeprefix("internal://")]

    def passages(self, source):
        """[(text, [code, …])], in order."""
        names = {code.get("guid"): code.get("name") for code in self.all("Code")}
        text = self.text(source)
        return [
            (
                text[int(each.get("startPosition")) : int(each.get("endPosition"))],
                [names[ref.get("targetGUID")] for ref in each.iter(f"{Q}CodeRef")],
            )
            for each in source.iter(f"{Q}PlainTextSelection")
        ]

    def variables(self, source):
        names = {each.get("guid"): each.get("name") for each in self.all("Variable")}
        return {names[value[0].get("targetGUID")]: value[1].text for value in source.iter(f"{Q}VariableValue")}


def read(content):
    """Open a project, and check what holds of every one."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        texts = {name: archive.read(name).decode() for name in names if name != "project.qde"}
        root = fromstring(archive.read("project.qde"))
    assert root.tag == f"{Q}Project"
    assert root.get("basePath") is None
    assert all(re.fullmatch(r"sources/[0-9a-f-]{36}\.txt", name) for name in texts)
    assert not any("\r" in text for text in texts.values())
    paths = [each.get("plainTextPath") for each in root.iter() if each.get("plainTextPath")]
    assert sorted(path.replace("internal://", "sources/") for path in paths) == sorted(texts)
    known = [each.get("guid") for each in root.iter() if each.get("guid")]
    assert len(known) == len(set(known))
    assert {uuid.UUID(each).version for each in known} == {5}
    pointers = ("targetGUID", "creatingUser", "modifyingUser", "creatingUserGUID")
    assert {each.get(name) for each in root.iter() for name in pointers if each.get(name)} <= set(known)
    empty = ("Users", "CodeBook", "Codes", "Variables", "Sources", "Notes")
    assert not [each.tag for each in root.iter() if each.tag.removeprefix(Q) in empty and len(each) == 0]
    return Read(root, texts, names)


def evidence(insight, story, excerpt="", role=Role.SUPPORTS, **fields):
    return Evidence.objects.create(insight=insight, story=story, excerpt=excerpt, role=role, **fields)


def a_rich_archive():
    """Two insights on two stories, of an invented programme, and things that nobody may see."""
    programme = make.a_programme(title="Learning from Covid", illustrative=True)
    workshop = make.a_workshop(title="Hubs & homes", phase=make.a_phase(programme=programme, number=2))
    hubs, bolton = make.a_service_area("Community hubs"), make.a_place("Bolton")
    story = make.a_story(
        ref="aaa",
        title="Doors <open>",
        published_text="We opened the doors.\nPeople came in. Nobody asked why.",
        workshop=workshop,
        service_area=hubs,
        place=bolton,
        themes=[make.a_theme("Workforce"), make.a_theme("Leadership")],
        tags=["trust", "leadership"],
    )
    other = make.a_story(ref="bbb", title="Forms", published_text="The forms came back.", workshop=workshop)
    first = make.an_insight(slug="doors", title="Open doors work", summary="They do.", body="", programme=programme)
    second = make.an_insight(
        slug="forms", title="Keep forms away", kind=InsightKind.BIG_IDEA, actions=["Burn them"], programme=programme
    )
    draft = make.an_insight(slug="draft", title="Not published", status=Status.DRAFT, programme=programme)
    for version, day in [(1, datetime.date(2020, 9, 1)), (2, datetime.date(2020, 10, 2))]:
        Publication.objects.create(insight=first, version=version, published_on=day, text={}, hash="")
    evidence(first, story, "People came in.")
    evidence(second, story, "People came in.", order=1)
    evidence(first, other, role=Role.CONTRADICTS, order=2)
    evidence(draft, story, "Nobody asked why.")
    return story


def test_project_holds_stories_as_sources_with_their_coded_passages():
    a_rich_archive()
    project = read(packed())
    sources = project.sources()
    assert sorted(sources) == ["Doors <open>", "Forms"]
    doors, forms = sources["Doors <open>"], sources["Forms"]
    assert project.text(doors) == "We opened the doors.\nPeople came in. Nobody asked why."
    assert project.passages(doors) == [
        (
            "We opened the doors.\nPeople came in. Nobody asked why.",
            ["Leadership", "Workforce", "leadership (tag)", "trust"],
        ),
        ("People came in.", ["Supports", "Open doors work", "Keep forms away"]),
    ]
    assert project.passages(forms) == [("The forms came back.", ["Contradicts", "Open doors work"])]


def test_what_is_said_of_evidence_without_a_quotation_is_not_said_of_the_story_s_tags():
    story = make.a_story(published_text="All of it.", tags=["trust"])
    evidence(make.an_insight(title="Claim"), story)
    project = read(packed())
    [source] = project.all("TextSource")
    assert project.passages(source) == [("All of it.", ["Supports", "Claim"]), ("All of it.", ["trust"])]
    about = [each.findtext(f"{Q}Description") for each in source.iter(f"{Q}PlainTextSelection")]
    assert about == ["Supports: Claim", None]


def test_every_passage_and_note_has_a_day_and_every_note_a_name_of_its_own():
    undated = make.a_story(workshop=make.a_workshop(held_on=None), tags=["trust"])
    for slug in ("one", "two", "three"):
        evidence(make.an_insight(slug=slug, title="The same"), undated)
    make.an_insight(slug="like-a-tag", title="Trust")
    project = read(packed())
    days = {each.get("creationDateTime") for tag in ("PlainTextSelection", "Note") for each in project.all(tag)}
    assert days == {"1970-01-01T00:00:00Z"}
    assert [each.get("creationDateTime") for each in project.all("TextSource")] == [None]
    same = ["The same", "The same (insight)", "The same (insight two)"]
    assert [each.get("name") for each in project.all("Note")] == ["Trust", *same]
    assert project.codes()["Insights"] == ["Trust (insight)", *same]


def test_project_says_which_insights_a_passage_is_for():
    a_rich_archive()
    project = read(packed())
    notes = {each.get("guid"): each.get("name") for each in project.all("Note")}
    passage = project.sources()["Doors <open>"].findall(f"{Q}PlainTextSelection")[1]
    assert (passage.get("startPosition"), passage.get("endPosition")) == ("21", "36")
    assert passage.find(f"{Q}Description").text == "Supports: Open doors work\nSupports: Keep forms away"
    assert [notes[ref.get("targetGUID")] for ref in passage.iter(f"{Q}NoteRef")] == [
        "Open doors work",
        "Keep forms away",
    ]


def test_project_files_codes_under_themes_tags_and_evidence_each_name_once():
    a_rich_archive()
    make.a_story(tags=["hidden"], status=Status.DRAFT)
    codes = read(packed()).codes()
    assert codes == {
        "Themes": ["Leadership", "Workforce"],
        "Tags": ["leadership (tag)", "trust"],
        "Evidence": ["Supports", "Qualifies", "Contradicts"],
        "Insights": ["Open doors work", "Keep forms away"],
    }


def test_insight_is_a_code_that_says_what_its_note_says():
    a_rich_archive()
    project = read(packed())
    meant = {code.get("name"): code.findtext(f"{Q}Description") for code in project.all("Code")}
    assert meant["trust"] is None
    for note in project.all("Note"):
        assert meant[note.get("name")] == project.text(note)


def test_project_keeps_service_area_place_phase_and_kind_as_variables():
    a_rich_archive()
    project = read(packed())
    sources = project.sources()
    assert {each.get("name"): each.get("typeOfVariable") for each in project.all("Variable")} == {
        "Programme": "Text",
        "Workshop": "Text",
        "Held on": "Date",
        "Phase": "Integer",
        "Kind": "Text",
        "Service area": "Text",
        "Place": "Text",
    }
    common = {
        "Programme": "Learning from Covid",
        "Workshop": "Hubs & homes",
        "Held on": "2020-06-01",
        "Phase": "2",
        "Kind": "Innovation here",
    }
    assert project.variables(sources["Doors <open>"]) == common | {
        "Service area": "Community hubs",
        "Place": "Bolton",
    }
    assert project.variables(sources["Forms"]) == common


def test_project_holds_insights_as_dated_notes_with_their_evidence():
    a_rich_archive()
    project = read(packed())
    notes = {each.get("name"): each for each in project.all("Note")}
    assert sorted(notes) == ["Keep forms away", "Open doors work"]
    doors = notes["Open doors work"]
    assert (doors.get("creationDateTime"), doors.get("modifiedDateTime")) == (
        "2020-09-01T00:00:00Z",
        "2020-10-02T00:00:00Z",
    )
    assert doors.get("creatingUser") == project.all("User")[0].get("guid")
    assert project.text(doors) == (
        "Open doors work\n\nFinding, Learning from Covid\n\nThey do.\n\n"
        "Supports\n- aaa Doors <open>: “People came in.”\n\n"
        "Contradicts\n- bbb Forms\n\n"
        "/insights/doors/\n\nIllustrative sample: people, stories and votes are invented.\n"
    )
    assert "\n\nWhat it asks people to do\n- Burn them\n\n" in project.text(notes["Keep forms away"])


def test_project_names_a_role_and_no_account():
    editor = make.a_user("editor", "facilitator", username="ada.lovelace", first_name="Ada", last_name="Lovelace")
    workshop = make.a_workshop(facilitators=[editor])
    make.a_story(workshop=workshop, told_by=make.a_participant(code="p-secret"), text="I, Ada, told it.")
    project = read(packed())
    assert [user.get("name") for user in project.all("User")] == ["Editors"]
    everything = ElementTree.tostring(project.root, "unicode") + "".join(project.texts.values())
    assert not re.search("ada|lovelace|p-secret", everything, re.IGNORECASE)


def test_project_of_invented_people_says_so():
    a_rich_archive()
    real = make.a_story(title="Real")
    project = read(packed())
    notice = "Illustrative sample: people, stories and votes of “Learning from Covid” are invented."
    assert project.root.find(f"{Q}Description").text.splitlines()[1:] == [notice]
    sources = project.sources()
    assert sources["Forms"].find(f"{Q}Description").text.splitlines() == [
        "Forms",
        "/stories/bbb/",
        "Illustrative sample: people, stories and votes are invented.",
    ]
    assert sources["Real"].find(f"{Q}Description").text.splitlines() == ["Real", f"/stories/{real.ref}/"]


def test_project_gives_credit_only_to_those_who_chose_it():
    make.a_story(title="Credited", credit="Sam of Bury", consent=Consent.CREDITED)
    make.a_story(title="Public", credit="Kim of Leigh", consent=Consent.PUBLIC)
    sources = read(packed()).sources()
    assert sources["Credited"].find(f"{Q}Description").text.splitlines()[2:] == ["Told by Sam of Bury"]
    assert sources["Public"].find(f"{Q}Description").text.splitlines()[2:] == []


def test_analysts_project_gives_no_credit_for_a_story_that_is_not_published():
    credited = {"credit": "Sam of Bury", "consent": Consent.CREDITED}
    make.a_story(title="Published", ref="published", **credited)
    for status in (Status.DRAFT, Status.IN_REVIEW, Status.UNPUBLISHED):
        make.a_story(title=status.label, ref=status.value.replace(" ", "-"), status=status, **credited)
    project = read(packed(Audience.ANALYST))
    told = {title: each.find(f"{Q}Description").text.splitlines() for title, each in project.sources().items()}
    assert told == {
        "Published": ["Published", "/stories/published/", "Told by Sam of Bury"],
        "Draft": ["Draft", "/stories/draft/"],
        "In review": ["In review", "/stories/in-review/"],
        "Unpublished": ["Unpublished", "/stories/unpublished/"],
    }


@pytest.mark.parametrize(
    ("text", "excerpt", "span"),
    [
        ("Start and more", "Start", (0, 5)),
        ("more and the end", "the end", (9, 16)),
        ("👩‍👩‍👧 came 🎉 and we danced 🎉", "and we danced 🎉", (13, 28)),
        ("Cafe\u0301 first, then cafe\u0301 again", "cafe\u0301 again", (18, 29)),
        ("One\r\ntwo\r\nthree", "two\r\nthree", (4, 13)),
        ("نحن معا 你好世界", "你好", (8, 10)),
        ("the whole of it", "the whole of it", (0, 15)),
    ],
)
def test_passage_is_counted_in_code_points_and_ends_before_its_end(text, excerpt, span):
    story = make.a_story(published_text=text)
    evidence(make.an_insight(), story, excerpt)
    project = read(packed())
    [source] = project.all("TextSource")
    [passage] = source.iter(f"{Q}PlainTextSelection")
    assert (int(passage.get("startPosition")), int(passage.get("endPosition"))) == span
    [(text, codes)] = project.passages(source)
    assert (text, codes[0]) == (excerpt.replace("\r\n", "\n"), "Supports")


def test_passage_of_two_alike_is_the_one_that_was_chosen():
    story = make.a_story(published_text="No. Never. No. Never again.")
    evidence(make.an_insight(), story, "No.", excerpt_start=11)
    [passage] = read(packed()).all("PlainTextSelection")
    assert (passage.get("startPosition"), passage.get("endPosition")) == ("11", "14")


def test_passage_whose_wording_was_changed_since_is_not_quoted_any_more():
    story = make.a_story(published_text="It was Jo who did it.", title="Changed")
    evidence(make.an_insight(title="Claim"), story, "It was Jo")
    Story.objects.filter(pk=story.pk).update(published_text="It was a nurse who did it.")
    project = read(packed())
    assert project.passages(project.all("TextSource")[0]) == [("It was a nurse who did it.", ["Supports", "Claim"])]
    assert "Jo" not in project.text(project.all("Note")[0])


def test_letters_that_xml_forbids_become_spaces_so_that_passages_stay_in_place():
    story = make.a_story(
        title="Bell\x07 and \ufffe", published_text="\ufeffOne\x0b\x0ctwo \uffff three.", tags=["ring\x07"], ref="bell"
    )
    evidence(make.an_insight(title="Low\x01 tones"), story, "two \uffff three")
    project = read(packed())
    [source] = project.all("TextSource")
    assert project.text(source) == " One  two   three."
    assert project.passages(source) == [(" One  two   three.", ["ring "]), ("two   three", ["Supports", "Low  tones"])]
    assert source.get("name") == "bell Bell  and"


def test_source_is_named_so_that_it_can_be_a_file():
    make.a_story(ref="one", title='Who/what: "why?" ' + "so " * 60)
    make.a_story(ref="two", title="Same")
    make.a_story(ref="three", title="市" * 120)
    names = [source.get("name") for source in read(packed()).all("TextSource")]
    assert names == ["one Who-what- -why-- " + ("so " * 60)[:-1], f"three {'市' * 64}", "two Same"]


def test_public_project_holds_what_is_published_and_nothing_else():
    make.a_story(title="Published", published_text="Seen.")
    make.a_story(title="Draft", status=Status.DRAFT, tags=["drafted"])
    make.a_story(title="Team", status=Status.IN_REVIEW, consent=Consent.TEAM)
    make.a_story(title="Room", status=Status.DRAFT, consent=Consent.FACILITATORS)
    withdrawn = make.a_story(title="Withdrawn", published_text="Taken back.")
    evidence(make.an_insight(title="Kept"), withdrawn, "Taken back.")
    withdraw_stories([withdrawn])
    project = read(packed())
    assert list(project.sources()) == ["Published"]
    everything = ElementTree.tostring(project.root, "unicode") + "".join(project.texts.values())
    assert not re.search("drafted|Taken back|Withdrawn|Room|Team", everything)


def test_analysts_project_adds_team_level_wording_and_says_what_may_be_quoted():
    make.a_story(title="Published", published_text="Seen.")
    make.a_story(
        title="Team", ref="team", status=Status.IN_REVIEW, consent=Consent.TEAM, published_text="Ours.", text="Jo told."
    )
    make.a_story(title="Room", status=Status.DRAFT, consent=Consent.FACILITATORS)
    make.a_story(title="Wordless", status=Status.DRAFT, consent=Consent.TEAM, published_text="")
    project = read(packed(Audience.ANALYST))
    sources = project.sources()
    assert sorted(sources) == ["Published", "Team"]
    assert project.text(sources["Team"]) == "Ours."
    assert {title: (v["Status"], v["Consent"]) for title in sources for v in [project.variables(sources[title])]} == {
        "Published": ("Published", "public"),
        "Team": ("In review", "team"),
    }
    assert "For the project team" in project.root.find(f"{Q}Description").text


def test_analysts_project_says_what_it_is_for_and_until_when():
    limits = {"purpose": "Review of the hubs", "expires_on": datetime.date(2021, 3, 1)}
    taken = SimpleNamespace(**limits, reach=EVERYTHING)
    told = read(packed(Audience.ANALYST, taken)).root.find(f"{Q}Description").text
    assert told.splitlines()[2:] == ["For: Review of the hubs. It may be used until 2021-03-01."]


def test_project_of_an_empty_archive_has_no_empty_containers():
    project = read(packed())
    assert project.names == ["project.qde"]
    assert [each.tag.removeprefix(Q) for each in project.root] == ["Users", "CodeBook", "Variables", "Description"]


def test_project_is_the_same_bytes_for_the_same_data_and_keeps_its_guids_when_they_change(settings):
    story = a_rich_archive()
    once = packed()
    assert packed() == once
    before = read(once).sources()["Doors <open>"].get("guid")
    story.title = "Doors, open"
    story.save()
    assert read(packed()).sources()["Doors, open"].get("guid") == before
    settings.SITE_URL = "https://elsewhere.example"
    assert read(packed()).sources()["Doors, open"].get("guid") != before


def test_project_takes_no_more_queries_for_more_stories(django_assert_num_queries, django_assert_max_num_queries):
    a_rich_archive()
    with django_assert_max_num_queries(25) as few:
        packed()
    insight = make.an_insight()
    for n in range(20):
        evidence(insight, make.a_story(themes=[make.a_theme()], tags=[f"tag {n}"], service_area=make.a_service_area()))
    with django_assert_num_queries(len(few)):
        packed()


@pytest.mark.django_db(transaction=True)
def test_project_is_of_one_moment_whatever_is_unpublished_while_it_is_written():
    a_rich_archive()
    pieces = project_file(Audience.PUBLIC)
    begun = next(pieces)

    def unpublish():
        Insight.objects.update(status=Status.UNPUBLISHED)
        connections.close_all()

    thread = threading.Thread(target=unpublish)
    thread.start()
    thread.join()
    project = read(begun + b"".join(pieces))
    notes = {note.get("guid") for note in project.all("Note")}
    assert {ref.get("targetGUID") for ref in project.all("NoteRef")} == notes
    assert len(notes) == 2
    assert read(packed()).all("NoteRef") == []


@pytest.mark.parametrize("audience", [Audience.PUBLIC, Audience.ANALYST])
def test_project_is_valid_by_the_format_s_schema(audience):
    schema = xmlschema.XMLSchema(shared("refi-qda", "Project.xsd"))
    for fill in (lambda: None, a_rich_archive):
        fill()
        make.a_story(kind=Kind.ELSEWHERE, location="Utrecht", title="Ring\x07", tags=["\x07"])
        with zipfile.ZipFile(io.BytesIO(packed(audience))) as archive:
            schema.validate(archive.read("project.qde").decode())


def test_project_file_is_public_and_its_analysts_edition_is_not(client):
    make.a_story(title="Public")
    make.a_story(title="Team", status=Status.DRAFT, consent=Consent.TEAM)
    response = client.get("/data/archive.qdpx")
    assert response["Content-Disposition"] == 'attachment; filename="archive.qdpx"'
    assert list(read(b"".join(response)).sources()) == ["Public"]
    for role, status in [(None, 403), ("facilitator", 403), ("system leader", 403), ("analyst", 200), ("editor", 200)]:
        client.logout()
        if role:
            client.force_login(make.a_user(role))
        response = client.post("/data/archive.qdpx?audience=analyst", {"purpose": "Review of the hubs"})
        assert response.status_code == status, role
    assert response["Cache-Control"] == "private, no-store"
    assert sorted(read(b"".join(response)).sources()) == ["Public", "Team"]


def test_project_file_of_invented_people_says_so_in_its_name(client):
    make.a_programme(illustrative=True)
    assert 'filename="archive-illustrative-sample.qdpx"' in client.get("/data/archive.qdpx")["Content-Disposition"]


def test_data_page_offers_the_project(client):
    page = client.get("/data/").content.decode()
    assert ("REFI-QDA project" in page, page.count('href="/data/archive.qdpx"')) == (True, 1)
    assert "/data/archive.qdpx?audience=analyst" not in page
    client.force_login(make.a_user("analyst"))
    assert 'href="/data/archive.qdpx?audience=analyst"' in client.get("/data/").content.decode()
