"""While the archive is restored, everybody is told so, and nobody sees what was forgotten."""

import threading
from collections import Counter
from http.client import HTTPException

import pytest
from django.core.management import call_command

from innovation_archive.operation.backup import make_backup
from innovation_archive.operation.restoring import closed_for_restore, is_being_restored
from tests.factories import a_story
from tests.innovation_archive.operation.archives import environment, manage
from tests.serving import get, serving, typed_again
from workshops.consent.withdrawal import withdraw_stories

APPLICATION = "innovation_archive.wsgi"


@pytest.mark.parametrize("address", ["/", "/stories/", "/admin/", "/no/such/page"])
def test_page_says_that_the_archive_is_being_restored_and_asks_no_database(address, client):
    with closed_for_restore():
        response = client.get(address)
    assert (response.status_code, response["Retry-After"], response["Cache-Control"]) == (503, "30", "no-store")
    assert (
        "The archive is being restored from a backup, and answers again in a few minutes." in response.content.decode()
    )
    assert "What you sent was not saved." not in response.content.decode()


def test_form_that_was_sent_meanwhile_is_given_back_and_not_saved(client):
    words = 'They said "wait" & left.\nThen nobody came back.'
    with closed_for_restore():
        response = client.post("/complaints/", {"words": words})
    page = response.content.decode()
    assert (response.status_code, typed_again(page)) == (503, {"words": words})
    assert "What you sent was not saved." in page


def test_probes_tell_a_living_process_from_one_that_can_serve(client):
    with closed_for_restore():
        assert client.get("/healthz").status_code == 200
        response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"The archive is being restored.")


def test_archive_is_open_again_whatever_ends_the_restore(client, db):
    with pytest.raises(RuntimeError), closed_for_restore():
        assert is_being_restored()
        raise RuntimeError
    assert not is_being_restored()
    assert client.get("/").status_code == 200


def test_housekeeping_waits_for_its_next_hour(capsys):
    with closed_for_restore():
        call_command("housekeeping")
    assert capsys.readouterr().out == "The archive is being restored: housekeeping waits for its next hour.\n"


def ask_until(ended, port, address, statuses):
    while not ended.is_set():
        try:
            statuses[get(port, address)[0]] += 1
        except (OSError, HTTPException):
            statuses["no answer"] += 1


@pytest.mark.django_db(transaction=True)
def test_withdrawn_story_is_at_no_moment_served_while_an_older_backup_is_restored(tmp_path, settings):
    settings.LEDGER = tmp_path / "forgotten.ledger"
    story, other, path = a_story(), a_story(), tmp_path / "older.backup"
    make_backup(path)
    withdraw_stories([story])
    (tmp_path / "data").mkdir()
    variables = environment(tmp_path / "data", DEBUG="1")  # for pages without collected static files
    withdrawn, living, ended = Counter(), Counter(), threading.Event()
    with serving(APPLICATION, tmp_path / "data", "--threads=3", **variables) as port:
        readers = [
            threading.Thread(target=ask_until, args=[ended, port, address, statuses])
            for address, statuses in [(story.get_absolute_url(), withdrawn), (other.get_absolute_url(), living)]
        ]
        for reader in readers:
            reader.start()
        done = manage("restore", path, "--no-input", **variables)
        ended.set()
        for reader in readers:
            reader.join()
        after = [get(port, each.get_absolute_url())[0] for each in (story, other)]
    assert (done.returncode, done.stderr) == (0, "")
    assert "Lines of the ledger that were carried out again: 1." in done.stdout
    assert withdrawn.keys() == {410, 503}
    assert living.keys() == {200, 503}
    assert after == [410, 200]
