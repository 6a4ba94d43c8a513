"""What axe-core finds on the page that a browser shows, by screens and colours."""

import pytest

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs tests/requirements.txt")

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "preload": False,  # it would fetch Django's style sheets once more, from wrong addresses
}
DAY = {"color_scheme": "light", "forced_colors": "none"}
NIGHT = {"color_scheme": "dark", "forced_colors": "none"}
FORCED = {"color_scheme": "light", "forced_colors": "active"}


def findings(page, widths, colours):
    """[(width, colours, rule, where)] of what axe-core finds, and of a page that scrolls sideways."""
    found = []
    page.evaluate(axe.Axe().axe_script)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in colours:
            page.emulate_media(**scheme)
            violations = page.evaluate("rules => axe.run(document, rules)", RULES)["violations"]
            found += [
                (width, *scheme.values(), rule["id"], node["target"][0])
                for rule in violations
                for node in rule["nodes"]
            ]
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [(width, "scrolls sideways", wide)] if wide > width else []
    return found
