"""A disk that is full: the archive can be read, what was typed is given back, and saved once there is room."""

import secrets
from collections import Counter

import pytest

from innovation_archive.models import Case
from tests.factories import a_story
from tests.faults.full_disk import database_on, fill, small_disk, why_no_small_disk
from tests.serving import Visitor, get, serving, typed_again

WHY_NOT = why_no_small_disk()
READ = ["/", "/stories/", "/stories/?q=wording", "/stories/s1/", "/matrix/", "/data/stories.csv", "/readyz"]
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)
def test_full_disk_loses_nothing_that_was_typed_and_keeps_nobody_from_reading(tmp_path, tally):
    a_story(ref="s1")
    with small_disk() as disk, database_on(disk):
        with serving("innovation_archive.wsgi", tmp_path, "--threads=4", **SETTINGS) as port:
            visitor = Visitor(port)
            visitor.get("/complaints/")
            filler = fill(disk)
            saved, page = write_until_full(visitor)
            tally += Counter({"requests": len(READ), "requests lost": sum(get(port, each)[0] != 200 for each in READ)})
            filler.unlink()
            saved.append(typed_again(page)["words"])
            assert visitor.post("/complaints/", typed_again(page))[0] == 200
        tally["rows lost"] += len(set(saved) - set(Case.objects.values_list("words", flat=True)))
        assert Case.objects.count() == len(saved)
    assert tally == Counter(requests=len(READ))


def write_until_full(visitor):
    """The words that were saved before the disk was full, and the page that says so: rows find room for a while."""
    saved = []
    for _ in range(200):
        words = secrets.token_hex(1500)
        status, page = visitor.post("/complaints/", {"kind": "complaint", "words": words})
        if status != 200:
            assert (status, typed_again(page)["words"]) == (507, words)
            return saved, page
        saved.append(words)
    raise AssertionError("The disk is never full.")
