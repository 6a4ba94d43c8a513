"""The stylesheets: joined from their parts into one file a page, and standing on the steps of tokens.css."""

import os
import re

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.urls import reverse

from innovation_archive.operation.stylesheets import IMPORT, SHEETS, StylesheetFinder, join_parts
from tests.test_layout import ROOT

SOURCES = ROOT / "static" / "css"
PARTS = sorted(
    str(path.relative_to(SOURCES)) for path in SOURCES.rglob("*.css") if str(path.relative_to(SOURCES)) not in SHEETS
)


def parts_of(sheet):
    return [found["part"] for found in IMPORT.finditer((SOURCES / sheet).read_text())]


@pytest.fixture
def sources(settings, tmp_path):
    """A folder of stylesheets with one of two parts."""
    settings.BASE_DIR, settings.DATA_DIR = tmp_path, tmp_path / "data"
    folder = tmp_path / "static" / "css"
    (folder / "parts").mkdir(parents=True)
    (folder / "archive.css").write_text(
        '/* Order. */\n@layer base;\n@import url("base.css") layer(base);\n@import url("parts/card.css");\n'
    )
    (folder / "admin.css").write_text("/* Nothing. */\n")
    (folder / "base.css").write_text('@font-face {\n  src: url("../fonts/a.woff2");\n}\n')
    (folder / "parts" / "card.css").write_text('.card {\n  background: url("card.svg");\n}\n')
    return folder


def test_parts_stand_where_they_were_imported_with_their_layers_and_addresses(sources):
    assert join_parts("archive.css") == (
        "/* Order. */\n@layer base;\n"
        '@layer base {\n@font-face {\n  src: url("fonts/a.woff2");\n}\n}\n'
        '.card {\n  background: url("css/parts/card.svg");\n}\n\n'
    )


def test_finder_hands_out_the_joined_stylesheet_as_it_is_now(sources):
    finder = StylesheetFinder()
    with open(finder.find("archive.css")) as file:
        assert file.read() == join_parts("archive.css")
    (sources / "base.css").write_text("p {\n  margin: 0;\n}\n")
    with open(finder.find("archive.css")) as file:
        assert "p {\n  margin: 0;\n}" in file.read()


def test_finder_writes_nothing_where_nothing_changed(sources):
    finder = StylesheetFinder()
    before = os.stat(finder.find("archive.css"))
    after = os.stat(finder.find("archive.css"))
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_finder_knows_no_other_file(sources):
    finder = StylesheetFinder()
    assert (finder.find("base.css"), finder.find("base.css", find_all=True)) == ([], [])
    assert finder.find("archive.css", find_all=True) == [finder.find("archive.css")]


def test_file_that_is_nowhere_is_not_found():
    assert not finders.find("no-such.css")


@pytest.mark.parametrize("sheet", SHEETS)
def test_browser_is_given_no_import_to_follow(sheet):
    with open(finders.find(sheet)) as file:
        assert "@import" not in file.read()


def test_each_part_belongs_to_a_stylesheet():
    assert sorted({part for sheet in SHEETS for part in parts_of(sheet)}) == PARTS
    assert [len(parts_of(sheet)) - len(set(parts_of(sheet))) for sheet in SHEETS] == [0, 0]


def test_files_are_collected_under_hashed_names_with_the_typeface_found(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
    }
    call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["admin/*", "import_export/*"])
    for sheet in SHEETS:
        (hashed,) = tmp_path.glob(f"{sheet.removesuffix('.css')}.????????????.css")
        (typeface,) = re.findall(r'url\("(fonts/[^"]+\.[0-9a-f]{12}\.woff2)"\)', hashed.read_text())
        assert (tmp_path / typeface).is_file()


@pytest.mark.django_db
def test_page_asks_for_one_stylesheet_of_ours(client):
    links = re.compile(r'<link rel="stylesheet" href="/static/(?!admin/)([^"]+)"')
    assert links.findall(client.get(reverse("home")).content.decode()) == ["archive.css"]
    assert links.findall(client.get(reverse("join")).content.decode()) == ["archive.css"]
    assert links.findall(client.get(reverse("admin:login")).content.decode()) == ["admin.css"]


def texts_for_screens():
    """Each part but the tokens, and but what is for paper, which has points and black."""
    names = [name for name in PARTS if not name.startswith("print/") and not name.endswith("tokens.css")]
    return {name: (SOURCES / name).read_text() for name in names}


def found_in(texts, pattern):
    return {name: found for name, text in texts.items() if (found := re.findall(pattern, text))}


def test_colours_come_from_the_tokens():
    assert found_in(texts_for_screens(), r": [^;{]*#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(") == {}


def test_sizes_of_type_are_steps_but_for_these():
    """Letters in a picture, in px, grow with it."""
    texts = texts_for_screens()
    assert found_in(texts, r"font(?:-size)?: [^;(]*?\b[\d.]+rem") == {
        "admin/helpers.css": ["font-size: 0.88rem"],
        "components/facts.css": ["font-size: 0.97rem"],
        "components/matrix.css": ["font-size: 1.3rem", "font-size: 1.05rem"],
        "components/numbers.css": ["font-size: 1.9rem"],
        "components/reviews.css": ["font-size: 0.9rem"],
        "components/stories.css": ["font-size: 1.1rem"],
        "components/text.css": ["font-size: 1.2rem"],
        "components/voices.css": ["font-size: 1.1rem"],
        "pages/data.css": ["font-size: 0.9rem"],
    }
    assert sum(text.count("var(--text-") for text in texts.values()) > 50


def test_space_on_the_scale_is_said_in_steps():
    """Between the parts of a control, or for one hair's breadth, there are sizes of its own: none that a step has."""
    spaces = r"(?:margin|padding|gap)[a-z-]*: [^;]*?(?<![\d.(,-])(?:0\.25|0\.5|0\.75|1|1\.25|1\.5|2\.5|4)rem"
    assert found_in(texts_for_screens(), spaces) == {}


def test_rules_of_the_desk_stand_in_no_layer():
    """Django's own rules stand in none, and would win over any layer."""
    layers = {found["part"]: found["layer"] for found in IMPORT.finditer((SOURCES / "admin.css").read_text())}
    assert {part for part, layer in layers.items() if layer} == {"tokens.css", "admin/tokens.css"}
    assert [name for name in PARTS if "@layer" in (SOURCES / name).read_text()] == []


def test_public_rules_all_stand_in_a_layer():
    layers = [found["layer"] for found in IMPORT.finditer((SOURCES / "archive.css").read_text())]
    order = ["tokens", "base", "components", "pages", "print"]
    assert list(dict.fromkeys(layers)) == order
    assert f"@layer {', '.join(order)};" in (SOURCES / "archive.css").read_text()
