"""The files in .deploy/ agree with each other, with the code and with what the documents promise."""

import re
from configparser import ConfigParser
from pathlib import Path

from innovation_archive.admin.imports import MAX_FORM_SIZE
from innovation_archive.exchange.uploads import MAX_FILE_SIZE

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / ".deploy"


def text(name):
    return (DEPLOY / name).read_text()


def unit(name):
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read(DEPLOY / name)
    return parser


def test_services_run_what_is_in_the_repository_as_an_account_of_their_own():
    for name in ("archive.service", "archive-housekeeping.service", "archive-backup.service"):
        service = unit(name)["Service"]
        assert (service["User"], service["UMask"], service["WorkingDirectory"]) == ("archive", "0077", "/srv/archive")
        words = [word for word in service["ExecStart"].split() if not word.startswith("/")]
        named = [word for word in words if (ROOT / word).is_file()]
        assert named in ([".deploy/gunicorn.conf.py"], ["manage.py"])


def test_nginx_asks_where_the_socket_listens():
    assert f"server unix:{unit('archive.socket')['Socket']['ListenStream']} " in text("nginx.conf")


def test_logs_are_deleted_after_the_days_that_the_documents_state():
    days = {
        re.search(r"both logs are deleted after (\d+) days", (ROOT / ".readme" / "operating.md").read_text())[1],
        re.search(r"^    rotate (\d+)$", text("logrotate"), re.MULTILINE)[1],
        re.search(r"^    maxage (\d+)$", text("logrotate"), re.MULTILINE)[1],
        re.search(r"^MaxRetentionSec=(\d+)day$", text("journald@archive.conf"), re.MULTILINE)[1],
    }
    assert days == {"14"}


def test_nginx_logs_neither_queries_nor_addresses_nor_where_from():
    logged = re.search(r"log_format archive(.*?);", text("nginx.conf"), re.DOTALL)[1]
    assert set(re.findall(r"\$(\w+)", logged)) == {
        *("time_iso8601", "logged_network", "request_method", "logged_path"),
        *("status", "body_bytes_sent", "request_time", "request_id"),
    }


def test_gunicorn_logs_neither_queries_nor_addresses_even_where_it_is_told_to_log():
    settings = {}
    exec(text("gunicorn.conf.py"), settings)  # noqa: S102 it is Python, as gunicorn reads it
    assert settings["accesslog"] is None
    assert set(re.findall(r"%\((\w+)\)s", settings["access_log_format"])) <= set("tmUsbM")


def test_nginx_lets_the_largest_file_through_that_can_be_imported():
    megabytes = int(re.search(r"client_max_body_size (\d+)m;", text("nginx.conf"))[1])
    assert megabytes * 1024 * 1024 >= MAX_FILE_SIZE + MAX_FORM_SIZE
