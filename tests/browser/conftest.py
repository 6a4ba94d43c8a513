"""A real browser for tests: Chromium without a window, against a server of the test's own.

Each test starts with an empty database, but for the roles. A page that reports an error, or breaks the
Content-Security-Policy, fails its test.
"""

import shutil

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from tests.roles import make_roles_again

PROGRAMS = ["chromium", "chromium-browser", "google-chrome"]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30_000  # milliseconds, for a machine that is busy with other tests


@pytest.fixture(scope="package")
def chromium():
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("no Chromium on this machine: install the package `chromium` to run the tests in a browser")
    playwright_api = pytest.importorskip("playwright.sync_api", reason="needs tests/requirements.txt")
    # Playwright waits for the browser in an event loop, in which Django would refuse the tests their database.
    # Meanwhile Django has another connection. None may be forgotten: PostgreSQL copies no database that is in use, and
    # SQLite loses its locks where a copy of its file is closed.
    connections.close_all()
    with pytest.MonkeyPatch.context() as patch, playwright_api.sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS, timeout=2 * PATIENCE)
        yield browser
        browser.close()
        connections.close_all()


@pytest.fixture
def site(live_server):
    """The address of a running archive that knows the roles; a test before may have emptied the database."""
    make_roles_again()
    return live_server.url


@pytest.fixture
def new_page(chromium, site):
    """Opens a page in a browser of its own, signed in as somebody or as nobody. `context` takes Playwright's options."""
    opened, complaints = [], []

    def open_page(user=None, **context):
        browser = chromium.new_context(base_url=site, **{"viewport": {"width": 1280, "height": 900}} | context)
        browser.set_default_timeout(PATIENCE)
        opened.append(browser)
        if user:
            client = Client()
            client.force_login(user)
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            browser.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        page = browser.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda said: said.type == "error" and complaints.append(f"{page.url}: {said.text}"))
        return page

    yield open_page
    for browser in opened:
        browser.close()
    assert complaints == []
