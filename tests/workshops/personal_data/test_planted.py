"""How much of the planted sentences is found, and that no text takes long.

`python -m tests.benchmarks.personal_data` prints the same by kind.
"""

import pytest

from tests.growth import LINEAR_AT_MOST, growth, work
from tests.workshops.personal_data.planted import GROUPS, SETS, is_found, measured, planted_sentences, read_planted
from tests.workshops.personal_data.sample import false_alarms_in_sample
from workshops.personal_data import Mark, find_personal_data
from workshops.personal_data.plain import folded, plain

AT_LEAST = {"patterns": 0.95, "names": 0.90, "said of a person": 0.80}
SCANS_AT_MOST = 300
"""How many plain scans of a hostile text the detector may take: some sixty patterns look at each word."""


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("group", AT_LEAST)
def test_planted_passages_are_found(name, group):
    assert measured(planted_sentences(name)).recall(GROUPS[group]) >= AT_LEAST[group]


@pytest.mark.parametrize("name", SETS)
def test_every_kind_is_planted_and_found_more_often_than_not(name):
    result = measured(planted_sentences(name))
    assert {mark for mark in Mark if result.planted[mark] < 4} == set()
    assert {mark for mark in Mark if result.recall({mark}) <= 0.5} == set()


@pytest.mark.parametrize("name", SETS)
def test_innocent_sentences_raise_few_alarms(name):
    sentences = planted_sentences(name)
    innocent = [sentence for sentence in sentences if not sentence.passages]
    assert len(innocent) * 3 >= len(sentences)
    assert len(measured(innocent).false_alarms) < 0.1 * len(innocent)


def test_planted_set_has_four_hundred_sentences_that_differ():
    texts = [sentence.text for name in SETS for sentence in planted_sentences(name)]
    assert len(texts) >= 400
    assert len(set(texts)) == len(texts)


def test_sample_raises_less_than_one_false_alarm_a_story():
    false, _, stories = false_alarms_in_sample()
    assert stories == 99
    assert len(false) < stories


def test_half_an_identifier_is_not_found_and_part_of_what_is_said_is():
    sentence = read_planted("Ring {phone:0161 496 0123}, he has {health:bad asthma}")
    phone, health = sentence.passages
    hits = find_personal_data(sentence.text)
    assert [is_found(passage, sentence.text, hits) for passage in (phone, health)] == [True, True]
    longer = read_planted("{phone:Ring 0161 496 0123}")
    assert not is_found(longer.passages[0], longer.text, find_personal_data(longer.text))


HOSTILE = [
    "a", "a.", "0 ", "a@", "A", "@a.", "1-", "14 Aa ", "Flat 2, ", "Ann ", "Ann Field. ", "ref ", "car ", "born ", "\n", "((",
    "a a ", "he is a ", "he was the just also ", "her ", "my son, ", "his wife with ", "the first ", "one of the ", "’s ", "K\u030c", "M1 1A",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_takes_time_in_proportion_to_its_length(piece):
    text = (piece * 20_000)[:20_000]
    assert growth(lambda text: find_personal_data(text, names=["Ann Field"]), text) < LINEAR_AT_MOST


def test_hostile_text_takes_a_limited_number_of_plain_scans():
    text = "".join((piece * 3000)[:3000] for piece in HOSTILE)[:70_000]
    assert len(text) == 70_000
    scan = min(work(lambda text: folded(plain(text)).split(), text) for _ in range(3))
    assert work(find_personal_data, text) < SCANS_AT_MOST * scan
