"""What a case may be about: a story, an insight or an article, by the address of its page."""

from dataclasses import dataclass

from innovation_archive.cases.choices import CaseSubject
from innovation_archive.models import Case
from insights.models import Article, Insight
from workshops.models import Story

Subject = Story | Insight | Article


@dataclass(frozen=True)
class SubjectKind:
    """One kind of page: its rows as readers see them, what its address ends with, and which texts it shows."""

    model: type[Story] | type[Insight] | type[Article]
    key: str
    texts: tuple[str, ...]
    link: str
    """The foreign key of Case."""


SUBJECTS = {
    CaseSubject.STORY: SubjectKind(Story, "ref", ("title", "published_text", "location"), "story"),
    CaseSubject.INSIGHT: SubjectKind(Insight, "slug", ("title", "summary", "body", "none_found", "actions"), "insight"),
    CaseSubject.ARTICLE: SubjectKind(Article, "slug", ("title", "summary", "body"), "article"),
}


def find_subject(kind: str, ref: str, is_published: bool = True) -> Subject | None:
    """The row that readers know by this kind and ref; with `is_published` false, published or not."""
    if kind not in SUBJECTS or "\0" in ref:
        return None
    subject = SUBJECTS[CaseSubject(kind)]
    rows = subject.model.objects.published() if is_published else subject.model.objects.all()
    return rows.filter(**{subject.key: ref}).first()


def link_case(case: Case) -> None:
    """Link a case to what its words name, published or not, and to its programme; the words stay if there is no such thing."""
    if case.about_kind not in SUBJECTS:
        return
    row = find_subject(case.about_kind, case.about_ref, is_published=False)
    setattr(case, SUBJECTS[CaseSubject(case.about_kind)].link, row)
    if row is not None:
        case.programme = row.workshop.phase.programme if isinstance(row, Story) else row.programme
