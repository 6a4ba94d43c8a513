"""An archive of a test's own, with the sample in it, which a test may back up, spoil and restore."""

import os
import re
import subprocess
import sys
from contextlib import contextmanager

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import override_settings

from innovation_archive.exchange.exports import export_archive
from tests import databases
from tests.migrations import sample
from tests.migrations.releases import rows_of
from tests.serving import ROOT, database_url


@contextmanager
def archive_with_sample(name):
    """Work on a copy of the database under another name, with the sample and a row in every table."""
    usual = connection.settings_dict["NAME"]
    connection.close()  # PostgreSQL copies no database that is in use
    databases.use_copy(usual, name)
    try:
        with override_settings():  # the sample turns DEBUG on, which pages are not to see
            sample.install()
        yield
    finally:
        connection.creation.destroy_test_db(usual, verbosity=0)
        connection.settings_dict["NAME"] = usual
        ContentType.objects.clear_cache()


def environment(folder, **changed):
    """What a command needs, to work on this archive with this data folder."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "innovation_archive.settings",
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(folder),
        "LEDGER": str(settings.LEDGER),
        "LEDGER_KEY": settings.LEDGER_KEY,
        "SECRET_KEY": settings.SECRET_KEY,
        "DEBUG": "0",
        **changed,
    }


def manage(*arguments, **variables):
    """Run a command of `manage.py` to its end in a process of its own."""
    command = [sys.executable, "manage.py", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)


MORE_PAGES = [
    "/stories/?q=fridge", "/stories/?format=csv", "/stories/?sort=title", "/data/stories.csv", "/data/vote_results.csv",
    "/data/vote_verdicts.csv", "/data/publications.csv", "/data/removed.csv", "/feeds/insights.atom", "/sitemap.xml",
]  # fmt: skip
DIFFERS_EACH_TIME = rb'nonce="[^"]*"|name="(csrfmiddlewaretoken|form_key)" value="[^"]*"'
DIFFERS_WITH_THE_CLOCK = "/data/"
"""This page says when this process last measured each file."""


def public_pages(client):
    """{address: (status, body)} of lists, searches and files, all insights' first versions, and every tenth page of a thing."""
    sitemap = client.get("/sitemap.xml").content.decode()
    listed = [re.sub(r"https?://[^/]+", "", address) for address in re.findall(r"<loc>(.*?)</loc>", sitemap)]
    of_things = [address for address in listed if address.count("/") > 2]
    versions = [f"{address}v1/" for address in of_things if address.startswith("/insights/")]
    wanted = {*listed, *versions, *MORE_PAGES} - {DIFFERS_WITH_THE_CLOCK, *of_things} | {*of_things[::10]}
    return {address: answer(client, address) for address in sorted(wanted)}


def answer(client, address):
    response = client.get(address)
    body = b"".join(response) if response.streaming else response.content
    return response.status_code, re.sub(DIFFERS_EACH_TIME, b"", body)


def exported_files(folder):
    """{name: bytes} of the full export, whose manifest and text name the time."""
    export_archive(folder, audience="full")
    return {path.name: path.read_bytes() for path in folder.glob("*.csv")}


def all_rows():
    """{table: its columns and rows, in an order of their own}. What is counted anew is here without the numbers of its rows."""
    tables = set(connection.introspection.table_names()) - {"django_session", "workshops_facetcount"}
    counted = {
        "workshops_facetcount": rows_of("workshops_facetcount", ["block", "facet", "value", "number", "stories"])
    }
    found = {table: rows_of(table) for table in sorted(tables)} | counted
    return {table: content | {"rows": sorted(content["rows"], key=repr)} for table, content in found.items()}
