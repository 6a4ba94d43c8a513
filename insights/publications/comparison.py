"""What editors changed of an insight and readers do not have yet: its working copy beside what is published."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from insights.models import Evidence, Insight
from insights.publications.versions import PARTS_OF_TEXT, VersionChange, changes_of
from insights.publications.working_copies import moves_between
from workshops.models import Story
from workshops.stories.diff import DiffPiece, diff_words

COMPARED = PARTS_OF_TEXT | {
    "programme": _("its programme"),
    "address": _("its address"),
    "look_again_on": _("when to look at it again"),
}


@dataclass
class TextDifference:
    """One part of the text, in pieces: as readers have it, and as editors wrote it."""

    label: str
    before: list[DiffPiece]
    after: list[DiffPiece]


def compare_texts(published: Insight, written: Insight) -> list[TextDifference]:
    before, after = words_of(published), words_of(written)
    return [
        TextDifference(str(label), *diff_words(before[part], after[part]))
        for part, label in COMPARED.items()
        if before[part] != after[part]
    ]


def words_of(row: Insight) -> dict[str, str]:
    """Each part of the text of a row as a person reads it."""
    return {
        "title": row.title,
        "kind": row.get_kind_display(),
        "nature": row.get_nature_display(),
        "summary": row.summary,
        "body": row.body,
        "actions": "\n".join(row.actions),
        "none_found": row.none_found,
        "themes": ", ".join(sorted(str(theme) for theme in row.themes.all())),
        "builds_on": ", ".join(sorted(str(other) for other in row.builds_on.all())),
        "programme": str(row.programme),
        "address": row.slug or row.next_slug or row.itself.slug or "",
        "look_again_on": date_format(row.look_again_on, "j F Y") if row.look_again_on else "",
    }


def compare_evidence(published: Insight, written: Insight, reader: User) -> list[VersionChange]:
    """What became of the evidence, and of the stories set aside, as far as editors may read them."""
    before, after = (list(row.evidence.at_bench().readable_by(reader).for_page()) for row in (published, written))
    was = {piece.source_key: piece for piece in before}
    now = {piece.source_key for piece in after}
    taken_out = [VersionChange(gettext("Taken out"), piece.source) for piece in before if piece.source_key not in now]
    changed = [change for piece in after for change in changes_of(piece, was.get(piece.source_key))]
    return [*taken_out, *changed, *moved(before, after), *compare_aside(published, written, reader)]


def moved(before: list[Evidence], after: list[Evidence]) -> list[VersionChange]:
    says = gettext("Moved from place %(was)s to %(now)s")
    return [VersionChange(says % {"was": m.was, "now": m.now}, m.source) for m in moves_between(before, after)]


def compare_aside(published: Insight, written: Insight, reader: User) -> list[VersionChange]:
    before, after = (reasons_by_story(row, reader) for row in (published, written))
    back = [VersionChange(gettext("Not set aside any more"), story) for story in before if story not in after]
    says = gettext("Set aside: %(reason)s")
    aside = [(story, reason) for story, reason in after.items() if before.get(story) != reason]
    return back + [VersionChange(says % {"reason": reason}, story) for story, reason in aside]


def reasons_by_story(row: Insight, reader: User) -> dict[Story, str]:
    readable = Story.objects.visible_to(reader).told_to_team()
    aside = row.set_aside.filter(story__in=readable).select_related("story")
    return {left.story: left.get_reason_display().lower() for left in aside}
