"""The promise: a full export, imported in order into an empty database and exported again, gives the same bytes."""

import csv
import datetime

import pytest
from django.contrib.auth.models import User

from innovation_archive.datasets import KINDS, Audience
from innovation_archive.exchange.exports import export_archive
from innovation_archive.exchange.imports import import_file
from insights.models import Article, Commitment, Evidence, Insight, Release, Review, SetAside
from insights.publications import publishing, working_copies
from tests import factories as make
from workshops.choices import Consent, Kind, Status
from workshops.consent.withdrawal import withdraw_stories
from workshops.judgements.context import answer_context
from workshops.models import (
    Participant,
    Place,
    Practice,
    Programme,
    ServiceArea,
    Story,
    Tag,
    Tally,
    Theme,
    Vote,
    Workshop,
)

pytestmark = pytest.mark.django_db

AWKWARD = [
    "=1+1",
    "'=cmd|' /C calc'!A0",
    "  +44 161 496 0000",
    "＝full width",
    "-dash\nand a second line",
    "tab\tinside, comma, \"quotes\" and 'apostrophes'",
    "\ttab first",
    "a|bar and \\| an escaped one",
    "backslash at the end\\",
    "\\\\",
    "naïve cafe\u0301 Ω 中文 العربية 🤫 \u200d\ufeff",
    " spaces around and nbsp\u00a0",
    "\n\nlines before and after\n",
    "'",
    "\r\nwindows\r\n",
]
NAMES = [text.replace(" 161 496 0000", " and so on") for text in AWKWARD]
"""The same for what may hold no phone number: tags, credits and the names of a vocabulary."""


@pytest.fixture
def awkward_archive():
    """One of everything, with an awkward text wherever a text may stand."""
    editor = make.a_user("editor", username="+edith@example.org")
    programme = make.a_programme(slug="gm", title=AWKWARD[0], summary=AWKWARD[4], illustrative=True)
    phases = [make.a_phase(programme=programme, number=n, question=AWKWARD[n]) for n in (1, 2, 3)]
    areas = [
        make.a_service_area(f"{text} {n}", slug=f"area-{n}", aliases=[f"{text} alias {n}"])
        for n, text in enumerate(NAMES)
    ]
    themes = [
        make.a_theme(f"{text} {n}", slug=f"theme-{n}", aliases=[f"{text} lens {n}"]) for n, text in enumerate(NAMES)
    ]
    places = [make.a_place(f"{text} {n}", aliases=[f"{text} town {n}", "b" + text]) for n, text in enumerate(NAMES)]
    for n, text in enumerate(AWKWARD):
        workshop = make.a_workshop(
            [editor],
            areas[: n + 1],
            places[n:],
            slug=f"w-{n}",
            title=text,
            notes=text,
            format=text,
            phase=phases[n % 3],
        )
        teller = make.a_participant([workshop], role=text, sector=text, service_area=areas[n], place=places[n])
        story = make.a_story(
            themes[n : n + 2],
            [NAMES[n], f"{NAMES[n]} tag"],
            text=text,
            title=f"{text}.",
            published_text=f"{text}!",
            workshop=workshop,
            told_by=teller,
            credit=NAMES[n],
            consent=Consent.CREDITED,
            kind=Kind.ELSEWHERE,
            location=f"{text}.",
            service_area=areas[n],
        )
        practice = make.a_practice(
            [story], themes[:2], areas[:3], [NAMES[n]], statement=f"{text}?", description=f"{text}.", ref=f"P-{n}"
        )
        Vote.objects.create(
            practice=practice, participant=teller, choice="create", workshop=workshop, from_phone=n == 1
        )
        Tally.objects.create(practice=practice, workshop=workshop, service_area=areas[n], keep=n)
    make.may_stand(*Story.objects.all(), *Practice.objects.all(), programme, *Workshop.objects.all())
    first, second, *rest = Story.objects.order_by("pk")
    answer_context(first, could_tell=True, by=None, why=AWKWARD[7])
    answer_context(second, could_tell=False, by=None)
    Story.objects.filter(pk=rest[0].pk).update(status=Status.DRAFT, consent=0, effective_consent=0, place=places[0])
    withdraw_stories([rest[1]])
    make.a_story_in_confidence(ref="kept", credit="Ann Field", workshop=rest[0].workshop)
    make.a_story_in_confidence(Consent.CREDITED, AWKWARD[4], ref="raised", credit="Bob", workshop=rest[0].workshop)
    finding = make.an_insight(
        [first, second], slug="a-finding", programme=programme, title=AWKWARD[3], summary=AWKWARD[12], body=AWKWARD[4],
        kind="finding", nature="capacity", none_found=AWKWARD[5], status=Status.DRAFT, themes=themes[:2],
    )  # fmt: skip
    finding.evidence.filter(story=first).update(excerpt=first.published_text)
    finding.evidence.filter(story=second).update(excerpt="no longer in the wording")
    Evidence.objects.create(insight=finding, practice=Practice.objects.get(ref="P-1"), order=7, role="qualifies")
    SetAside.objects.create(insight=finding, story=rest[2], reason="outlier")
    idea = make.an_insight(
        [first], slug="a-big-idea", programme=programme, kind="big idea", actions=AWKWARD, status=Status.DRAFT, builds_on=[finding]
    )  # fmt: skip
    withdrawn = Story.objects.get(status=Status.WITHDRAWN)
    Evidence.objects.create(insight=finding, story=withdrawn, order=8)
    SetAside.objects.create(insight=idea, story=withdrawn, reason="outlier")
    for insight in (finding, idea):
        publishing.publish_insight(make.may_stand(insight), on=datetime.date(2020, 10, 5))
    a_second_version_and_a_working_copy(finding, rest)
    taken_down = make.an_insight(
        [second], slug="taken-down", programme=programme, title=AWKWARD[1], none_found=AWKWARD[2], status=Status.DRAFT
    )
    publishing.publish_insight(make.may_stand(taken_down), on=datetime.date(2020, 10, 5))
    publishing.unpublish_insight(taken_down)
    make.an_insight(slug="a-draft", programme=programme, status=Status.DRAFT, builds_on=[idea])
    article = make.an_article([idea, finding], programme=programme, title=AWKWARD[2], body=AWKWARD[12])
    make.may_stand(article)
    Article.objects.create(slug="a-draft", programme=programme, title="Not yet", summary=AWKWARD[1])
    commitment = make.a_commitment(insight=idea, place=places[2], text=AWKWARD[7], owner_role=AWKWARD[8])
    Review.objects.create(
        commitment=commitment,
        due_on=datetime.date(2021, 1, 1),
        reviewed_on=datetime.date(2021, 1, 2),
        state="slipping",
        note=AWKWARD[9],
    )
    Review.objects.create(commitment=commitment, due_on=datetime.date(2021, 7, 1))
    return article


def a_second_version_and_a_working_copy(finding, stories):
    """Published again on the day it was, with a name of its own for the day to look again, and changed since."""
    copy = working_copies.row_to_write(finding)
    copy.title, copy.look_again_on = AWKWARD[6], datetime.date(2030, 1, 1)
    copy.save()
    publishing.publish_insight(make.may_stand(finding), on=datetime.date(2020, 10, 5))
    copy = working_copies.row_to_write(finding)
    copy.title, copy.body, copy.look_again_on = "Not published", "Not published", datetime.date(2031, 1, 1)
    copy.save()
    Evidence.objects.create(insight=copy, story=stories[3], order=9)
    copy.set_aside.all().delete()


def empty_the_archive():
    Insight.objects.update(status=Status.DRAFT)
    for model in (
        Release, Commitment, Article, Insight, Practice.votes.rel.related_model, Tally, Practice, Story, Participant,
        Workshop, Programme, ServiceArea, Theme, Place, Tag, User,
    ):  # fmt: skip
        model.objects.all().delete()


def files(folder):
    return {path.name: path.read_bytes() for path in folder.glob("*.csv")}


def test_full_export_comes_back_byte_for_byte(awkward_archive, tmp_path):
    export_archive(tmp_path / "first", Audience.FULL)
    empty_the_archive()
    for kind in KINDS:
        report = import_file(kind, tmp_path / "first" / f"{kind}.csv")
        assert report.problem_lines() == []
    export_archive(tmp_path / "again", Audience.FULL)
    first, again = files(tmp_path / "first"), files(tmp_path / "again")
    assert set(first) == {f"{kind}.csv" for kind in KINDS}
    for name in first:
        assert first[name].decode() == again[name].decode(), name
        assert first[name].count(b"\n") > 1, f"{name} is empty and proves nothing"


def rows_of_file(folder, kind):
    with (folder / f"{kind}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_full_export_holds_what_readers_have(awkward_archive, tmp_path):
    export_archive(tmp_path, Audience.FULL)
    titles = {row["slug"]: (row["title"], row["look_again_on"]) for row in rows_of_file(tmp_path, "insights")}
    assert titles["a-finding"] == (" ".join(AWKWARD[6].split()), "2030-01-01")
    assert titles["a-draft"][1] == ""
    assert [tuple(row.values()) for row in rows_of_file(tmp_path, "publications")] == [
        ("a-big-idea", "2020-10-05"),
        ("a-finding", "2020-10-05"),
    ]
    told = {
        row["ref"]: (row["credit"], row["in_confidence"], row["raised_why"])
        for row in rows_of_file(tmp_path, "stories")
    }
    assert (told["kept"], told["raised"]) == (("Ann Field", "1", ""), ("Bob", "1", f"'{AWKWARD[4]}"))
    withdrawn = Story.objects.get(status=Status.WITHDRAWN).ref
    assert withdrawn in {row["ref"] for row in rows_of_file(tmp_path, "stories")}
    for kind in ("evidence", "set_aside"):
        assert withdrawn not in {row["story"] for row in rows_of_file(tmp_path, kind)}


def test_imported_version_says_so_and_has_a_fingerprint_of_its_own(awkward_archive, tmp_path):
    export_archive(tmp_path, Audience.FULL)
    finding = Insight.objects.get(slug="a-finding")
    latest = finding.publications.last()
    empty_the_archive()
    for kind in KINDS:
        import_file(kind, tmp_path / f"{kind}.csv")
    imported = Insight.objects.get(slug="a-finding").publications.get()
    assert (imported.version, imported.is_imported, latest.version, latest.is_imported) == (1, True, 2, False)
    assert imported.text == latest.text
    assert imported.hash != latest.hash
    assert publishing.verify_hash(imported) is True
    assert Insight.objects.get(slug="taken-down").publications.count() == 0


def test_full_export_imported_over_itself_changes_nothing(awkward_archive, tmp_path):
    export_archive(tmp_path, Audience.FULL)
    for kind in KINDS:
        report = import_file(kind, tmp_path / f"{kind}.csv")
        assert (kind, report.added, report.changed, report.kept, report.problem_lines()) == (kind, 0, 0, [], [])
