"""Nobody publishes an identifier without having said that it may stand, whichever way they take.

`WAYS` holds every way there is. A function of the code that makes something public, and is in none of them, fails
`test_every_place_that_publishes_is_on_the_list`.
"""

import ast
import datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db.models import Q
from django.urls import reverse

from innovation_archive.datasets import KINDS
from innovation_archive.datasets.judged import JudgedWordsImportMixin
from innovation_archive.models import Import, ImportState
from insights.models import Article, Commitment, Evidence, Insight, ReleasedPractice, Review
from insights.publications import publishing
from insights.votes.release import release
from tests import factories as make
from tests.desk import act, filled, messages, page
from workshops.choices import Consent, Status
from workshops.models import (
    Ballot,
    Correction,
    Judgement,
    Phase,
    Place,
    Practice,
    Programme,
    ServiceArea,
    SpellingCorrection,
    Story,
    Tag,
    Theme,
    UnjudgedPublication,
    Vote,
    Workshop,
)
from workshops.stories import review

pytestmark = pytest.mark.django_db

PLANTED = "943 476 5919"
WORDS = f"Her number was {PLANTED}."
TOKEN = f"nhs_number:{PLANTED}"
TICKED = {"may_stand": [TOKEN, "nhs_number:9434765919"]}


@pytest.fixture
def editor(client):
    user = make.a_user("editor")
    client.force_login(user)
    return user


@pytest.fixture
def room(editor):
    return make.a_workshop(facilitators=[editor])


def is_public():
    """Where readers, or a room with its phones, would read the number."""
    ballots = Ballot.objects.filter(practices__statement__contains=PLANTED)
    return [
        *Story.objects.published().filter(published_text__contains=PLANTED),
        *Practice.objects.published().filter(statement__contains=PLANTED),
        *Insight.objects.published().filter(body__contains=PLANTED),
        *Evidence.objects.public().filter(excerpt__contains=PLANTED, insight__in=Insight.objects.published()),
        *Article.objects.published().filter(body__contains=PLANTED),
        *ReleasedPractice.objects.filter(Q(statement__contains=PLANTED) | Q(correction__contains=PLANTED)),
        *Story.objects.published().filter(beside_a_story()),
        *Commitment.objects.published().filter(Q(text__contains=PLANTED) | Q(owner_role__contains=PLANTED)),
        *Review.objects.filter(commitment__in=Commitment.objects.published(), note__contains=PLANTED),
        *Programme.objects.filter(Q(title__contains=PLANTED) | Q(summary__contains=PLANTED)),
        *Phase.objects.filter(question__contains=PLANTED),
        *Workshop.objects.filter(Q(title__contains=PLANTED) | Q(format__contains=PLANTED)),
        *ballots,
    ]


def beside_a_story():
    return Q(location__contains=PLANTED) | Q(source_url__contains="9434765919")


def planted_story(room, **fields):
    return make.a_story(**{"workshop": room, "published_text": WORDS, "status": Status.IN_REVIEW} | fields)


def press(client, row, button, **ticks):
    """Press a button of a row's form."""
    return client.post(
        page(row, "change", row.pk), filled(client.get(page(row, "change", row.pk))) | {button: "1"} | ticks
    )


# Each way prepares its rows and returns a function that takes it: with `{}` as somebody who asks nothing, with the tick of
# the passage as somebody who says that it may stand.


def by_button(client, room, tmp_path):
    story = planted_story(room)
    return lambda ticks: press(client, story, "_publish", **ticks)


def by_page_that_asks(client, room, tmp_path):
    story = planted_story(room)
    address = page(Story, "publish", story.pk)
    return lambda ticks: client.post(address, {"version": story.version} | ticks)


def by_change_of_published_wording(client, room, tmp_path):
    story = planted_story(room, status=Status.PUBLISHED, published_text="Harmless.")
    return lambda ticks: press(client, story, "_save", published_text=WORDS, **ticks)


def by_change_of_published_title(client, room, tmp_path):
    story = planted_story(room, status=Status.PUBLISHED, published_text="Harmless.")

    def take(ticks):
        press(client, story, "_save", title=f"Number {PLANTED}", **ticks)
        Story.objects.filter(title__contains=PLANTED).update(published_text=WORDS)  # so that `is_public` sees it

    return take


def by_correction(client, room, tmp_path):
    story = planted_story(room, status=Status.PUBLISHED, published_text="Harmless.")
    correction = Correction.objects.create(story=story, title="T", published_text=WORDS, why="Better.")
    address = reverse("admin:workshops_story_correction", args=[story.pk, correction.pk])
    return lambda ticks: client.post(address, {"take": "", "seen": story.version, "answer": ""} | ticks)


def by_import_at_the_desk(client, room, tmp_path):
    text = f"ref,workshop,kind,title,published_text,consent,status\nN1,{room.slug},message,T,{WORDS},public,published\n"
    return import_at_desk(client, "stories", text)


def by_import_of_practices_at_the_desk(client, room, tmp_path):
    return import_at_desk(client, "practices", f"ref,statement,status\nP1,{WORDS},published\n")


def by_import_of_articles_at_the_desk(client, room, tmp_path):
    programme = room.phase.programme.slug
    text = f"slug,programme,title,published_on,body\na,{programme},T,2020-01-01,{WORDS}\n"
    return import_at_desk(client, "articles", text)


def by_import_of_publications_at_the_desk(client, room, tmp_path):
    insight = planted_insight(room)
    return import_at_desk(client, "publications", f"insight,published_on\n{insight.slug},2020-01-01\n")


def import_at_desk(client, kind, text):
    file = SimpleUploadedFile(f"{kind}.csv", text.encode(), content_type="text/csv")
    client.post(page(Import, "add"), {"kind": kind, "file": file})
    record = Import.objects.latest("pk")
    assert record.state == ImportState.WAITING
    shown = client.get(page(Import, "change", record.pk)).content.decode()
    assert TOKEN in shown or "nhs_number:9434765919" in shown
    return lambda ticks: client.post(page(Import, "confirm", record.pk), {"digest": record.digest} | ticks)


def by_practice_button(client, room, tmp_path):
    practice = make.a_practice(statement=WORDS, status=Status.DRAFT)
    return lambda ticks: press(client, practice, "_publish", **ticks)


def by_change_of_published_practice(client, room, tmp_path):
    practice = make.a_practice(statement="Harmless.")
    return lambda ticks: press(client, practice, "_save", statement=WORDS, **ticks)


def by_corrected_spelling(client, room, tmp_path):
    practice = make.a_practice(statement="Harmless.", is_frozen=True)
    SpellingCorrection.objects.create(practice=practice, before="Harmless.", after=WORDS, proposed_by=make.a_user())
    return lambda ticks: client.post(page(Practice, "spelling", practice.pk), {"confirm": ""} | ticks)


def by_ballot(client, room, tmp_path):
    practice = make.a_practice(statement=WORDS, status=Status.DRAFT)
    room.facilitators.first().groups.add(Group.objects.get(name="facilitator"))
    asked = {"workshop": room.pk, "practices": [practice.pk], "seats": 20}
    return lambda ticks: client.post(page(Ballot, "add"), asked | ticks)


def by_release(client, room, tmp_path):
    practice = make.a_practice(statement=WORDS, status=Status.DRAFT)
    make.votes_on(practice, room, Hubs=(9, 3, 0, 1))
    address = page_of_release(room)

    def take(ticks):
        seen = client.get(address).context["seen"]
        client.post(address, {"seen": seen} | ticks)

    return take


def page_of_release(room):
    return reverse("admin:insights_release_preview", args=[room.phase.programme.slug])


def planted_insight(room, **fields):
    story = make.a_story(workshop=room)
    words = {"body": WORDS, "none_found": "We asked.", "status": Status.DRAFT}
    return make.an_insight([story], programme=room.phase.programme, **words | fields)


def by_insight_button(client, room, tmp_path):
    insight = planted_insight(room)
    return lambda ticks: press(client, insight, "_publish", **ticks)


def by_quotation(client, room, tmp_path):
    """A story that an earlier version of the archive published with the number in it."""
    insight = planted_insight(room, body="Harmless.")
    Story.objects.update(published_text=WORDS)
    insight.evidence.update(excerpt=WORDS)

    def take(ticks):
        press(client, insight, "_publish", **ticks)
        if insight.publications.exists():
            return
        assert not Insight.objects.published().exists()
        Story.objects.update(published_text="Harmless.")  # of which `is_public` would speak

    return take


def by_undoing_an_unpublishing(client, room, tmp_path):
    insight = planted_insight(room)
    publishing.publish_insight(make.may_stand(insight))
    publishing.unpublish_insight(insight)
    Judgement.objects.all().delete()
    address = reverse("admin:insights_insight_publish_again")

    def take(ticks):
        if ticks:
            press(client, insight, "_save", **ticks)
        client.post(address, {"of": [insight.pk]})

    return take


def by_article(client, room, tmp_path):
    article = make.an_article(programme=room.phase.programme, published_on=None, body=WORDS)
    return lambda ticks: press(client, article, "_save", published_on="2020-01-01", **ticks)


def by_change_of_published_article(client, room, tmp_path):
    article = make.an_article(programme=room.phase.programme, body="Harmless.")
    return lambda ticks: press(client, article, "_save", body=WORDS, **ticks)


# What stands beside a wording, and what editors and facilitators write of programmes, workshops and commitments.


def by_beside_a_story(field, words=WORDS):
    """Already published, and its form is saved with another location or link."""

    def way(client, room, tmp_path):
        story = planted_story(room, status=Status.PUBLISHED, consent=Consent.CREDITED, published_text="Harmless.")
        return lambda ticks: press(client, story, "_save", **{field: words} | ticks)

    return way


def by_button_beside_a_story(client, room, tmp_path):
    story = planted_story(room, published_text="Harmless.", location=WORDS)
    return lambda ticks: press(client, story, "_publish", **ticks)


def by_commitment(**words):
    """Add one to an insight that readers have."""

    def way(client, room, tmp_path):
        insight = make.an_insight(programme=room.phase.programme)
        asked = {"ref": "C1", "insight": insight.pk, "place": make.a_place().pk, "text": "Ring.", **NO_REVIEWS} | words
        return lambda ticks: client.post(page(Commitment, "add"), asked | ticks)

    return way


def by_change_of_commitment(client, room, tmp_path):
    commitment = make.a_commitment(insight=make.an_insight(programme=room.phase.programme))
    return lambda ticks: press(client, commitment, "_save", text=WORDS, **ticks)


def by_publishing_the_insight_of_a_commitment(client, room, tmp_path):
    insight = planted_insight(room, body="Harmless.", summary="In short.")
    make.a_commitment(insight=insight, text=WORDS)
    return lambda ticks: press(client, insight, "_publish", **ticks)


def by_workshop(client, room, tmp_path):
    room.facilitators.first().groups.add(Group.objects.get(name="facilitator"))
    asked = {"title": WORDS, "slug": "w", "phase": room.phase.pk}
    return lambda ticks: client.post(page(Workshop, "add"), asked | ticks)


def by_change_of_workshop(client, room, tmp_path):
    room.facilitators.first().groups.add(Group.objects.get(name="facilitator"))
    return lambda ticks: press(client, room, "_save", format=WORDS, **ticks)


def by_programme(**words):
    """As who installed the archive: editors bring programmes in as files."""

    def way(client, room, tmp_path):
        client.force_login(make.a_user(is_superuser=True))
        asked = {"title": "T", "slug": "p", **ONE_PHASE} | words
        return lambda ticks: client.post(page(Programme, "add"), asked | ticks)

    return way


def below(prefix, count, **fields):
    """What a form sends of the rows below it, the first of which has these fields."""
    managed = {f"{prefix}-TOTAL_FORMS": count, f"{prefix}-INITIAL_FORMS": 0}
    return managed | {f"{prefix}-0-{name}": value for name, value in fields.items()}


NO_REVIEWS = below("reviews", 0)
ONE_REVIEW = below("reviews", 1, due_on="2020-02-01", note=WORDS)
ONE_PHASE = below("phases", 1, number=1, question="Why?")


def by_corrected_result(client, room, tmp_path):
    practice = make.a_practice(status=Status.DRAFT)
    make.votes_on(practice, room, Hubs=(9, 9, 9, 9))
    release(room.phase.programme)
    result = ReleasedPractice.objects.get()
    Vote.objects.filter(pk__in=list(Vote.objects.values_list("pk", flat=True)[:9])).update(choice="create")
    address = reverse("admin:insights_release_correct", args=[result.pk])

    def take(ticks):
        seen = client.get(address).context["found"].fingerprint
        client.post(address, {"seen": seen, "reason": WORDS} | ticks)

    return take


def by_file_at_the_desk(kind, header, row):
    def way(client, room, tmp_path):
        return import_at_desk(client, kind, f"{header}\n{row.format(**names_in_files(room))}\n")

    return way


def names_in_files(room):
    """What rows of files name: a workshop, its programme, a place and a published insight with a commitment."""
    insight = make.an_insight(programme=room.phase.programme)
    commitment = make.a_commitment(insight=insight)
    names = {"workshop": room.slug, "programme": room.phase.programme.slug, "place": commitment.place.code}
    return names | {"insight": insight.slug, "commitment": commitment.ref}


FILES = {
    "a story's location": (
        "stories",
        "ref,workshop,kind,title,published_text,consent,status,location",
        f"N1,{{workshop}},elsewhere,T,Harmless.,public,published,{WORDS}",
    ),
    "a story's link": (
        "stories",
        "ref,workshop,kind,title,published_text,consent,status,source_url",
        "N1,{workshop},message,T,Harmless.,public,published,https://example.org/?9434765919",
    ),
    "a commitment": ("commitments", "ref,insight,place,text", f"C1,{{insight}},{{place}},{WORDS}"),
    "the owner of a commitment": (
        "commitments",
        "ref,insight,place,text,owner_role",
        f"C1,{{insight}},{{place}},Ring.,{WORDS}",
    ),
    "a review": ("reviews", "commitment,due_on,note", f"{{commitment}},2020-02-01,{WORDS}"),
    "a programme": ("programmes", "slug,title,phases", f"p,{WORDS},Why?"),
    "the summary of a programme": ("programmes", "slug,title,summary,phases", f"p,T,{WORDS},Why?"),
    "the question of a phase": ("programmes", "slug,title,phases", f"p,T,{WORDS}"),
    "a workshop": ("workshops", "slug,title,programme,phase", f"w,{WORDS},{{programme}},1"),
    "the format of a workshop": ("workshops", "slug,title,programme,phase,format", f"w,T,{{programme}},1,{WORDS}"),
}
"""{what is planted: kind of file, header, row}."""


def by_shell(kind, header, row):
    """From the shell the row itself says what may stand."""

    def way(client, room, tmp_path):
        if kind == "publications":
            planted_insight(room, slug="i")
        names = names_in_files(room)

        def take(ticks):
            path = tmp_path / f"{kind}.csv"
            planted = "9434765919" if "9434765919" in row else PLANTED
            path.write_text(f"{header},may_stand\n{row.format(**names)},{planted if ticks else ''}\n")
            try:
                call_command("import_data", kind, path)
            except CommandError as refusal:
                assert planted in str(refusal) and "line 2" in str(refusal)

        return take

    return way


def by_shell_with_publications(client, room, tmp_path):
    """A publication has no words of its own: its insight's row says what may stand."""
    programme, path = room.phase.programme.slug, tmp_path / "file.csv"
    planted_insight(room, slug="i", title="T", summary="In short.", kind="finding")

    def take(ticks):
        listed = PLANTED if ticks else ""
        path.write_text(
            f"slug,programme,title,kind,summary,body,none_found,may_stand\ni,{programme},T,finding,In short.,{WORDS},We asked.,{listed}\n"
        )
        call_command("import_data", "insights", path)
        path.write_text("insight,published_on\ni,2020-01-01\n")
        try:
            call_command("import_data", "publications", path)
        except CommandError as refusal:
            assert PLANTED in str(refusal)

    return take


WAYS = {
    "the story's button": by_button,
    "the page that asks": by_page_that_asks,
    "a published wording changed": by_change_of_published_wording,
    "a published title changed": by_change_of_published_title,
    "a correction taken": by_correction,
    "stories imported at the desk": by_import_at_the_desk,
    "practices imported at the desk": by_import_of_practices_at_the_desk,
    "articles imported at the desk": by_import_of_articles_at_the_desk,
    "publications imported at the desk": by_import_of_publications_at_the_desk,
    "stories imported from the shell": by_shell(
        "stories",
        "ref,workshop,kind,title,published_text,consent,status",
        f"N1,{{workshop}},message,T,{WORDS},public,published",
    ),
    "practices imported from the shell": by_shell("practices", "ref,statement,status", f"P1,{WORDS},published"),
    "articles imported from the shell": by_shell(
        "articles", "slug,programme,title,published_on,body", f"a,{{programme}},T,2020-01-01,{WORDS}"
    ),
    "publications imported from the shell": by_shell_with_publications,
    "the practice's button": by_practice_button,
    "a published practice changed": by_change_of_published_practice,
    "a corrected spelling": by_corrected_spelling,
    "a ballot on phones": by_ballot,
    "a release of votes": by_release,
    "the insight's button": by_insight_button,
    "an insight's quotation": by_quotation,
    "an unpublishing undone": by_undoing_an_unpublishing,
    "an article given its day": by_article,
    "a published article changed": by_change_of_published_article,
    "a story published with its location": by_button_beside_a_story,
    "a published story's location": by_beside_a_story("location"),
    "a published story's link": by_beside_a_story("source_url", "https://example.org/?9434765919"),
    "a commitment added": by_commitment(text=WORDS),
    "the owner of a commitment added": by_commitment(owner_role=WORDS),
    "a review added with its commitment": by_commitment(**ONE_REVIEW),
    "a commitment changed": by_change_of_commitment,
    "a commitment published with its insight": by_publishing_the_insight_of_a_commitment,
    "a workshop added": by_workshop,
    "a workshop changed": by_change_of_workshop,
    "a programme added": by_programme(title=WORDS),
    "the summary of a programme added": by_programme(summary=WORDS),
    "the question of a phase added": by_programme(**below("phases", 1, number=1, question=WORDS)),
    "a corrected result": by_corrected_result,
    **{f"{planted}, by a file at the desk": by_file_at_the_desk(*file) for planted, file in FILES.items()},
    **{f"{planted}, by a file from the shell": by_shell(*file) for planted, file in FILES.items()},
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_identifier_is_published_only_once_somebody_said_that_it_may_stand(client, editor, room, tmp_path, way):
    take = way(client, room, tmp_path)
    take({})
    assert is_public() == []


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_identifier_that_may_stand_goes_through_in_the_same_step(client, editor, room, tmp_path, way):
    take = way(client, room, tmp_path)
    take(TICKED)
    assert is_public() != []
    assert Judgement.objects.filter(mark="nhs_number", word__in=[PLANTED, "9434765919"]).exists()


# Names that many rows share, credits, and keys of addresses hold none at all.


def name_by_form(model, **fields):
    def way(client, room, tmp_path):
        return client.post(page(model, "add"), fields).content.decode()

    return way


def name_by_new_name(client, room, tmp_path):
    tag = make.a_story(tags=["rotas"]).tags.get()
    return press(client, tag, "_save", name=WORDS).content.decode()


def name_by_story(client, room, tmp_path):
    story = make.a_story(workshop=room)
    return press(client, story, "_save", tags=f"rotas, {PLANTED}").content.decode()


def name_by_credit(client, room, tmp_path):
    """A credit that nobody is shown yet: the one who told it consents to no credit so far."""
    return press(client, make.a_story(workshop=room, status="draft"), "_save", credit=WORDS).content.decode()


def name_by_bulk(client, room, tmp_path):
    stories = [make.a_story(workshop=room), make.a_story(workshop=room)]
    response = act(client, Story, "tag_in_bulk", *stories, do="1", said="2", add_tags=f"rotas, {PLANTED}")
    return response.content.decode()


def name_by_file(kind, header, row, label=""):
    def at_the_desk(client, room, tmp_path):
        file = SimpleUploadedFile(f"{kind}.csv", f"{header}\n{row.format(workshop=room.slug)}\n".encode())
        client.post(page(Import, "add"), {"kind": kind, "file": file})
        return str(Import.objects.latest("pk").lines.get().reasons)

    def from_the_shell(client, room, tmp_path):
        path = tmp_path / f"{kind}.csv"
        path.write_text(f"{header}\n{row.format(workshop=room.slug)}\n")
        with pytest.raises(CommandError) as refusal:
            call_command("import_data", kind, path)
        return str(refusal.value)

    return {f"{label or kind}, at the desk": at_the_desk, f"{label or kind}, from the shell": from_the_shell}


NAMES = {
    "a service area": name_by_form(ServiceArea, name=WORDS, slug="a"),
    "another name of a theme": name_by_form(Theme, name="A", slug="a", aliases=f"One\n{WORDS}"),
    "a place": name_by_form(Place, name=WORDS, code="A"),
    "a tag": name_by_form(Tag, name=WORDS),
    "the address of a theme": name_by_form(Theme, name="A", slug=f"a-{PLANTED}".replace(" ", "-")),
    "a tag renamed": name_by_new_name,
    "a tag of a story": name_by_story,
    "a tag of many stories": name_by_bulk,
    "the credit of a story": name_by_credit,
    **name_by_file("service_areas", "slug,name", f"a,{WORDS}"),
    **name_by_file("themes", "slug,name,aliases", f"a,A,One|{WORDS}"),
    **name_by_file("places", "code,name", f"A,{WORDS}"),
    **name_by_file(
        "stories",
        "ref,workshop,kind,title,published_text,consent,status,tags",
        f"N1,{{workshop}},message,T,Harmless.,public,published,rotas|{PLANTED}",
    ),
    **name_by_file("stories", "ref,workshop,kind,title,credit", f"N1,{{workshop}},message,T,{WORDS}", "credits"),
}


@pytest.mark.parametrize("way", NAMES.values(), ids=NAMES)
def test_name_or_address_with_an_identifier_is_refused(client, editor, room, tmp_path, way):
    assert f"“{PLANTED}” (an NHS number) cannot stand in a name or an address." in way(client, room, tmp_path)
    named = [*ServiceArea.objects.all(), *Theme.objects.all(), *Place.objects.all(), *Tag.objects.all()]
    assert [str(each) for each in named if str(each) != "rotas"] == []
    assert not Story.objects.exclude(credit="").exists()


# In bulk, those with open passages are left out and named with a link.


def test_bulk_publishes_the_others_and_links_to_the_story_it_left_out(client, editor, room):
    planted, clean = (
        planted_story(room, title="Planted"),
        planted_story(room, title="Clean", published_text="Harmless."),
    )
    response = act(client, Story, "publish", planted, clean)
    assert list(Story.objects.published()) == [clean]
    said = messages(response)
    assert f'href="{page(Story, "publish", planted.pk)}"' in said[0]
    assert PLANTED in said[0]
    assert said[1] == "“Clean” was published."


def test_bulk_publishes_the_other_practices(client, editor):
    planted, clean = (
        make.a_practice(statement=WORDS, status="draft"),
        make.a_practice(statement="Ring.", status="draft"),
    )
    response = act(client, Practice, "publish", planted, clean)
    assert list(Practice.objects.published()) == [clean]
    assert f'href="{page(Practice, "change", planted.pk)}#passages"' in messages(response)[0]


def test_bulk_publishes_the_other_insights(client, editor, room):
    planted = planted_insight(room, slug="a", title="A")
    clean = planted_insight(room, slug="b", title="B", body="Harmless.")
    response = act(client, Insight, "publish", planted, clean)
    assert list(Insight.objects.published()) == [clean]
    assert f'href="{page(Insight, "change", planted.pk)}#passages"' in messages(response)[0]


def test_release_from_the_shell_leaves_out_the_unjudged_draft(room, capsys):
    planted, clean = make.a_practice(statement=WORDS, status="draft", ref="P-1"), make.a_practice(status="draft")
    make.votes_on(planted, room, Hubs=(9, 3, 0, 1))
    make.votes_on(clean, room, Hubs=(9, 3, 0, 1))
    call_command("release_votes", room.phase.programme.slug)
    assert list(ReleasedPractice.objects.values_list("practice", flat=True)) == [clean.pk]
    assert is_public() == []
    assert "P-1: not changed. Nobody has said yet" in capsys.readouterr().out


# Functions of the domain refuse by themselves, so that a way that forgets to ask fails closed.


def test_domain_refuses_without_a_view(room):
    practice = make.a_practice(statement=WORDS, status="draft")
    for publish, row in [
        (review.publish_story, planted_story(room)),
        (review.publish_practice, practice),
        (publishing.publish_insight, planted_insight(room)),
    ]:
        with pytest.raises(ValidationError, match=PLANTED):
            publish(row)
    assert is_public() == []


ROOT = Path(__file__).resolve().parent.parent.parent
PUBLISHING = {
    "workshops/stories/review.py": {"publish_story", "publish_practices"},
    "insights/publications/publishing.py": {"publish_insight", "publish_again"},
    # Invents its words, for an empty archive.
    "innovation_archive/management/commands/seed_benchmark.py": {"make_votes"},
    # Takes down what consent no longer allows: the status is that from which it takes down.
    "workshops/models/stories.py": {"set_effective_consent"},
}
"""Where the code sets the status by which readers get something. Each has a way above, or a reason here."""


def sets_published(node):
    """Whether a statement or call writes the status “published”, as an attribute, a column or a field of a new row."""
    if isinstance(node, ast.Assign):
        targets = [target for target in node.targets if isinstance(target, ast.Attribute) and target.attr == "status"]
        return bool(targets) and is_published(node.value)
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        writes = name in {"update", "create", "update_or_create", "bulk_update"} or name[:1].isupper()
        values = [word.value for word in node.keywords if word.arg == "status"]
        return writes and name not in {"Q", "When", "Case", "Value"} and any(map(is_published, values))
    return False


def is_published(node):
    return "PUBLISHED" in ast.dump(node).replace("UNPUBLISHED", "")


def places_that_publish():
    found = {}
    for app in ("workshops", "insights", "innovation_archive"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(function, ast.FunctionDef) and any(map(sets_published, ast.walk(function))):
                    found.setdefault(str(path.relative_to(ROOT)), set()).add(function.name)
    return found


def test_every_place_that_publishes_is_on_the_list():
    assert places_that_publish() == PUBLISHING


def test_every_file_that_publishes_rows_asks_of_their_words():
    publishes = {kind for kind, dataset in KINDS.items() if {"status", "published_on"} & set(dataset.fields)}
    asks = {kind for kind, dataset in KINDS.items() if issubclass(dataset, JudgedWordsImportMixin)}
    assert publishes == {"stories", "practices", "publications", "articles"}
    # Public as they stand, or with an insight, which another file publishes.
    assert asks - publishes == {"insights", "programmes", "workshops", "commitments", "reviews"}
    # Names and numbers alone: a vocabulary refuses what the others ask about, and votes have no words.
    assert set(KINDS) - asks == {
        "service_areas",
        "themes",
        "places",
        "participants",
        "votes",
        "tallies",
        "evidence",
        "set_aside",
    }


def test_published_with_soft_passages_from_the_shell_waits_in_the_editors_list(client, editor, room, tmp_path, capsys):
    path = tmp_path / "stories.csv"
    path.write_text(
        "ref,workshop,kind,title,published_text,consent,status\n"
        f"N1,{room.slug},message,T,We rang Stretford Annie twice.,public,published\n"
    )
    call_command("import_data", "stories", path)
    assert "line 2: published. Nobody has said yet" in capsys.readouterr().err
    story = Story.objects.get(ref="N1")
    assert (story.status, story.consent) == (Status.PUBLISHED, Consent.PUBLIC)
    assert list(UnjudgedPublication.objects.values_list("kind", "ref", "passages")) == [("story", "N1", 1)]
    make.may_stand(story, by=editor)
    assert not UnjudgedPublication.objects.exists()


def test_day_of_an_article_to_come_is_asked_about_too(client, editor, room):
    article = make.an_article(programme=room.phase.programme, published_on=None, body=WORDS)
    press(client, article, "_save", published_on=str(datetime.date(2090, 1, 1)))
    article.refresh_from_db()
    assert article.published_on is None
