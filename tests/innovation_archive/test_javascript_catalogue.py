"""What scripts say goes through gettext too: Django's catalogue defines it, on each page whose scripts speak."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_scripts_find_what_they_say_in_a_catalogue(client):
    response = client.get("/catalogue.js")
    assert response["Content-Type"].startswith("text/javascript")
    assert response["Cache-Control"] == "public, max-age=3600"
    assert all(f"{name} = function" in response.content.decode() for name in ("gettext", "ngettext", "interpolate"))


def test_pages_load_the_catalogue_before_the_scripts_that_speak():
    """A script that calls gettext stands alone on no page: `base_site.html` and the phone's page load both."""
    speaking = [path.name for path in (ROOT / "static/js").glob("*.js") if "gettext(" in path.read_text()]
    pages = {path: path.read_text() for path in (ROOT / "templates").rglob("*.html")}
    alone = [
        path.name
        for path, text in pages.items()
        if any(f"js/{name}'" in text for name in speaking)
        and "javascript_catalogue" not in text
        and not re.search(r'{% extends "admin/', text)
    ]
    assert len(speaking) >= 5
    assert alone == []
