"""Every public page and every page of the desk by the W3C's own checker of HTML, where it is at hand: the program
`vnu`, or java and VNU_JAR."""

import os
import re
import shutil
import subprocess

import pytest
from django.db import transaction
from django.urls import reverse

from tests.factories import a_participant
from tests.innovation_archive.admin.test_walk import ACTIONS, VIEWERS, addresses, opened, world
from tests.innovation_archive.test_pages import PAGES, fill
from workshops.contribution.slip_codes import issue_slip
from workshops.models import Story, Workshop

__all__ = ["world"]

WRONG = ["/stories/?place=none", "/stories/?q=zebra", "/no-such-page/", "/data/purpose/", "/join/", "/join/NOSUCH/"]
# What Django's admin writes itself: the summary of a password, and the page on which to set another's.
OF_DJANGO = [
    "Attribute “disabled” not allowed on element “div” at this point.",
    "No “p” element in scope but a “p” end tag seen.",
]


@pytest.fixture
def complaints(tmp_path):
    """What the checker says of pages, given as pairs of a name and a response: each with the name."""
    jar = os.environ.get("VNU_JAR")
    if shutil.which("vnu"):
        checker = ["vnu"]
    elif jar and shutil.which("java"):
        checker = ["java", "-jar", jar]
    else:
        pytest.skip("no checker of HTML on this machine: install `vnu`, or java with VNU_JAR naming vnu.jar")

    def check(pages):
        names = {}
        for number, (name, response) in enumerate(pages):
            if response.headers.get("Content-Type", "").startswith("text/html") and response.content:
                names[f"{number}.html"] = name
                (tmp_path / f"{number}.html").write_bytes(response.content)
        ran = subprocess.run([*checker, "--errors-only", tmp_path], capture_output=True, text=True, check=False)
        said = [re.match(r'"file:.*/(.*?)":(.*)', line) for line in ran.stderr.splitlines()]
        assert len(names) and all(said), ran.stderr
        return [f"{names[found[1]]} {found[2]}" for found in said if not found[2].endswith(tuple(OF_DJANGO))]

    return check


@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.parametrize("stories", [0, 3], ids=["empty", "full"])
def test_public_pages_are_valid_html(complaints, client, stories):
    if stories:
        fill(stories, illustrative=True)
    assert complaints([(address, client.get(address)) for address in [*PAGES, *WRONG, "/my-contribution/"]]) == []


@pytest.mark.any_database
@pytest.mark.django_db
def test_pages_of_a_contribution_are_valid_html(complaints, client):
    fill(3)
    person = a_participant(workshops=[Workshop.objects.get(slug="first")])
    Story.objects.update(told_by=person)
    address = "/my-contribution/"
    pages = [("wrong", client.post(address, {"code": "wrong"}))]
    client.post(address, {"code": issue_slip(person)})
    pages += [("page", client.get(address)), ("word", client.post(f"{address}word/", {"word": "no"}))]
    client.post(f"{address}word/", {"word": "green door"})
    asked = [
        ("", None), ("copy/", {"format": "html"}), ("correct/", {"what": "s1"}),
        ("correct/", {"what": "s1", "why": "", "wording": ""}), ("change/", {"act": "withdraw", "what": "s1"}),
        ("change/", {"act": "lower quotation", "what": "s1", "insight": "finding"}), ("change/", {"act": "erase"}),
    ]  # fmt: skip
    for page, fields in asked:
        pages.append((page, client.post(address + page, fields) if fields else client.get(address)))
    client.post(f"{address}change/", {"act": "erase", "confirmed": "1"})
    pages += [("receipt", client.get(f"{address}receipt/")), ("hidden", client.get(address))]
    pages += [("done", client.post(f"{address}done/"))]
    assert {response.status_code for _name, response in pages} == {200, 400, 404}
    assert complaints(pages) == []


@pytest.mark.any_database
@pytest.mark.django_db
@pytest.mark.parametrize("viewer", VIEWERS)
def test_pages_of_the_desk_are_valid_html(complaints, client, world, viewer):
    people, rows = world
    pages = []

    def ask(name, method, address, fields=None):
        client.force_login(people[viewer])
        with transaction.atomic():
            pages.append((f"{method} {name}", getattr(client, method)(address, fields)))
            transaction.set_rollback(True)  # so that every page is of the same world

    for name, pattern in addresses().items():
        for line, address in opened(name, pattern, rows).items():
            ask(line, "get", address)
            ask(line, "post", address)
    for label, action in ACTIONS:
        ticked = [row.pk for row in rows.get(label, {}).values()]
        address = reverse(f"admin:{label.replace('.', '_')}_changelist")
        ask(f"{label} {action}", "post", address, {"action": action, "_selected_action": ticked})
    assert complaints(pages) == []
