"""Every public page by the W3C's own checker of HTML, where it is at hand: the program `vnu`, or java and VNU_JAR."""

import os
import shutil
import subprocess

import pytest

from tests.innovation_archive.test_pages import PAGES, fill

WRONG = ["/stories/?place=none", "/no-such-page/", "/join/"]


@pytest.fixture
def checker():
    jar = os.environ.get("VNU_JAR")
    if shutil.which("vnu"):
        return ["vnu"]
    if jar and shutil.which("java"):
        return ["java", "-jar", jar]
    pytest.skip("no checker of HTML on this machine: install `vnu`, or java with VNU_JAR naming vnu.jar")


@pytest.mark.django_db
@pytest.mark.parametrize("stories", [0, 3], ids=["empty", "full"])
def test_public_pages_are_valid_html(checker, client, tmp_path, stories):
    if stories:
        fill(stories, illustrative=True)
    pages = [client.get(address) for address in [*PAGES, *WRONG]]
    for number, (address, page) in enumerate(zip([*PAGES, *WRONG], pages, strict=True)):
        (tmp_path / f"{number}.html").write_bytes(page.content + f"<!-- {address} -->".encode())
    ran = subprocess.run(
        [*checker, "--errors-only", "--skip-non-html", tmp_path], capture_output=True, text=True, check=False
    )
    assert ran.stderr == ""
    assert ran.returncode == 0
