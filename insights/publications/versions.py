"""A published version as readers may see it today, and what changed in the evidence since."""

from dataclasses import dataclass

from django.db.models import Q

from insights.choices import Role
from insights.models import PublishedEvidence
from insights.publications.publishing import text_of
from workshops.choices import Consent, Status
from workshops.models import Practice, Story

WITHDRAWN_QUOTATION = "A quotation here was withdrawn by its contributor."
WITHDRAWN_STORY = "A story here was withdrawn by its contributor."
HIDDEN_STORY = "A story here is not public any more, so it is not shown."
HIDDEN_PRACTICE = "A practice here is not public any more, so it is not shown."
CHANGED_WORDING = "The quotation is not shown any more: the wording it was taken from has changed since."

ROLE_VERBS = {Role.SUPPORTS: "supports", Role.QUALIFIES: "qualifies", Role.CONTRADICTS: "contradicts"}
PARTS_OF_TEXT = {
    "title": "the claim",
    "kind": "its kind",
    "nature": "what it is about",
    "summary": "the summary",
    "body": "the text",
    "actions": "the actions",
    "none_found": "where editors looked for a contradiction",
    "themes": "the themes",
    "builds_on": "the insights it builds on",
}


@dataclass
class VersionPiece:
    """One piece of a version's evidence, with its story or practice as far as that is public, and why it is not."""

    frozen: PublishedEvidence
    story: Story | None = None
    practice: Practice | None = None
    quotation: str = ""
    gone: str = ""

    @property
    def role(self):
        return self.frozen.role

    @property
    def practice_id(self):
        """By which the evidence strip tells practices from stories, whether they are still public or not."""
        return self.frozen.practice_ref


def visible_pieces(frozen):
    """These rows of PublishedEvidence as readers may see them, in order.

    A version quotes only what its story still says in public: a name that was taken out of a wording is gone from
    every version, and so is what was withdrawn or unpublished.
    """
    refs = [row.story_ref for row in frozen if row.story_ref]
    stories = Story.objects.published().select_related("workshop__phase__programme", "service_area", "place")
    stories = {story.ref: story for story in stories.filter(ref__in=refs)}
    practices = Practice.objects.published().filter(ref__in=[row.practice_ref for row in frozen if row.practice_ref])
    practices = {practice.ref: practice for practice in practices}
    taken_back = set() if len(stories) == len(refs) else refs_taken_back(refs)
    return [
        piece_of(row, stories.get(row.story_ref), practices.get(row.practice_ref), row.story_ref in taken_back)
        for row in frozen
    ]


def refs_taken_back(refs):
    taken_back = Q(status=Status.WITHDRAWN) | Q(effective_consent__lt=Consent.PUBLIC)
    return set(Story.objects.filter(taken_back, ref__in=refs).values_list("ref", flat=True))


def piece_of(row, story, practice, taken_back):
    if row.digest and not row.excerpt:
        return VersionPiece(row, gone=WITHDRAWN_QUOTATION)
    if taken_back:
        return VersionPiece(row, gone=WITHDRAWN_STORY)
    if not story and not practice:
        return VersionPiece(row, gone=HIDDEN_STORY if row.story_ref else HIDDEN_PRACTICE)
    wording = story.published_text if story else practice.statement
    holds = row.excerpt in wording
    return VersionPiece(row, story, practice, row.excerpt if holds else "", "" if holds else CHANGED_WORDING)


@dataclass
class VersionChange:
    """One thing that is not as it was published, and the story or practice it is about, if readers may see that."""

    says: str
    source: Story | Practice | None = None


def changes_since(publication, insight):
    """What changed between a version and an insight from `for_page()`: first its evidence, in order, then its text."""
    before = {(row.story_ref, row.practice_ref): row for row in publication.evidence.all()}
    now = {key_of(piece): piece for piece in insight.public_evidence}
    left = [row for key, row in before.items() if key not in now]
    changes = [
        VersionChange(piece.gone) if piece.gone else VersionChange("Taken out", piece.story or piece.practice)
        for piece in (visible_pieces(left) if left else [])
    ]
    for key, piece in now.items():
        changes += changes_of(piece, before.get(key))
    text = text_of(insight)
    reworded = [name for field, name in PARTS_OF_TEXT.items() if publication.text.get(field) != text[field]]
    if reworded:
        changes.append(VersionChange(f"Changed in the text: {', '.join(reworded)}"))
    return changes


def key_of(piece):
    return (piece.story.ref, "") if piece.story else ("", piece.practice.ref)


def changes_of(piece, before):
    if before is None:
        return [VersionChange(f"Added: it {ROLE_VERBS[piece.role]} this", piece.source)]
    changes = []
    if before.role != piece.role:
        changes.append(
            VersionChange(
                f"It {ROLE_VERBS[piece.role]} this now; before, it {ROLE_VERBS[before.role]} it", piece.source
            )
        )
    if before.excerpt != piece.quotation:
        said = "Not quoted any more" if not piece.quotation else "Quoted now" if not before.excerpt else "Quoted anew"
        changes.append(VersionChange(said, piece.source))
    return changes


def as_json(publication, url):
    """A version as data. Whoever keeps it can work out the hash again, and see whether the archive changed a word.

    Of what is not public any more the digest alone is left.
    """
    rows = list(publication.evidence.all())
    return {
        "url": url,
        "insight": publication.insight.slug,
        "programme": publication.insight.programme.title,
        "disclosure": publication.insight.programme.disclosure,
        "version": publication.version,
        "published_on": publication.published_on.isoformat(),
        "text": publication.text,
        "reach": publication.reach,
        "evidence": [
            {
                "order": row.order,
                "role": row.role,
                "story": piece.story.ref if piece.story else "",
                "practice": piece.practice.ref if piece.practice else "",
                "excerpt": piece.quotation,
                "salt": row.salt if piece.quotation else "",
                "digest": row.digest,
                "note": piece.gone,
            }
            for row, piece in zip(rows, visible_pieces(rows), strict=True)
        ],
        "hash": publication.hash,
    }
