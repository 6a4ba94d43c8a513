"""Slow clients do not stop the site: the real gunicorn and the distribution's nginx, both as `.deploy/` sets them."""

import re
from collections import Counter

import pytest

from tests.factories import a_story
from tests.faults.nginx import PROGRAM, behind_nginx
from tests.faults.slow_clients import answered, slow_downloads, slow_forms
from tests.serving import serving
from workshops.models import Story

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.any_database,
    pytest.mark.skipif(PROGRAM is None, reason="no nginx on this machine: install the package `nginx`"),
]
CONFIG = "--config=.deploy/gunicorn.conf.py"
SERVED = {"DJANGO_SETTINGS_MODULE": "tests.faults.settings", "BEHIND_PROXY": "1", "HTTPS": "1"}


@pytest.fixture
def large_file():
    """Stories whose file is larger than any buffer on its way: 20 MB."""
    story = a_story(published_text="word " * 20_000)
    fields = [field.attname for field in Story._meta.concrete_fields if field.attname != "id"]
    like = {name: getattr(story, name) for name in fields}
    Story.objects.bulk_create(Story(**like | {"ref": f"S-{number}"}) for number in range(200))


@pytest.fixture
def site(tmp_path, large_file):
    """The ports of nginx and of the gunicorn behind it."""
    with (
        serving("innovation_archive.wsgi", tmp_path, CONFIG, **SERVED) as gunicorn,
        behind_nginx(tmp_path, gunicorn) as port,
    ):
        yield port, gunicorn


def test_fourteen_slow_senders_stop_gunicorn_alone_and_not_the_site(site, tally):
    port, gunicorn = site
    with slow_forms(gunicorn, 14, is_https=False):
        assert answered(gunicorn, "/healthz", 1, seconds=2, is_https=False) == 0
    with slow_forms(port, 14):
        tally += Counter({"requests": 20, "requests lost": 20 - answered(port, "/robots.txt", 20, seconds=2)})
    assert tally == Counter(requests=20)


def test_forty_slow_readers_of_files_do_not_stop_the_site(site, tmp_path, tally):
    port, _ = site
    ten_each = [f"127.0.0.{number}" for number in (2, 3, 4, 5) for _ in range(10)]
    with slow_downloads(port, "/data/stories.csv?q=Canaryquery", ten_each) as statuses:
        tally += Counter({"requests": 20, "requests lost": 20 - answered(port, "/stories/S-1/", 20, seconds=2)})
        assert tally == Counter(requests=20)
        assert Counter(statuses) == {200: 8, 429: 32}
        assert max(statuses[first : first + 10].count(200) for first in (0, 10, 20, 30)) == 4  # of one address
    log = (tmp_path / "access.log").read_text()
    assert re.search(r"127\.0\.0\.0 GET /data/stories\.csv 429 ", log)
    assert "Canaryquery" not in log and "127.0.0.2" not in log
