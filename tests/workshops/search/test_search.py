"""What a search finds. The suite runs on both databases, and both must find exactly this."""

import datetime

import pytest

from tests.factories import a_programme, a_story, a_user, a_workshop
from workshops import search
from workshops.choices import Consent, Status
from workshops.models import Story
from workshops.roles import EDITOR, FACILITATOR
from workshops.search.excerpts import excerpt_around_hits, mark_hits

pytestmark = pytest.mark.django_db

TOLD = {
    "beds": ("Beds for families", "The hotel opened its doors to rough sleepers.", ["mental health", "trust"]),
    "calls": ("Calls", "Somebody rang every family, and the nurse’s hospital listened.", ["Café society"]),
    "rules": ("People's rules", "We don't wait: rules bend. The doors of the hotel opened.", []),
    "hôpital": ("L'hôpital à Zürich", "Øre, Straße, ＮＨＳ, co\u00adoperate, ½ naïve.", []),
    "医療": ("医療の話", "東京の病院で、お母さんが話した。ＮＨＳ医療", []),
    "signs": ("100% sure?", r"\' \" (& | !:*) <-> ¦ {title} NEAR AND NOT OR", ["c++"]),
    "emoji": ("Thanks", "They said 👍🏽 and ☕️ to all.", []),
    "greek": ("ΣΊΣΥΦΟΣ", "Привет, ёлка. שלום العربية हिन्दी", []),
    "empty": ("¡!", "…", []),
}
QUERIES = [
    ("families", ["beds", "calls"]),
    ("FAMILY", ["beds", "calls"]),
    ("family hotel", ["beds"]),
    ("hospita", ["calls"]),
    ("hospital's", ["calls"]),
    ("ho", []),
    ("hot", ["beds", "rules"]),
    ("hot doors", []),
    ("nurses", ["calls"]),
    ('"hotel opened"', ["beds", "rules"]),
    ('"opened hotel"', []),
    ('"its doors to"', ["beds"]),
    ('"families the hotel"', []),
    ('"health trust"', []),
    ('"mental health"', ["beds"]),
    ("“rough sleepers”", ["beds"]),
    ('"rough sleepers', ["beds"]),
    ("hotel -sleepers", ["rules"]),
    ('hotel -"hotel opened"', []),
    ("-hotel family", ["calls"]),
    ("-hotel -the -thanks -nurse", ["empty", "greek", "hôpital", "signs", "医療"]),
    ("peoples", ["rules"]),
    ("people's", ["rules"]),
    ("people’s", ["rules"]),
    ("people", ["rules"]),
    ("dont", ["rules"]),
    ("don't", ["rules"]),
    ("cafe", ["calls"]),
    ("CAFÉ", ["calls"]),
    ("cafe\u0301", ["calls"]),
    ("zurich", ["hôpital"]),
    ("l’hopital", ["hôpital"]),
    ("ore strasse", ["hôpital"]),
    ("nhs", ["hôpital", "医療"]),
    ("cooperating", ["hôpital"]),
    ("1/2", ["hôpital"]),
    ("医", ["医療"]),
    ("医療", ["医療"]),
    ("療医", []),
    ("病院", ["医療"]),
    ("お母さん", ["医療"]),
    ("-医療 nhs", ["hôpital"]),
    ("👍", ["emoji"]),
    ("👍🏻", ["emoji"]),
    ("☕", ["emoji"]),
    ("👎", []),
    ("σίσυφος", ["greek"]),
    ("привет елка", ["greek"]),
    ("שלום", ["greek"]),
    ("العربية", ["greek"]),
    ("हिन्दी", ["greek"]),
    ("100", ["signs"]),
    ("100%", ["signs"]),
    ("near and", ["signs"]),
    ("c++", ["signs"]),
    ("title:sure", []),
    ("{title}:sure", []),
    ("sure*", ["signs"]),
    ("sure) OR (family", []),
    ("sure' | 'family", []),
    ('sure" OR spellings:"a', []),
    ("sure\\", ["signs"]),
    ("a\0b", []),
    (" ".join(["doors"] * 40), ["beds", "rules"]),
    ("-word " * 40, sorted(TOLD)),
]


@pytest.fixture
def told():
    workshop = a_workshop()
    for ref, (title, text, tags) in TOLD.items():
        a_story(ref=ref, title=title, published_text=text, tags=tags, workshop=workshop, text="Secret family hotel")
    # Any of the words, where nobody may find them.
    words = " ".join(f"{title} {text}" for title, text, _ in TOLD.values())
    withdrawn_at = datetime.datetime(2021, 1, 1, tzinfo=datetime.UTC)
    a_story(ref="draft", published_text=words, status=Status.DRAFT, workshop=workshop)
    a_story(ref="taken", published_text=words, status=Status.UNPUBLISHED, workshop=workshop)
    a_story(ref="gone", published_text=words, status=Status.WITHDRAWN, withdrawn_at=withdrawn_at, workshop=workshop)
    return workshop


def refs(typed, stories=None):
    stories = Story.objects.published() if stories is None else stories
    return list(search.matching(stories, search.read_query(typed)).order_by("ref").values_list("ref", flat=True))


def test_same_query_finds_the_same_stories_on_both_databases(told):
    assert {typed: refs(typed) for typed, _ in QUERIES} == {typed: sorted(found) for typed, found in QUERIES}


def test_few_are_the_same_as_all(told):
    """`find` and `weigh`, which stop early, `found_among` and `matching`, which does not, agree."""
    stories = Story.objects.published()
    ref = dict(stories.values_list("pk", "ref"))
    for typed, found in QUERIES:
        query = search.read_query(typed)
        some = search.find_stories(stories, query, 100)
        assert sorted(ref[pk] for pk in some) == sorted(found), typed
        assert set(some) == search.weigh(list(ref), query).keys() == search.found_among(list(ref), query), typed


@pytest.mark.parametrize("typed", ["", "%%", '"' * 200, "- -", "…", '-"" ""', "\u200d"])
def test_typing_without_a_word_is_no_query(typed):
    assert not search.read_query(typed)


@pytest.mark.parametrize(
    "typed", ['"' * 999, "-word " * 22_000, "a\0b", "\\" * 999, "(" * 999, "*" * 999, "a " * 999, "'" * 999, "👍" * 999]
)
def test_page_answers_hostile_words(typed, told, client):
    assert client.get("/stories/", {"q": typed}).status_code == 200


def test_page_says_that_signs_alone_find_nothing(told, client):
    response = client.get("/stories/", {"q": '"' * 199})
    assert list(response.context["story_list"]) == []
    assert "There is no word to look for." in response.content.decode()


def test_title_counts_more_than_wording_and_wording_more_than_tags(client):
    workshop = a_workshop()
    filler = "Something else was said here, and more of it."
    a_story(title="By tag", published_text=filler, tags=["kites"], workshop=workshop)
    a_story(title="Kites", published_text=filler, tags=["x"], workshop=workshop)
    a_story(title="By text", published_text=f"{filler[:-1]} kites", tags=["y"], workshop=workshop)
    for _ in range(20):
        a_story(workshop=workshop)
    shown = client.get("/stories/?q=kite").context["story_list"]
    assert [story.title for story in shown] == ["Kites", "By text", "By tag"]


def test_hit_is_marked_in_its_context_and_all_else_escaped(client):
    a_story(title="<b>Kites</b> & co", published_text=f"{'Before it. ' * 60}<i>The kite’s</i> string. {'After. ' * 60}")
    html = client.get("/stories/?q=kites").content.decode()
    assert "&lt;b&gt;<mark>Kites</mark>&lt;/b&gt; &amp; co" in html
    assert "Before it. &lt;i&gt;The <mark>kite’s</mark>&lt;/i&gt; string. After." in html
    assert html.count("Before it.") == 5
    assert "<i>" not in html and "<b>" not in html


def test_hit_in_a_tag_alone_is_shown(client):
    a_story(title="Beds", published_text="A hotel.", tags=["kite flying", "trust"])
    html = client.get("/stories/?q=kites").content.decode()
    assert ">" + "<mark>kite</mark> flying</a>" in html
    assert "trust</a>" not in html.split("<article")[1]


@pytest.mark.parametrize(
    ("text", "typed", "shown"),
    [
        ("Food banks and foods.", '"food bank"', "<mark>Food banks</mark> and foods."),
        ("Hospitals", "hospi", "<mark>Hospitals</mark>"),
        ("Café, CAFÉ", "cafe", "<mark>Café</mark>, <mark>CAFÉ</mark>"),
        ("東京の病院で", "病院", "東京の<mark>病院</mark>で"),
        ("Thanks 👍🏽!", "👍", "Thanks <mark>👍</mark>🏽!"),
        ("a <script>", "script", "a &lt;<mark>script</mark>&gt;"),
        ("People’s", "people", "<mark>People’s</mark>"),
        ("No hit & none", "-hit", "No hit &amp; none"),
        ("", "hit", ""),
    ],
)
def test_marks_stand_in_the_words_as_they_were_written(text, typed, shown):
    assert mark_hits(text, search.read_query(typed)) == shown


def test_context_is_the_beginning_where_there_is_no_hit():
    assert excerpt_around_hits("One two three four", search.read_query("x"), most=2) == "One two …"
    assert excerpt_around_hits("One two three four", search.read_query("four"), most=2) == "… three <mark>four</mark>"
    assert excerpt_around_hits("One", search.read_query("one"), most=2) == "<mark>One</mark>"


def test_withdrawn_or_unpublished_story_is_not_found_by_the_next_request(client):
    first, second = a_story(title="Kites"), a_story(title="Kites too")
    assert client.get("/stories/?q=kites").context["paginator"].count == 2
    Story.objects.filter(pk=first.pk).update(status=Status.UNPUBLISHED)
    second.consent = Consent.TEAM
    second.status = Status.UNPUBLISHED
    second.save()
    response = client.get("/stories/?q=kites")
    assert response.context["paginator"].count == 0
    assert response.context["paginator"].facets == []


def at_desk(client, *roles, **query):
    """The titles that a person of these roles finds in the desk's list of stories."""
    user = a_user(*roles)
    for workshop in query.pop("of", []):
        workshop.facilitators.add(user)
    client.force_login(user)
    response = client.get("/admin/workshops/story/", query)
    return sorted(story.title for story in response.context["cl"].result_list)


def test_desk_searches_as_readers_do_among_what_each_may_see(client):
    mine, other = a_workshop(), a_workshop(programme=a_programme())
    draft = {"status": Status.DRAFT, "consent": Consent.FACILITATORS}
    a_story(ref="kite1", title="My families", workshop=mine, text="Secret", **draft)
    a_story(ref="kite2", title="Their family", workshop=other, text="Secret", **draft)
    a_story(ref="kite3", title="Family of the team", workshop=other, status=Status.DRAFT, consent=Consent.TEAM)
    a_story(ref="kite4", title="Others", workshop=mine, **draft)
    assert at_desk(client, FACILITATOR, of=[mine], q="family") == ["My families"]
    assert at_desk(client, FACILITATOR, of=[mine], q="famil") == ["My families"]
    assert at_desk(client, EDITOR, q="families") == ["Family of the team"]
    assert at_desk(client, EDITOR, q="kite3") == ["Family of the team"]
    assert at_desk(client, FACILITATOR, of=[mine], q="kite2") == []
    assert at_desk(client, FACILITATOR, of=[mine], q="secret") == []
    assert at_desk(client, FACILITATOR, of=[mine], q='"') == []
