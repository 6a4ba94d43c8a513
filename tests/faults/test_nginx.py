"""What the distribution's nginx says by itself, as `.deploy/` sets it."""

import http.client

import pytest

from tests.faults.nginx import PROGRAM, behind_nginx
from tests.faults.slow_clients import UNVERIFIED
from tests.serving import ask, free_port, get

pytestmark = [
    pytest.mark.any_database,
    pytest.mark.skipif(PROGRAM is None, reason="no nginx on this machine: install the package `nginx`"),
]


def test_visitors_are_told_to_come_back_while_the_archive_does_not_run(tmp_path):
    with behind_nginx(tmp_path, free_port()) as port:
        server = http.client.HTTPSConnection("127.0.0.1", port, context=UNVERIFIED)
        server.request("GET", "/stories/")
        answer = server.getresponse()
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        assert answer.read().startswith(b"The archive does not run at the moment.")


def test_certificate_is_renewed_by_plain_http_and_all_else_is_led_to_https(tmp_path):
    challenge = tmp_path / ".well-known" / "acme-challenge" / "token"
    challenge.parent.mkdir(parents=True)
    challenge.write_text("token.key")
    plain = free_port()
    with behind_nginx(tmp_path, free_port(), plain):
        assert get(plain, "/.well-known/acme-challenge/token") == (200, b"token.key")
        answer = ask("GET", plain, "/stories/?q=flood", {"Host": "localhost"})
        assert (answer.status, answer.headers["Location"].partition(":")[0]) == (301, "https")
        assert answer.headers["Location"].endswith("/stories/?q=flood")
