from collections import Counter

import pytest

from tests.faults.tally import write_down


@pytest.fixture
def tally():
    """What a test counts. It is kept however the test ends."""
    counts = Counter()
    yield counts
    write_down(counts)
