"""Words planted in every private field are found by those whom the matrix names, where it says, and by nobody else."""

import pytest

from tests import private_words
from tests.databases import for_each_viewer
from tests.private_words import VIEWERS, allowed_to, plant, walk

pytestmark = pytest.mark.django_db


@for_each_viewer(VIEWERS)
def test_private_words_are_found_where_the_matrix_allows_and_nowhere_else(client, viewer):
    people, rows = plant()
    client.raise_request_exception = False
    found, asked = walk(client, people, rows, viewer)
    assert set(found) == allowed_to(viewer)
    assert asked > 250


def test_every_secret_of_the_matrix_is_planted():
    plant()
    assert private_words.planted_in_the_database() == set(private_words.PLANTED)
