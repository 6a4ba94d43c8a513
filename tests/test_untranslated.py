"""Each string that a person reads goes through gettext; how `tests.untranslated` tells which those are."""

import pytest

from tests.untranslated import ROOT, files, in_javascript, in_python, in_template, untranslated


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
