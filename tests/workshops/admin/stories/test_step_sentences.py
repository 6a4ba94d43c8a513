"""What is said of one story and of many after a step."""

import pytest

from workshops.admin.stories.step_sentences import PUBLISHED, RETURNED, SUBMITTED, UNPUBLISHED


@pytest.mark.parametrize(
    ("sentences", "done"),
    [
        (SUBMITTED, "submitted for review"),
        (PUBLISHED, "published"),
        (RETURNED, "returned to draft"),
        (UNPUBLISHED, "unpublished"),
    ],
)
def test_sentences_of_a_step_count_stories(sentences, done):
    assert sentences.done % {"story": "Van"} == f"“Van” was {done}."
    assert sentences.refused % {"story": "Van", "why": "Why."} == f"“Van” was not {done}. Why."
    assert sentences.logged == f"It was {done}."
    assert sentences.done_by_many % {"count": 1} == f"1 story was {done}."
    assert sentences.done_by_many % {"count": 21} == f"21 stories were {done}."
    assert sentences.refused_to_more % {"count": 1} == f"1 more was not {done}."
    assert sentences.refused_to_more % {"count": 2} == f"2 more were not {done}."
