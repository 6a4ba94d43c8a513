"""A public name stands once in the project, so that a search for it finds one thing."""

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ["workshops", "insights", "innovation_archive"]

ONE_IDEA = {
    "Command": "Django's name for what a management command is",
    "condition delete expression insert score": "what an index does, on either database",
}
"""Names that several modules give to one idea, each with the idea."""


def definitions(root):
    """{name of a function or class: the modules that define it at their top}."""
    found = defaultdict(list)
    for app in APPS:
        for path in sorted((root / app).rglob("*.py")):
            if "migrations" not in path.parts:
                for node in ast.parse(path.read_text(encoding="utf-8")).body:
                    if isinstance(node, ast.FunctionDef | ast.ClassDef):
                        found[node.name].append(str(path.relative_to(root)))
    return found


def defined_twice(root):
    allowed = {name for names in ONE_IDEA for name in names.split()}
    return {name: paths for name, paths in definitions(root).items() if len(paths) > 1 and name not in allowed}


def test_function_and_class_names_stand_once():
    assert defined_twice(ROOT) == {}


def test_name_that_stands_twice_is_seen(tmp_path):
    for app in APPS:
        (tmp_path / app).mkdir()
    (tmp_path / "workshops" / "notes.py").write_text("def read(): ...\nclass Command: ...\n")
    (tmp_path / "insights" / "votes.py").write_text("class read: ...\nclass Command: ...\n")
    assert defined_twice(tmp_path) == {"read": ["workshops/notes.py", "insights/votes.py"]}


def test_mixins_and_exceptions_say_what_they_are():
    """A base that is no model, form or view of its own ends in Mixin; ruff asks exceptions to end in Error."""
    bases = [
        (str(path.relative_to(ROOT)), base.id)
        for app in APPS
        for path in (ROOT / app).rglob("admin/**/*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and len(node.bases) > 1
        for base in node.bases[:-1]
        if isinstance(base, ast.Name)
    ]
    assert [(path, name) for path, name in bases if not name.endswith("Mixin")] == []
