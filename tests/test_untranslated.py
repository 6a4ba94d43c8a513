"""Each string that a person reads goes through gettext; how `tests.untranslated` tells which those are."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tests.untranslated import ROOT, files, in_javascript, in_python, in_template, untranslated

APPS = [config for config in apps.get_app_configs() if Path(config.path).parent == ROOT]
MODELS = [
    model
    for config in APPS
    for model in config.get_models()
    if not model.__name__.startswith("Historical")  # made by simple_history, with copies of the fields
]


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_text_goes_through_gettext(path):
    assert untranslated(path) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("<p>Stories</p>", [(1, "Stories")]),
        ('\n<p>{% translate "Stories" %} {{ count }} (CSV)</p>', []),
        ("<p>{{ count }} stor{{ count|pluralize }}</p>", [(1, "stor")]),
        ("{% blocktranslate count n=n %}{{ n }} story{% plural %}{{ n }} stories{% endblocktranslate %}", []),
        ("{% comment %}Not for people{% endcomment %}{# nor this #}", []),
        ('{% if a %}\n<img alt="A map">{% endif %}', [(2, "A map")]),
        ('<input type="submit" value="Save"><input type="hidden" value="on">', [(1, "Save")]),
        ('{{ place|default:"not recorded" }}', [(1, '"not recorded"')]),
        ('{{ place|default:_("not recorded") }}', []),
        ('{% include "a/b.html" with title="Shown before" %}', [(1, '"Shown before"')]),
        ("<script>let two = 1</script>", []),
    ],
)
def test_template_shows_what_no_translator_sees(source, found):
    assert in_template(source) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("def f():\n    return 'The story is gone.'", [(2, "The story is gone.")]),
        ("f(_('The story is gone.'))", []),
        ("f(f'The {story} is gone.')", [(1, "The x is gone.")]),
        ("_('The %(story)s is gone.') % {'story': f(f'Story {pk}')}", [(1, "Story x")]),
        ("CharField(label='Theme')", [(1, "Theme")]),
        ("class Meta:\n    verbose_name = 'theme'", [(2, "theme")]),
        ("class Kind(TextChoices):\n    HERE = 'here', 'Innovation'", [(2, "Innovation")]),
        ("class Kind(TextChoices):\n    HERE = 'here', _('Innovation')", []),
        ("raise ValueError('The rows are of two models.')", []),
        ("raise ValidationError('Say in a sentence why.')", [(1, "Say in a sentence why.")]),
        ("def f():\n    '''What this does.'''", []),
        ("execute('SELECT id FROM story')", []),
        ("fields = ['service_area', 'text']", []),
    ],
)
def test_python_says_what_no_translator_sees(source, found):
    assert in_python(source) == found


def test_javascript_says_what_no_translator_sees():
    source = "// Some words of ours\nlet a = 'saved at once';\nquery('.tag-box input');\n/* let b = 'We see it'; */"
    assert in_javascript(source) == [(2, "'saved at once'")]
    assert in_javascript('say(ngettext(\n  "One is gone.",\n  "Some are gone.", n), "We see it")') == [
        (3, '"We see it"')
    ]


def test_excused_line_is_left_alone(tmp_path):
    path = tmp_path / "names.py"
    path.write_text("A = 'Ann Lee Smith'  # not translated: a name\nB = 'The story is gone.'\n")
    assert untranslated(path) == [(2, "The story is gone.")]


def unnamed(model):
    """What of a model and its fields has a name that Django makes up in English, or one that goes through no gettext."""
    names = {key: model._meta.original_attrs.get(key) for key in ("verbose_name", "verbose_name_plural")}
    names |= {field.name: field.verbose_name for field in model._meta.get_fields() if not field.auto_created}
    return [key for key, name in names.items() if not isinstance(name, Promise)]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_model_and_fields_have_names_that_translators_see(model):
    assert unnamed(model) == []


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.label)
def test_app_has_a_name_that_translators_see(app):
    assert isinstance(app.verbose_name, Promise)


@isolate_apps("workshops")
def test_names_that_django_makes_up_are_seen():
    class Shelf(models.Model):
        height = models.IntegerField(_("height"))
        width = models.IntegerField("width")
        depth = models.IntegerField()
        above = models.ForeignKey("self", models.CASCADE, related_name="below")
        beside = models.ManyToManyField("self", verbose_name=_("beside"))

        class Meta:
            app_label = "workshops"
            verbose_name = _("shelf")

        def __str__(self):
            return ""

    assert unnamed(Shelf) == ["verbose_name_plural", "width", "depth", "above"]
