"""What a real server tells of an error to its log, to Sentry and to the reader."""

import gzip
import json
import os
import subprocess
import sys
import threading
import time
from http.client import IncompleteRead
from http.server import BaseHTTPRequestHandler, HTTPServer

import brotli
import pytest

from tests.serving import ROOT, ask, get, serving

pytestmark = pytest.mark.django_db(transaction=True)

APPLICATION = "tests.innovation_archive.operation.failing_wsgi"
CANARIES = {  # of all a request may bring
    "Cookie": "sessionid=Canarysession; other=Canarycookie",
    "User-Agent": "Canaryagent",
    "X-Forwarded-For": "Canaryaddress",
    "Referer": "http://localhost/?Canaryreferer",
    "Authorization": "Bearer Canarytoken",
    "baggage": "sentry-transaction=Canarybaggage,sentry-public_key=key",
    "sentry-trace": "771a43a4192642f0b136d5159a501700-771a43a4192642f0-1",
}
FAULT = "/join/Canarycode/?q=Canaryquery"


def json_lines(folder):
    """The records in what the server wrote; gunicorn's first process speaks plainly of its start and stop."""
    text = (folder / "stderr").read_text()
    assert "canary" not in text.lower()
    records = [json.loads(line) for line in text.splitlines() if not line.startswith("[")]
    of_the_server = [("gunicorn.error", "INFO"), ("py.warnings", "WARNING")]  # no static files are collected here
    return [record for record in records if (record["logger"], record["level"]) not in of_the_server]


def test_error_leaves_a_trace_in_the_log_and_its_number_with_the_reader(tmp_path):
    with serving(APPLICATION, tmp_path) as port:
        response = ask("GET", port, FAULT, {"Host": "localhost", **CANARIES})
        page = response.read().decode()
    number = response.headers["X-Request-ID"]
    assert response.status == 500
    assert f"<code>{number}</code>" in page and "canary" not in page.lower()
    assert response.headers["Content-Security-Policy"]

    error, answer = json_lines(tmp_path)
    assert (error["logger"], error["level"], error["status"]) == ("django.request", "ERROR", 500)
    assert (error["method"], error["path"], error["request"]) == ("GET", "/join/<code>/", number)
    assert [each["type"].rpartition(".")[2] for each in error["errors"]] == [
        *(["UniqueViolation"] if error["errors"][0]["type"].startswith("psycopg2") else ["IntegrityError"]),
        "IntegrityError",
        "ValueError",
    ]
    assert error["errors"][2]["trace"][-1].endswith(" fail")
    assert (answer["message"], answer["status"], answer["request"]) == ("Answered", 500, number)


def test_file_that_breaks_off_leaves_a_trace(tmp_path):
    with serving(APPLICATION, tmp_path) as port, pytest.raises(IncompleteRead):
        get(port, "/data/themes.csv")
    broken, answer, server = json_lines(tmp_path)
    assert (broken["message"], broken["errors"][0]["code"]) == ("The response broke off while it was sent.", 5)
    assert broken["request"] == answer["request"] != ""
    assert (server["logger"], server["errors"][0]["type"]) == ("gunicorn.error", "builtins.OSError")


def test_probe_by_address_over_http_is_answered_where_others_are_refused_or_moved(tmp_path):
    with serving(APPLICATION, tmp_path, HTTPS="1") as port:
        assert get(port, "/healthz", host="10.0.0.7") == (200, b"ok")
        assert get(port, "/readyz", host="10.0.0.7") == (200, b"ok")
        probe = ask("HEAD", port, "/readyz", {"Host": "10.0.0.7"})
        assert (probe.status, probe.read()) == (200, b"")
        assert get(port, "/robots.txt")[0] == 301
    [moved] = json_lines(tmp_path)
    assert (moved["status"], moved["path"]) == (301, "/robots.txt")


@pytest.fixture
def sentry():
    """A server that takes what is sent to Sentry: its address, and the texts it got."""
    received = []

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            unpack = {"gzip": gzip.decompress, "br": brotli.decompress}[self.headers["Content-Encoding"]]
            received.append(unpack(body).decode())
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Endpoint)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://key@127.0.0.1:{server.server_port}/1", received
    server.shutdown()
    thread.join()
    server.server_close()


def test_sentry_is_told_type_and_place_of_an_error_and_nothing_of_people(tmp_path, sentry):
    address, received = sentry
    with serving(APPLICATION, tmp_path, SENTRY_DSN=address) as port:
        number = ask("GET", port, FAULT, {"Host": "localhost", **CANARIES}).headers["X-Request-ID"]
        get(port, "/robots.txt", host="canary.example.org")  # which is nothing to report
        with pytest.raises(IncompleteRead):
            get(port, "/data/themes.csv")
        until = time.monotonic() + 20
        while len(received) < 2 and time.monotonic() < until:
            time.sleep(0.05)
    fault, broken = received
    assert "canary" not in (fault + broken).lower()
    header, item, event = map(json.loads, fault.splitlines())
    assert set(header) <= {"event_id", "sent_at", "dsn", "sdk"}
    assert item["type"] == "event"
    assert [each["type"] for each in event["exception"]["values"]][1:] == ["IntegrityError", "ValueError"]
    last = event["exception"]["values"][-1]["stacktrace"]["frames"][-1]
    assert (last["function"], last["module"], "vars" in last) == ("fail", APPLICATION, False)
    assert event["tags"] == {
        "logger": "django.request",
        "request": number,
        "method": "GET",
        "path": "/join/<code>/",
        "status": "500",
    }
    assert set(event) == {"event_id", "timestamp", "level", "platform", "environment", "sdk", "tags", "exception"} | (
        {"release"} & set(event)
    )
    assert json.loads(broken.splitlines()[2])["exception"]["values"][0]["type"] == "OSError"
    assert "127.0.0.1" not in fault.partition("\n")[2]


def test_sentry_is_told_of_a_command_that_failed(tmp_path, sentry):
    address, received = sentry
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "SENTRY_DSN": address}
    command = [sys.executable, "manage.py", "shell", "-c", "raise ValueError('Canary')"]
    assert subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False).returncode == 1
    [told] = received
    assert "canary" not in told.lower()
    assert json.loads(told.splitlines()[2])["exception"]["values"][0]["type"] == "ValueError"
