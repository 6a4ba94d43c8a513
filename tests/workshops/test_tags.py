"""Tags are one whatever their case, spacing or Unicode form, and survive every way in and out."""

import doctest
import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import a_practice, a_story
from workshops import tags
from workshops.models import StoryTag, Tag
from workshops.models.tags import TagQuerySet
from workshops.tags import TagsFormField, join_tags, split_tags, tag_key, tidy_name

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(tag_key)


def test_examples_hold():
    assert doctest.testmod(tags).failed == 0


def test_name_is_without_what_nobody_sees_but_joiners():
    assert tidy_name("\u202eself\u00adhelp\u200b \u200b") == "selfhelp"
    assert tidy_name("می\u200cشود") == "می\u200cشود"
    assert split_tags("trust, \u200b, \ufeff") == ["trust"]


@pytest.mark.parametrize(
    "spelling",
    [
        "mental health",
        "  Mental   HEALTH ",
        "mental\u00a0health",
        "ＭＥＮＴＡＬ ＨＥＡＬＴＨ",
        "men\u00adtal health\u200b",
        "\u202emental health\u202c",
        "\ufeffmental\u200d health",
    ],
)
@pytest.mark.django_db
def test_spellings_are_one_tag(spelling):
    first = a_story(tags=["Mental health"])
    second = a_story(tags=[spelling])
    assert list(first.tags.all()) == list(second.tags.all()) == [Tag.objects.get()]
    assert Tag.objects.get().name == "Mental health"


@pytest.mark.django_db
def test_accents_are_kept_in_either_unicode_form():
    story = a_story(tags=["Café", "CAFE\u0301", "cafe"])
    assert sorted(story.tags.names()) == ["Café", "cafe"]
    assert sorted(Tag.objects.values_list("slug", flat=True)) == ["cafe", "café"]


@pytest.mark.django_db
def test_two_words_stay_one_tag():
    assert list(a_story(tags=["mental health"]).tags.names()) == ["mental health"]
    assert split_tags("mental health") == ["mental health"]


@pytest.mark.django_db
def test_two_spellings_in_one_call_are_one_tag_by_the_first():
    story = a_story(tags=["Trust", "trust", " TRUST"])
    assert list(story.tags.names()) == ["Trust"]
    assert StoryTag.objects.count() == 1


@pytest.mark.django_db
def test_set_with_another_spelling_keeps_the_tag():
    story = a_story(tags=["Trust", "hope"])
    story.tags.set(["TRUST"])
    assert list(story.tags.names()) == ["Trust"]
    assert sorted(Tag.objects.values_list("name", flat=True)) == ["Trust", "hope"]


@pytest.mark.django_db
def test_stories_and_practices_share_tags():
    assert list(a_story(tags=["trust"]).tags.all()) == list(a_practice(tags=["Trust"]).tags.all())


@pytest.mark.parametrize(
    "name",
    [
        "food, drink",
        'the "new" normal',
        '"',
        ",",
        "=1+1",
        "<script>",
        "🐝",
        "日本",
        "C++",
        "..",
        "a/b",
        "'; DROP",
        "x" * 100,
    ],
)
@pytest.mark.django_db
def test_hostile_name_survives_the_form(name):
    story = a_story(tags=[name, "another"])
    field = TagsFormField()
    assert sorted(field.clean(join_tags(story.tags.all()))) == sorted([name, "another"])
    tag = Tag.objects.get(key=tag_key(name))
    assert tag.name == name
    assert tag.slug
    assert tag.get_absolute_url()


@pytest.mark.django_db
def test_names_of_signs_have_slugs_of_their_own():
    for_names = Tag.objects.for_names(["C", "C++", "C#", "++", "##"])
    assert sorted(tag.slug for tag in for_names.values()) == ["c", "c_1", "c_2", "tag", "tag_1"]


@pytest.mark.parametrize("name", ["x" * 101, "ﷺ" * 20])
@pytest.mark.django_db
def test_name_that_is_too_long_is_refused(name):
    with pytest.raises(ValidationError, match="is too long for a tag: at most 100 letters"):
        Tag.objects.for_names([name])
    with pytest.raises(ValidationError, match="is too long for a tag: at most 100 letters"):
        TagsFormField().clean(name)
    assert Tag.objects.count() == 0


@pytest.mark.django_db
def test_name_that_unfolds_has_a_short_slug():
    tag = Tag.objects.for_names(["ﷺ" * 11]).popitem()[1]
    assert (len(tag.name), len(tag.slug)) == (11, 100)


@pytest.mark.parametrize("name", ["", " ", "\u00a0", "\u2003"])
@pytest.mark.django_db
def test_name_of_nothing_is_refused(name):
    with pytest.raises(ValidationError, match="A tag needs a name"):
        Tag.objects.for_names([name])


def test_form_refuses_a_flood():
    with pytest.raises(ValidationError):
        TagsFormField().clean("x" * 200_000)


@pytest.mark.parametrize(("text", "read"), [("", []), (None, []), (" , ,", []), ('"a', ["a"]), ("a\nb", ["a b"])])
def test_split_tags_reads_odd_text(text, read):
    assert split_tags(text) == read


class OneMomentEarlier(TagQuerySet):
    """Somebody else makes a tag between our look and our write."""

    def bulk_create(self, objs, **kwargs):
        if not Tag.objects.filter(name=self.theirs).exists():
            Tag.objects.create(name=self.theirs, slug=self.slug)
        return super().bulk_create(objs, **kwargs)


@pytest.mark.parametrize(("theirs", "slug", "count"), [("TRUST", "trust", 1), ("trust!", "trust", 2)])
@pytest.mark.django_db
def test_tag_made_at_the_same_moment_is_used_or_stepped_around(theirs, slug, count):
    moment = OneMomentEarlier(Tag)
    OneMomentEarlier.theirs, OneMomentEarlier.slug = theirs, slug
    tag = moment.for_names(["trust"])["trust"]
    assert tag.pk
    assert tag.key == "trust"
    assert Tag.objects.count() == count


@given(names)
def test_key_is_the_same_for_every_spelling(name):
    key = tag_key(name)
    assert key == tag_key(key) == tag_key(f"  {name} ")
    assert key == tag_key(unicodedata.normalize("NFD", name)) == tag_key(tidy_name(name))


@given(st.lists(names))
def test_joined_tags_are_read_back(some):
    tidy = sorted(filter(None, map(tidy_name, some)))
    assert sorted(split_tags(join_tags(Tag(name=name) for name in tidy))) == tidy
