"""What a file of evidence leaves to the archive: where each excerpt stands."""

import pytest
from django.core.management import call_command

from insights.models import Evidence
from tests.factories import a_story, an_insight
from workshops.choices import Status

pytestmark = pytest.mark.django_db


def bring_in(folder, *excerpts):
    file = folder / "evidence.csv"
    rows = [f"i,{number},supports,s{number},,{excerpt}" for number, excerpt in enumerate(excerpts, 1)]
    file.write_text("\n".join(["insight,order,role,story,practice,excerpt", *rows]) + "\n")
    call_command("import_data", "evidence", str(file))


def starts():
    return list(Evidence.objects.order_by("order").values_list("excerpt", "excerpt_start"))


def test_import_finds_where_an_excerpt_first_stands(tmp_path, capsys):
    an_insight(slug="i", status=Status.DRAFT)
    for number in (1, 2, 3):
        a_story(ref=f"s{number}", published_text="We rang. Then we rang.")
    bring_in(tmp_path, "rang.", "", "Nobody said this.")
    assert starts() == [("rang.", 3), ("", None), ("Nobody said this.", None)]
    bring_in(tmp_path, "", "Then", "We rang.")
    assert starts() == [("", None), ("Then", 9), ("We rang.", 0)]


def test_import_that_changes_nothing_keeps_the_passage_that_was_chosen(tmp_path, capsys):
    an_insight(slug="i", status=Status.DRAFT)
    a_story(ref="s1", published_text="We rang. Then we rang.")
    bring_in(tmp_path, "rang.")
    Evidence.objects.update(excerpt_start=17)
    bring_in(tmp_path, "rang.")
    assert starts() == [("rang.", 17)]
