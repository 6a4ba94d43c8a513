"""What an editor hides is gone everywhere at the next request, and comes back as it was."""

import pytest
from django.core.exceptions import ValidationError

from innovation_archive.cases import hiding
from insights.models import Evidence, Insight
from insights.publications import publishing, working_copies
from tests.factories import a_case, a_story, a_user, an_article, an_insight, may_stand
from workshops.choices import PassageState
from workshops.consent import withdrawal
from workshops.models import HiddenPassage, Story
from workshops.roles import EDITOR

pytestmark = pytest.mark.django_db

SECRET = "her daughter at Oakfield"
WORDING = f"A nurse spoke of {SECRET}, and waited for {SECRET} again."
MARK = "[words removed]"


@pytest.fixture
def editor():
    return a_user(EDITOR)


@pytest.fixture
def story():
    return a_story(ref="s1", title="A nurse who waited", published_text=WORDING)


@pytest.fixture
def case(story):
    return a_case(about_kind="story", about_ref="s1")


def read(client, *addresses):
    """What everybody reads at these addresses, one after the other."""
    answers = [client.get(address) for address in addresses]
    return [(b"".join(each) if each.streaming else each.content).decode() for each in answers]


def test_hidden_passage_is_on_no_page_list_search_file_or_quotation(client, story, case, editor):
    insight = an_insight([story], slug="finding", none_found="We asked.")
    Evidence.objects.update(excerpt=f"A nurse spoke of {SECRET}")
    publishing.publish_insight(may_stand(insight))
    public = [
        "/stories/s1/", "/stories/", "/stories/?q=oakfield", "/stories/?format=csv", "/stories/?format=json",
        "/insights/finding/", "/insights/finding/v1/", "/insights/finding/v1/?format=json",
        "/insights/finding/evidence.csv", "/data/stories.csv", "/data/evidence.csv", "/feeds/insights.atom",
    ]  # fmt: skip
    assert [address for address in public if SECRET in read(client, address)[0]] != []
    assert client.get("/stories/?q=oakfield").context["paginator"].count == 1

    assert hiding.hide_words(case, editor, SECRET) == 2

    assert [address for address in public if "Oakfield" in read(client, address)[0]] == []
    assert client.get("/stories/?q=oakfield").context["paginator"].count == 0
    assert MARK in read(client, "/stories/s1/")[0]
    assert Insight.objects.published().filter(slug="finding").exists()


def test_hidden_passages_come_back_as_they_were(client, story, case, editor):
    hiding.hide_words(case, editor, SECRET)
    assert hiding.show_again(case, editor) == []
    story.refresh_from_db()
    assert story.published_text == WORDING
    assert client.get("/stories/?q=oakfield").context["paginator"].count == 1
    assert set(HiddenPassage.objects.values_list("words", "state")) == {("", PassageState.GIVEN_BACK)}


def test_whole_story_is_hidden_with_its_title_and_comes_back(client, story, case, editor):
    insight = an_insight([story], slug="finding", none_found="We asked.")
    assert hiding.hide_all(case, editor) == 2
    story.refresh_from_db()
    assert (story.title, story.published_text) == (MARK, MARK)
    assert client.get("/stories/s1/").status_code == 200
    assert Insight.objects.published().get() == insight
    with pytest.raises(ValidationError, match="hidden already"):
        hiding.hide_all(case, editor)
    hiding.show_again(case, editor)
    story.refresh_from_db()
    assert (story.title, story.published_text) == ("A nurse who waited", WORDING)


def test_passage_hidden_within_another_comes_back_in_either_order(story, case, editor):
    other = a_case(about_kind="story", about_ref="s1")
    hiding.hide_words(case, editor, "Oakfield")
    hiding.hide_all(other, editor)
    hiding.show_again(case, editor)
    story.refresh_from_db()
    assert "Oakfield" in story.published_text and "nurse" not in story.published_text
    hiding.show_again(other, editor)
    story.refresh_from_db()
    assert story.published_text == WORDING


def test_passage_is_taken_out_for_good(story, case, editor):
    hiding.hide_words(case, editor, SECRET)
    hiding.take_out(case, editor)
    story.refresh_from_db()
    assert story.published_text == f"A nurse spoke of {MARK}, and waited for {MARK} again."
    assert set(HiddenPassage.objects.values_list("words", "state")) == {("", PassageState.KEPT_OUT)}


def test_passage_whose_marker_was_written_over_is_told(story, case, editor):
    hiding.hide_words(case, editor, SECRET)
    story.refresh_from_db()
    story.published_text = "A nurse waited."
    story.save()
    says = "Its text was rewritten meanwhile, and says no more where the words stood."
    assert hiding.show_again(case, editor) == [says, says]
    story.refresh_from_db()
    assert story.published_text == "A nurse waited."
    assert case.passages.waiting().count() == 2


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (" ", "Copy the passage from the page first."),
        ("not there", "The page does not say that, letter by letter. Copy the passage from it."),
    ],
)
def test_passage_that_is_not_there_is_refused(words, says, case, editor):
    with pytest.raises(ValidationError) as refused:
        hiding.hide_words(case, editor, words)
    assert refused.value.messages == [says]


def test_words_of_the_marker_are_not_hidden_within_it(story, case, editor):
    hiding.hide_words(case, editor, SECRET)
    with pytest.raises(ValidationError, match="letter by letter"):
        hiding.hide_words(case, editor, "words removed")


def test_passage_of_an_insight_leaves_its_working_copy_and_its_versions_too(client, editor):
    insight = an_insight(
        [a_story()],
        slug="finding",
        none_found="We asked.",
        body=f"We met {SECRET}.",
        actions=["Ask.", f"Ask {SECRET}."],
    )
    publishing.publish_insight(may_stand(insight))
    copy = working_copies.row_to_write(insight)
    copy.title = "Reworded"
    copy.save()
    case = a_case(about_kind="insight", about_ref="finding")
    assert hiding.hide_words(case, editor, SECRET) == 6
    pages = ["/insights/finding/", "/insights/finding/v1/", "/insights/finding/v1/?format=json", "/data/insights.csv"]
    assert [SECRET in page for page in read(client, *pages)] == [False] * 4
    assert SECRET not in Insight.with_working_copies.get(working_copy_of=insight).body
    hiding.show_again(case, editor)
    insight.refresh_from_db()
    assert (insight.body, insight.actions) == (f"We met {SECRET}.", ["Ask.", f"Ask {SECRET}."])
    assert publishing.verify_hash(insight.publications.get())


def test_passage_of_an_article_is_hidden(client, editor):
    an_article(slug="opening", summary=f"Of {SECRET}.", body=f"We met {SECRET}.")
    hiding.hide_words(a_case(about_kind="article", about_ref="opening"), editor, SECRET)
    pages = read(client, "/articles/opening/", "/articles/", "/data/articles.csv")
    assert [SECRET in page for page in pages] == [False] * 3


def test_hidden_words_of_a_withdrawn_story_are_deleted(story, case, editor):
    hiding.hide_words(case, editor, SECRET)
    withdrawal.withdraw_stories([story])
    assert not HiddenPassage.objects.exists()


def test_passage_that_was_copied_from_a_withdrawn_story_is_cut_out_of_its_case(story):
    copied = a_case(
        about_kind="story", about_ref="s1", words="That is me.", passage=f"spoke of {SECRET}, and waited for"
    )
    withdrawal.withdraw_stories([story])
    copied.refresh_from_db()
    assert (copied.words, copied.passage) == ("That is me.", MARK)


def test_emoji_before_a_passage_moves_nothing(case, editor, story):
    Story.objects.update(published_text=f"🤫🤫 {SECRET} 🤫")
    hiding.hide_words(case, editor, SECRET)
    story.refresh_from_db()
    assert story.published_text == f"🤫🤫 {MARK} 🤫"


def test_case_about_no_page_has_nothing_to_hide(editor):
    with pytest.raises(ValidationError, match="nothing to hide"):
        hiding.hide_all(a_case(), editor)
