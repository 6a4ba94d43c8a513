"""What lies in the repository: its visible top, nothing that must not be there, and one room for each feature."""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.apps import apps

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

APPS = ["workshops", "insights", "innovation_archive"]
NOT_FEATURES = {"admin", "management", "migrations", "models", "templatetags"}
"""Folders of an app that are named for a part of Django and not for what people do."""

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


# Directives of strftime that only some C libraries know: Windows raises a ValueError.
GLIBC_DATE = re.compile(r"%-[A-Za-z]\b(?=[^\n]*[\"'])")


def test_no_date_is_written_as_only_some_machines_can():
    assert [name for name in holding(GLIBC_DATE) if name.endswith(".py")] == []


def test_date_that_only_some_machines_can_write_is_known_by_its_directive():
    assert GLIBC_DATE.search('f"{day:%' + '-d %B %Y}"')
    assert not GLIBC_DATE.search('f"{day:%d %B %Y}"')


def test_test_folders_are_packages():
    """A folder of tests without `__init__.py` can go uncollected."""
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert sorted(str(folder) for folder in folders if not (folder / "__init__.py").exists()) == []


def folders_in(path):
    return {folder.name for folder in path.glob("*/") if any(folder.rglob("*.*")) and folder.name != "__pycache__"}


def features_of(app):
    return folders_in(ROOT / app) - NOT_FEATURES


def models_of(app):
    return {model._meta.model_name for model in apps.get_app_config(app).get_models()}


def imported_names(path):
    """What a module imports, as dotted names: `from a import b` is a.b."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("app", APPS)
def test_feature_bears_one_name_in_code_admin_templates_and_tests(app):
    """`models`, `admin` and so on are Django's names; `admin/base` is what all pages of the desk share."""
    features = features_of(app)
    # Django itself looks for the templates of a model's pages in a folder that is named for the model.
    at_desk = features | models_of(app)
    strays = {
        "admin": folders_in(ROOT / app / "admin") - features - {"base"},
        "templates": folders_in(ROOT / "templates" / app) - features,
        "templates/admin": folders_in(ROOT / "templates" / "admin" / app) - at_desk,
        "tests": folders_in(ROOT / "tests" / app) - features - NOT_FEATURES,
        "tests/admin": folders_in(ROOT / "tests" / app / "admin") - features - {"base"},
    }
    assert {where: sorted(names) for where, names in strays.items() if names} == {}


@pytest.mark.parametrize("app", ["workshops", "insights"])
def test_only_leaf_modules_lie_flat_beside_models(app):
    """A leaf may be imported from anywhere, so it imports no room. `apps.py` is where Django begins and wires them."""
    rooms = tuple(f"{app}.{name}." for name in features_of(app) | {"admin"})
    wrong = {
        path.name: sorted(name for name in imported_names(path) if name.startswith(rooms))
        for path in (ROOT / app).glob("*.py")
        if path.name != "apps.py"
    }
    assert {name: names for name, names in wrong.items() if names} == {}


def test_top_app_keeps_flat_what_django_looks_for_there():
    flat = {path.stem for path in (ROOT / "innovation_archive").glob("*.py")} - {"__init__"}
    assert flat == {"apps", "context", "settings", "sitemaps", "urls", "views", "wsgi"}
