"""workshops → insights → innovation_archive: what stands to the left knows nothing of what stands to its right."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from insights.models import Insight

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ["workshops", "insights", "innovation_archive"]
MODULES = [(layer, path) for layer in LAYERS[:-1] for path in sorted((ROOT / layer).rglob("*.py"))]


def is_dotted(constant):
    return isinstance(constant, str) and re.fullmatch(r"\w+(\.\w+)+", constant)


def names_used(source):
    """The dotted names a module imports, wherever it does, or writes as text as Django reads them."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:  # a relative import stays in its own package
            names.add(node.module)
        elif isinstance(node, ast.Constant) and is_dotted(node.value):
            names.add(node.value)
    return names


def wrong_way(layer, source):
    """The names in a module of this layer that belong to a layer on its right."""
    right = LAYERS[LAYERS.index(layer) + 1 :]
    return sorted(name for name in names_used(source) if name.split(".")[0] in right)


def wrong_way_relations(model):
    right = LAYERS[LAYERS.index(model._meta.app_label) + 1 :]
    return [
        field.name
        for field in model._meta.get_fields()
        if field.related_model and not field.auto_created and field.related_model._meta.app_label in right
    ]


@pytest.mark.parametrize(("layer", "path"), MODULES, ids=[str(path.relative_to(ROOT)) for _, path in MODULES])
def test_module_uses_nothing_to_its_right(layer, path):
    assert wrong_way(layer, path.read_text()) == []


@pytest.mark.parametrize(
    ("layer", "source", "names"),
    [
        ("workshops", "import insights.models as m, csv", ["insights.models"]),
        ("workshops", "from innovation_archive import settings", ["innovation_archive"]),
        ("workshops", "def f():\n    if True:\n        from insights.choices import Role", ["insights.choices"]),
        ("workshops", "story = apps.get_model('insights.Insight')", ["insights.Insight"]),
        ("insights", "from innovation_archive.exchange.cells import safe", ["innovation_archive.exchange.cells"]),
        ("insights", "from workshops.models import Story", []),
        ("insights", "from .models.insights import Insight", []),
        ("workshops", "'''See insights, which hears of it.'''\nfrom workshops import insights_of", []),
    ],
)
def test_layers_check_sees_each_way_to_name_a_module(layer, source, names):
    assert wrong_way(layer, source) == names


@pytest.mark.parametrize("layer", LAYERS)
def test_relations_point_left(layer):
    strays = {model.__name__: wrong_way_relations(model) for model in apps.get_app_config(layer).get_models()}
    assert {name: fields for name, fields in strays.items() if fields} == {}


@isolate_apps("workshops")
def test_relations_check_sees_a_foreign_key_to_the_right():
    class Note(models.Model):
        insight = models.ForeignKey(Insight, models.CASCADE, related_name="+")
        insights = models.ManyToManyField(Insight, related_name="+")

        class Meta:
            app_label = "workshops"

        def __str__(self):
            return ""

    assert wrong_way_relations(Note) == ["insight", "insights"]
