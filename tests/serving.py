"""The archive as gunicorn serves it, between a real server and a real socket."""

import html
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPErrorProcessor, build_opener

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


def database_url():
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def is_listening(port):
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def production_environment(folder, **changes):
    """The environment of a process that works on the test's own archive as in production, with this data folder."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "innovation_archive.settings",
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(folder),
        "SECRET_KEY": settings.SECRET_KEY,
        "LEDGER_KEY": settings.LEDGER_KEY,
        "ALLOWED_HOSTS": "localhost",
        "HTTPS": "0",
        "DEBUG": "0",
        **changes,
    }


@contextmanager
def serving(application, folder, *options, **environment):
    """The port where gunicorn serves the test's own archive, with one worker that does one thing at a time.

    What it writes to standard error is in the folder's file `stderr`.
    """
    with gunicorn(application, folder, *options, **environment) as (port, _process):
        yield port


@contextmanager
def gunicorn(application, folder, *options, **environment):
    """The port and the process, which is first in a group of its own."""
    port = free_port()
    with (folder / "stderr").open("ab") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", application, f"--bind=127.0.0.1:{port}", *options],
            cwd=ROOT,
            env=production_environment(folder, **environment),
            stderr=errors,
            start_new_session=True,
        )
    try:
        for _ in range(300):
            with suppress(OSError):
                assert get(port, "/healthz")[0] == 200
                break
            time.sleep(0.1)
        else:
            raise AssertionError(f"gunicorn did not start: {(folder / 'stderr').read_text()[-2000:]}")
        yield port, process
    finally:
        process.terminate()
        process.wait()


def get(port, address, host="localhost", **headers):
    """The status and the body."""
    response = ask("GET", port, address, {"Host": host} | headers)
    return response.status, response.read()


def ask(method, port, address, headers, body=None):
    server = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    server.request(method, address, body, headers)
    return server.getresponse()


def typed_again(page):
    """What a browser would send from the form of the page that says that nothing was saved."""
    hidden = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    long = re.findall(r'<textarea name="([^"]*)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    return {name: html.unescape(value) for name, value in hidden + long}


class Visitor:
    """A browser without pictures: follows redirects, keeps cookies, and sends the token that forms carry."""

    def __init__(self, port):
        self.address = f"http://localhost:{port}"
        self.cookies = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies), AnyStatus)

    def get(self, path):
        """The status and the text."""
        with self.opener.open(self.address + path, timeout=40) as response:
            return response.status, response.read().decode()

    def post(self, path, fields):
        token = {cookie.name: cookie.value for cookie in self.cookies}.get("csrftoken", "")
        body = urlencode({"csrfmiddlewaretoken": token} | fields, doseq=True).encode()
        with self.opener.open(self.address + path, body, timeout=40) as response:
            return response.status, response.read().decode()


class AnyStatus(HTTPErrorProcessor):
    """Gives an answer back whatever its status, and follows redirects."""

    def http_response(self, request, response):
        return super().http_response(request, response) if 300 <= response.status < 400 else response
