import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshops.choices import MARKER
from workshops.consent.runs import RunFinder, folded_words, is_wordless, plain_words

TOLD = "We waited for the same night bus"


def found(told, text):
    return [text[run.start : run.end] for run in RunFinder([told]).runs_in(text)]


@pytest.mark.parametrize(
    "text",
    [
        "We waited for the same night bus",
        "WE WAITED FOR THE SAME NIGHT BUS",
        "we—waited, “for” the *same* night-bus",
        "We\nwaited\tfor\u00a0the same night\u200b bus",
        "We waited 🤫 for the same 🚌 night bus",
        "We wai\u0301ted fo\u0308r the sàme nïght bus",
        "Ｗｅ ｗａｉｔｅｄ ｆｏｒ ｔｈｅ ｓａｍｅ ｎｉｇｈｔ ｂｕｓ",
        "We wait\u00aded for the same night bus",
    ],
)
def test_run_is_found_however_it_is_written(text):
    assert found(TOLD, f"Before: {text}. After.") == [text]


@pytest.mark.parametrize(
    "text",
    [
        "We waited for the same",
        "We waited for the very same night bus",
        "bus night same the for waited We",
        f"We waited for {MARKER} the same night bus",
    ],
)
def test_fewer_words_or_others_are_no_run(text):
    assert found(TOLD, text) == []


def test_apostrophes_make_no_difference():
    assert found("It's what they’d said to us", "its what theyd said to us") == ["its what theyd said to us"]


def test_run_of_six_goes_on_as_far_as_it_is_told():
    assert found("a b c d e f g h i j", "x b c d e f g h y") == ["b c d e f g h"]


def test_two_characters_count_as_a_word_where_no_spaces_are():
    told = "我们在雨里等了九个月才有一张床"
    assert found(told, f"他说{told[:12]}吗") == [told[:12]]
    assert found(told, f"他说{told[:11]}吗") == []
    assert found("コミュニティの話", "別のコミュニティ") == []


def test_long_and_hostile_texts_take_no_long_time():
    texts = ["a " * 35_000, "é\u0301" * 35_000, "🤫" * 70_000, "床" * 70_000, "'" * 70_000, "a'" * 35_000, "[" * 70_000]
    begun = time.process_time()
    for told in texts:
        for text in texts:
            RunFinder([told]).runs_in(text)
    assert time.process_time() - begun < 30


@pytest.mark.parametrize(("text", "wordless"), [(f"“{MARKER}.”", True), ("", True), (f"{MARKER} a", False)])
def test_wordless_text_is_one_of_markers(text, wordless):
    assert is_wordless(text) is wordless


PIECES = st.text(alphabet=st.sampled_from("aAéÉßﬁøİ½²'’‘`_- \n.–“”[]🤫床\u0301\u200b7"), max_size=40)


@given(PIECES)
def test_quick_look_reads_the_same_words(text):
    """Or says that it cannot: otherwise a run would be missed."""
    words = plain_words(text)
    assert words is None or [word.decode() for word in words] == folded_words(text)


@given(st.text(max_size=30), st.sampled_from([" ", MARKER]))
def test_quick_look_reads_any_text(text, gap):
    words = plain_words(f"a{gap}{text}")
    if words is not None and MARKER not in f"a{gap}{text}":
        assert [word.decode() for word in words] == folded_words(f"a{gap}{text}")
