"""What lies in the repository: its visible top, and nothing that must not be there."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
VISIBLE = [
    "README.md",
    "innovation_archive",
    "insights",
    "manage.py",
    "requirements.txt",
    "static",
    "templates",
    "tests",
    "workshops",
]

SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|django-insecure-"
    r"|(?i:secret|passw(or)?d|token|api_?key)\w*[\"']?\s*[:=]\s*[\"'][^\"'\s{}]{8,}[\"']"
    r"|^\s*\w*(SECRET|PASSWORD|TOKEN|API_?KEY)\w*=[^\s()\"']{8,}$",
    re.MULTILINE,
)
# Packages come from where the machine's own clients look, a mirror perhaps: the repository names no registry.
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(org|com)|deb\.debian\.org|--(extra-)?index-url|--find[-]links"
)


def tracked_files():
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("needs a git checkout, to tell what belongs to the repository")
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in listing.split("\0") if name and (path := ROOT / name).is_file()]


def holding(pattern):
    """The tracked files whose text has this pattern."""
    texts = {path: path.read_text(errors="replace") for path in tracked_files()}
    return sorted(str(path.relative_to(ROOT)) for path, text in texts.items() if pattern.search(text))


def test_top_of_the_tree_shows_nine_entries():
    top = {path.relative_to(ROOT).parts[0] for path in tracked_files()}
    assert sorted(name for name in top if not name.startswith(".")) == VISIBLE


def test_repository_holds_no_secret():
    """Outside the tests, whose accounts live for a test."""
    assert [name for name in holding(SECRET) if not name.startswith("tests/")] == []


@pytest.mark.parametrize(
    "text",
    [
        "SECRET_KEY = 'hunter2-hunter2'",
        '{"api_key": "0123456789abcdef"}',
        "SECRET_KEY=0123456789abcdef\n",
        "-----BEGIN RSA PRIVATE KEY-----",
    ],
)
def test_secret_is_known_by_its_look(text):
    assert SECRET.search(text)


@pytest.mark.parametrize("text", ["SECRET_KEY=\n", 'SECRET_KEY = os.environ.get("SECRET_KEY")', 'type="password"'])
def test_place_for_a_secret_is_not_taken_for_one(text):
    assert not SECRET.search(text)


def test_repository_names_no_package_registry():
    assert holding(REGISTRY) == []


def test_package_registry_is_known_by_its_name():
    assert REGISTRY.search("https://files." + "pythonhosted" + ".org/packages/")


def test_test_folders_are_packages():
    """A folder of tests without `__init__.py` can go uncollected."""
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert sorted(str(folder) for folder in folders if not (folder / "__init__.py").exists()) == []
