import time

import pytest

from insights.templatetags.prose import markdown


def test_markdown_becomes_html():
    assert markdown("One *two*.\n\n- a\n- b") == "<p>One <em>two</em>.</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("### Deep", "<h2>Deep</h2>"),
        ("# First\n\n## Second\n\n# Third", "<h2>First</h2>\n<h3>Second</h3>\n<h2>Third</h2>"),
        ("# A\n\n###### F", "<h2>A</h2>\n<h6>F</h6>"),
    ],
)
def test_markdown_headings_start_below_the_title_of_the_page(text, html):
    assert markdown(text) == html


def test_markdown_headings_start_where_the_page_says():
    assert markdown("# A\n\n## B", 3) == "<h3>A</h3>\n<h4>B</h4>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("<script>alert(1)</script>", ""),
        ("<p onclick=alert(1)>Hello</p>", "<p>Hello</p>"),
        ('<a href="javascript:alert(1)">x</a>', '<p><a rel="noopener noreferrer">x</a></p>'),
        ("[x](javascript:alert(1))", '<p><a rel="noopener noreferrer">x</a></p>'),
        ("[x](data:text/html,hi)", '<p><a rel="noopener noreferrer">x</a></p>'),
        ("![x](https://tracker.example/pixel.png)", "<p></p>"),
        ('<iframe src="https://example.org"></iframe>', ""),
        ("<h1>Mine</h1>", "Mine"),
        ('<p style="position:fixed" id="content" class="skip">x</p>', "<p>x</p>"),
    ],
)
def test_markdown_makes_hostile_html_harmless(text, html):
    assert markdown(text).strip() == html


@pytest.mark.parametrize("text", [">" * 5000, "[" * 1000, "*" * 5000, "- " * 2000 + "x", "`" * 4999])
def test_markdown_survives_text_that_is_meant_to_break_it(text):
    assert isinstance(markdown(text), str)


def test_markdown_spends_no_seconds_on_brackets():
    began = time.process_time()
    assert markdown("[" * 20_000) == f"<p>{'[' * 20_000}</p>"
    assert markdown("[" * 1000 + "<b>") == f"<p>{'[' * 1000}</p>"
    assert time.process_time() - began < 2
    assert '<a href="/insights/trust/"' in markdown("It holds, see [trust](/insights/trust/). " * 400)
