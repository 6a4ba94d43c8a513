"""What the README says in tables is what the code does."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from innovation_archive.datasets import DATASETS, KINDS, Audience
from innovation_archive.datasets.base import READERS, SHELL
from innovation_archive.management.commands import (
    backup,
    demo,
    export_archive,
    housekeeping,
    import_data,
    release_votes,
    remind,
    restore,
    seed_benchmark,
)

README = Path(__file__).parent.parent / "README.md"
DOCUMENTS = README.parent / ".readme"


def dictionary():
    """The data dictionary as the README prints it: a row a dataset."""
    lines = ["| dataset | a row is | columns |", "|---|---|---|"]
    for name, dataset_class in DATASETS.items():
        dataset = dataset_class()
        columns = ", ".join(printed(column, dataset) for column in dataset.fields.values())
        audience = "" if Audience.PUBLIC in dataset.audiences else " ⁽ᵃ⁾"
        lines.append(f"| {name}{audience} | {dataset.row_is} | {columns} |")
    return "\n".join(lines)


def printed(column, dataset):
    name = f"**{column.column_name}**" if column.column_name in dataset.key else column.column_name
    if column.audiences == READERS and Audience.FULL in dataset.audiences:
        return f"{name} ⁽ᶜ⁾"
    if column.audiences == SHELL:
        return f"{name} ⁽ˢ⁾"
    return f"{name} ⁽ᵃ⁾" if Audience.PUBLIC not in column.audiences else name


def test_readme_prints_the_datasets_as_the_code_has_them():
    assert dictionary() in README.read_text(encoding="utf-8")


def test_readme_prints_the_order_of_imports():
    told = " ".join(README.read_text(encoding="utf-8").split())
    assert f"in this order: {', '.join(KINDS)}." in told


def test_readme_names_every_option_of_every_command():
    told = dict(re.findall(r"^\| `(\w+)([^`]*)` \|", README.read_text(encoding="utf-8"), re.MULTILINE))
    commands = (backup, demo, export_archive, housekeeping, import_data, release_votes, remind, restore, seed_benchmark)
    for module in commands:
        name = module.__name__.rsplit(".", 1)[1]
        parser = module.Command().create_parser("manage.py", name)
        common = {"--help", "--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color",
                  "--force-color", "--skip-checks"}  # fmt: skip
        options = {option for action in parser._actions for option in action.option_strings if option.startswith("--")}
        assert set(re.findall(r"--[a-z-]+", told[name])) == options - common


def test_operating_and_example_list_every_environment_variable():
    settings = README.parent / "innovation_archive" / "settings.py"
    read = set(
        re.findall(r'(?:environ\.get|env_flag|env_list|env_number)\("([A-Z_]+)"', settings.read_text(encoding="utf-8"))
    )
    operating = DOCUMENTS / "operating.md"
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", operating.read_text(encoding="utf-8"), re.MULTILINE)) == read
    example = README.parent / ".env.example"
    in_example = set(re.findall(r"^([A-Z_]+)=", example.read_text(encoding="utf-8"), re.MULTILINE))
    assert in_example == read - {"ENV_FILE"}  # which says where that file is


def test_readme_tells_where_to_look_in_files_that_are_there():
    table = README.read_text(encoding="utf-8").partition("Where to look first")[2].partition("## Commands")[0]
    files = re.findall(r"`([a-z_]+/[\w/.]+)`", table)
    assert "workshops/models/stories.py" in files
    assert [file for file in files if not (README.parent / file).exists()] == []


def test_readme_shows_pictures_that_are_there():
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README.read_text(encoding="utf-8"))
    assert pictures
    assert [picture for picture in pictures if not (README.parent / picture).is_file()] == []


def test_readme_is_short():
    assert len(README.read_text(encoding="utf-8").splitlines()) < 200


@pytest.mark.parametrize("path", [README, *sorted(DOCUMENTS.glob("*.md"))], ids=lambda path: path.name)
def test_document_leads_to_files_that_are_there(path):
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_documents_name_files_and_rooms_that_are_there():
    """As a path from the top, such as `workshops/notes/`."""
    named = {
        (path.name, name)
        for path in DOCUMENTS.glob("*.md")
        for name in re.findall(
            r"`((?:workshops|insights|innovation_archive|tests|templates|static)/[\w./]*)`", path.read_text()
        )
    }
    assert ("architecture.md", "workshops/notes/") in named
    assert sorted((where, name) for where, name in named if not (README.parent / name).exists()) == []


def test_architecture_tells_every_room():
    told = set(re.findall(r"^\| `(\w+/\w+)/`", (DOCUMENTS / "architecture.md").read_text(), re.MULTILINE))
    there = {
        f"{app}/{folder.name}"
        for app in ("workshops", "insights", "innovation_archive")
        for folder in (README.parent / app).glob("[a-z]*/")
        if any(folder.glob("*.py")) and folder.name not in {"migrations", "templatetags", "management"}
    }
    assert told == there


def test_glossary_names_classes_that_are_there():
    names = {model.__name__ for model in apps.get_models()}
    told = re.findall(r"`([A-Z]\w+)`", (DOCUMENTS / "glossary.md").read_text())
    assert [name for name in told if name not in names | {"Audience", "DATASETS", "KINDS", "ArchiveAdminSite"}] == []
