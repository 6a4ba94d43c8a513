"""The archive as a REFI-QDA project (qdasoftware.org, version 1.0), which programs for qualitative analysis import.

Stories are sources; themes and tags are codes on whole sources. The evidence of an insight is a passage, coded with
its role and with the insight. Insights are also notes. Everything is attributed to a role; no account is named.

Names of codes and variables are the same in every language, as those of columns are; sentences are translated.

Tried with QualCoder's import: it takes one memo for all codes of a passage, ignores notes of passages, and fails on a
passage without a date and on two notes of the same name.
"""

import datetime
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from tempfile import TemporaryFile
from typing import TypeAlias, cast
from xml.etree.ElementTree import Element, tostring
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.db.models import Max, Min, Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from innovation_archive.datasets import Audience
from innovation_archive.datasets.base import in_key_order
from innovation_archive.datasets.insights import EvidenceRows, Insights
from innovation_archive.datasets.stories import Stories
from innovation_archive.exchange.csv_postgresql import snapshot
from innovation_archive.exchange.exports import Outlet, notices, programmes_in
from innovation_archive.models import Download
from insights.choices import Role
from insights.models import Evidence, Insight
from workshops.choices import Consent
from workshops.models import Story, Tag, Theme
from workshops.roles import Reach
from workshops.tags import tag_key

NAME = "Workshop learning archive"  # not translated: a program may know the project by it
ROWS_PER_FETCH = 500
QDPX_PIECE_SIZE = 64 * 1024
# Characters that XML cannot hold, and the byte-order mark: some readers drop it, which would shift all positions after.
UNSAFE = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
# Programs save each source in a file of its name.
UNSAFE_IN_FILE_NAME = re.compile(r'[\\/:*?"<>|]')
MAX_NAME_BYTES = 200
"""So that a source's name can be a file's name on every file system."""
UNDATED = datetime.date(1970, 1, 1)
"""The date of what has none, for programs that need one on every passage and note."""

Keep: TypeAlias = Callable[[str, str], str]
"""Puts a text into the archive under a GUID, and returns the path by which the project refers to it."""
Stretch: TypeAlias = tuple[int, int, str]
"""Start and end of a passage in code points, the end outside, and what it is coded for."""
Code: TypeAlias = tuple[str, str]
"""Kind and key of a code."""
Variables: TypeAlias = dict[str, tuple[str, Callable[[Story], object]]]

VARIABLES: Variables = {
    "Programme": ("Text", lambda story: story.workshop.phase.programme.title),
    "Workshop": ("Text", lambda story: story.workshop.title),
    "Held on": ("Date", lambda story: story.workshop.held_on),  # not translated, as no name of a variable is
    "Phase": ("Integer", lambda story: story.workshop.phase.number),
    "Kind": ("Text", lambda story: story.get_kind_display()),
    "Service area": ("Text", lambda story: story.service_area),  # not translated
    "Place": ("Text", lambda story: story.place),
}
# Analysts also get stories that may not be quoted, and must be able to recognise them.
VARIABLES_FOR_ANALYSTS = VARIABLES | {
    "Status": ("Text", lambda story: story.get_status_display()),
    "Consent": ("Text", lambda story: Consent(story.effective_consent).word),
}


def project_file(audience: Audience, download: Download | None = None) -> Iterator[bytes]:
    """Yield an audience's project, a .qdpx file, in pieces. The same data gives the same bytes.

    `download` says what an analyst's copy is for and when it expires; the project's description repeats that.
    """
    out = Outlet()
    with snapshot(), ZipFile(out, "w") as archive, TemporaryFile() as xml:

        def keep(guid: str, text: str) -> str:
            archive.writestr(member(f"sources/{guid}.txt"), safe(text).encode())
            return f"internal://{guid}.txt"

        for part in project_xml(audience, keep, download):
            xml.write(part.encode())
            if written := out.drain():
                yield written
        xml.seek(0)
        with archive.open(member("project.qde"), "w") as qde:
            while piece := xml.read(QDPX_PIECE_SIZE):
                qde.write(piece)
                if written := out.drain():
                    yield written
    yield out.drain()


def member(name: str) -> ZipInfo:
    """A file of the ZIP archive, without the time at which it was made."""
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    info.create_system = 3  # Unix, whatever this runs on
    info.external_attr = 0o644 << 16
    return info


def project_xml(audience: Audience, keep: Keep, download: Download | None) -> Iterator[str]:
    """Yield project.qde in pieces, and `keep` the texts it refers to, so that the stories are read only once."""
    reach = programmes_in(download)
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield '<Project xmlns="urn:QDA-XML:project:1.0"'  # not translated
    yield f" name={quoteattr(NAME)} origin={quoteattr(NAME)}"
    yield f' creatingUserGUID="{editors()}">\n'
    yield from container("Users", [element("User", guid=editors(), name="Editors")])
    yield from container("CodeBook", [element("Codes", *code_book(audience, reach))])
    yield from container("Variables", map(variable, variables(audience)))
    yield from container("Sources", (source(story, audience, keep) for story in stories(audience, reach)))
    name_of = Names()
    yield from container("Notes", (insight_note(insight, name_of, keep) for insight in insights(audience, reach)))
    yield tostring(element("Description", text=description(audience, download)), "unicode")
    yield "\n</Project>\n"


def container(name: str, elements: Iterable[Element]) -> Iterator[str]:
    """Yield an element of this name around the others, or nothing if there are none: the format forbids empty ones."""
    empty = True
    for each in elements:
        if empty:
            yield f"<{name}>\n"
        empty = False
        yield f"{tostring(each, 'unicode')}\n"
    if not empty:
        yield f"</{name}>\n"


def element(
    tag: str, /, *children: Element, text: str | Promise | None = None, **attributes: str | Promise | None
) -> Element:
    """An XML element. Attributes that are None are left out."""
    made = Element(tag, {key: safe(value) for key, value in attributes.items() if value is not None})
    made.text = None if text is None else safe(text)
    made.extend(children)
    return made


def safe(text: str | Promise) -> str:
    """The text with each unsafe character replaced by a space, so that all others keep their positions."""
    return UNSAFE.sub(" ", str(text))


def guid(*key: str) -> str:
    """A GUID made from a key, so that it is the same in every export of the same archive."""
    return guid_in(settings.SITE_URL or "urn:workshop-learning-archive", "/".join(key))


@lru_cache(10_000)
def guid_in(archive: str, key: str) -> str:
    return str(uuid.uuid5(namespace(archive), key))


@cache
def namespace(archive: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, archive)


def editors() -> str:
    """The GUID of the only user, to whom programs attribute all coding."""
    return guid("user", "editors")


def moment(day: datetime.date | None) -> str | None:
    return f"{day.isoformat()}T00:00:00Z" if day else None


# Codes


def code_book(audience: Audience, reach: Reach) -> Iterator[Element]:
    """Yield the parent codes, each with its codes. Some programs identify a code by its name, so each name is unique."""
    name_of = Names("Themes", "Tags", "Evidence", "Insights")
    groups: list[tuple[str, str, Iterable[tuple[str, ...]]]] = [
        ("theme", "Themes", themes()),
        ("tag", "Tags", tags(audience, reach)),
        ("evidence", "Evidence", ((role.value, str(role.label)) for role in Role)),
        ("insight", "Insights", ((each.slug, each.title, insight_text(each)) for each in insights(audience, reach))),
    ]
    for kind, title, codes in groups:
        children = [
            element(
                "Code",
                *(element("Description", text=each) for each in means),
                guid=guid("code", kind, key),
                name=name_of(name, kind, key),
                isCodable="true",
            )
            for key, name, *means in codes
        ]
        if children:
            yield element("Code", *children, guid=guid("codes", kind), name=title, isCodable="false")


class Names:
    """Gives each thing a unique name: its own if that is free, else with its kind after it, else with kind and key."""

    def __init__(self, *taken: str) -> None:
        self.taken = {tag_key(name) for name in taken}

    def __call__(self, name: str, kind: str, key: str) -> str:
        names = [name, f"{name} ({kind})", f"{name} ({kind} {key})"]
        free = next((each for each in names if tag_key(each) not in self.taken), names[-1])
        self.taken.add(tag_key(free))
        return free


def themes() -> Iterable[tuple[str, str]]:
    return cast("Iterable[tuple[str, str]]", in_key_order(Theme.objects, ["slug"]).values_list("slug", "name"))


def tags(audience: Audience, reach: Reach) -> Iterable[tuple[str, str]]:
    used = Tag.objects.filter(story_tags__content_object__in=sources(audience, reach).order_by().values("pk"))
    return cast("Iterable[tuple[str, str]]", in_key_order(used.distinct(), ["slug"]).values_list("slug", "name"))


# Sources


def sources(audience: Audience, reach: Reach) -> QuerySet[Story]:
    """The stories that this audience gets in other files, without those that have no wording yet."""
    return cast("QuerySet[Story]", Stories().within(reach).rows_within(audience).exclude(published_text=""))


def stories(audience: Audience, reach: Reach) -> Iterator[Story]:
    """The sources, each with `used_as`: the evidence that it is."""
    evidence = EvidenceRows().within(reach).rows_within(audience).order_by("insight__slug")
    rows = sources(audience, reach).prefetch_related(Prefetch("evidence", evidence, to_attr="used_as"))
    return cast("Iterator[Story]", in_key_order(rows, ["ref"]).iterator(chunk_size=ROWS_PER_FETCH))


def variables(audience: Audience) -> Variables:
    return VARIABLES_FOR_ANALYSTS if audience == Audience.ANALYST else VARIABLES


def variable(name: str) -> Element:
    return element("Variable", guid=guid("variable", name), name=name, typeOfVariable=VARIABLES_FOR_ANALYSTS[name][0])


def source(story: Story, audience: Audience, keep: Keep) -> Element:
    """A story: its text, its coded passages and its variables."""
    key = guid("story", story.ref)
    passages = passages_of(story)
    return element(
        "TextSource",
        element("Description", text="\n".join(story_heading(story))),
        *(selection(story, stretch, passages[stretch]) for stretch in sorted(passages)),
        *values(story, audience),
        guid=key,
        name=source_name(story),
        plainTextPath=keep(key, story.published_text),
        creatingUser=editors(),
        creationDateTime=moment(story.workshop.held_on),
    )


def source_name(story: Story) -> str:
    """Its ref, which is unique, and as much of its title as the name of a file can hold."""
    name = UNSAFE_IN_FILE_NAME.sub("-", safe(f"{story.ref} {story.title}"))
    return name.encode()[:MAX_NAME_BYTES].decode(errors="ignore").strip()


def story_heading(story: Story) -> Iterator[str]:
    yield story.title
    yield settings.SITE_URL + story.get_absolute_url()
    if story.is_public and story.shown_credit:
        yield _("Told by %(credit)s") % {"credit": story.shown_credit}
    if disclosure := story.workshop.phase.programme.disclosure:
        yield str(disclosure)


@dataclass
class Passage:
    """The codes of a stretch of a story, and a sentence for each insight, by slug, that says what the stretch is to it."""

    codes: list[Code] = field(default_factory=list)
    insights: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str, key: str) -> None:
        code = (kind, key)
        if code not in self.codes:
            self.codes.append(code)


def passages_of(story: Story) -> dict[Stretch, Passage]:
    """The coded passages of a story.

    Themes, tags and evidence without a quotation are about the whole story. They code a passage from its first letter
    to its last, because not every program reads codes on a source itself. Evidence has passages of its own, so that
    its description does not end up on a tag.
    """
    whole = (0, len(story.published_text))
    subject = (*whole, "subject")
    passages: defaultdict[Stretch, Passage] = defaultdict(Passage)
    for theme in sorted(story.themes.all(), key=lambda theme: theme.slug):
        passages[subject].add("theme", theme.slug)
    for tag in sorted(story.tags.all(), key=lambda tag: tag.slug):
        passages[subject].add("tag", tag.slug)
    used_as: list[Evidence] = story.used_as  # type: ignore[attr-defined]  # `stories` has fetched it
    for evidence in used_as:
        evidence.follow_wording()
        start = evidence.excerpt_start or 0
        span = (start, start + len(evidence.excerpt)) if evidence.quotation else whole
        passage = passages[*span, "evidence"]
        passage.add("evidence", evidence.role)
        passage.add("insight", evidence.insight.slug)
        said = {"role": evidence.get_role_display(), "insight": evidence.insight.title}
        passage.insights[evidence.insight.slug] = _("%(role)s: %(insight)s") % said
    return passages


def selection(story: Story, stretch: Stretch, passage: Passage) -> Element:
    start, end, __ = stretch
    key = (story.ref, *map(str, stretch))
    return element(
        "PlainTextSelection",
        *([element("Description", text="\n".join(passage.insights.values()))] if passage.insights else []),
        *(coding(key, code) for code in passage.codes),
        *(element("NoteRef", targetGUID=guid("insight", slug)) for slug in passage.insights),
        guid=guid("passage", *key),
        name=story.published_text[start:end][:40],
        startPosition=str(start),
        endPosition=str(end),
        creatingUser=editors(),
        creationDateTime=moment(story.workshop.held_on or UNDATED),
    )


def coding(passage: tuple[str, ...], code: Code) -> Element:
    return element(
        "Coding",
        element("CodeRef", targetGUID=guid("code", *code)),
        guid=guid("coding", *passage, *code),
        creatingUser=editors(),
    )


def values(story: Story, audience: Audience) -> Iterator[Element]:
    for name, (kind, read) in variables(audience).items():
        value = read(story)
        if value is not None:
            reference = element("VariableRef", targetGUID=guid("variable", name))
            yield element("VariableValue", reference, element(f"{kind}Value", text=str(value)))


# Notes


def insights(audience: Audience, reach: Reach) -> Iterator[Insight]:
    """The insights, each with `rests_on`, its evidence in order, and the dates of its `first` and `last` version."""
    evidence = EvidenceRows().within(reach).rows_within(audience).order_by("order", "pk")
    rows = (
        Insights()
        .within(reach)
        .rows_within(audience)
        .prefetch_related(Prefetch("evidence", evidence, to_attr="rests_on"))
    )
    dated = rows.annotate(first=Min("publications__published_on"), last=Max("publications__published_on"))
    return cast("Iterator[Insight]", in_key_order(dated, ["slug"]).iterator(chunk_size=ROWS_PER_FETCH))


def insight_note(insight: Insight, name_of: Names, keep: Keep) -> Element:
    key = guid("insight", insight.slug)
    first: datetime.date | None = insight.first  # type: ignore[attr-defined]  # `insights` has annotated these two
    last: datetime.date | None = insight.last  # type: ignore[attr-defined]
    return element(
        "Note",
        guid=key,
        name=name_of(insight.title, "insight", insight.slug),
        plainTextPath=keep(key, insight_text(insight)),
        creatingUser=editors(),
        creationDateTime=moment(first or UNDATED),
        modifyingUser=editors(),
        modifiedDateTime=moment(last),
    )


def insight_text(insight: Insight) -> str:
    """An insight as a text, with its evidence."""
    return "\n\n".join(paragraphs(insight)) + "\n"


def paragraphs(insight: Insight) -> Iterator[str]:
    yield insight.title
    yield f"{insight.label}, {insight.programme.title}"
    yield from filter(None, [insight.summary, insight.body])
    if insight.actions:
        yield "\n".join([_("What it asks people to do"), *(f"- {action}" for action in insight.actions)])
    rests_on: list[Evidence] = insight.rests_on  # type: ignore[attr-defined]  # `insights` has fetched it
    for role in Role:
        pieces = [told_by(evidence) for evidence in rests_on if evidence.role == role]
        if pieces:
            yield "\n".join([str(role.label), *pieces])
    if insight.none_found:
        yield _("Where we looked for what contradicts it: %(places)s") % {"places": insight.none_found}
    yield settings.SITE_URL + insight.get_absolute_url()
    if disclosure := insight.programme.disclosure:
        yield str(disclosure)


def told_by(evidence: Evidence) -> str:
    source = evidence.source
    title = source.title if isinstance(source, Story) else source.statement
    quoted = f": “{evidence.quotation}”" if evidence.quotation else ""
    return f"- {source.ref} {title}{quoted}"


def description(audience: Audience, download: Download | None) -> str:
    """What the project is, and what must be said about it."""
    sentences = [
        _(
            "Stories as sources, in the wording agreed for publication. Themes and tags are codes on whole stories; "
            "Supports, Qualifies and Contradicts code what an insight rests on, and so does the insight itself. Insights "
            "are notes, too."
        )
    ]
    if audience == Audience.ANALYST:
        sentences.append(
            _("For the project team: holds stories that were told to it alone. Quote none whose consent is “team”.")
        )
    if download:
        limits = {"purpose": download.purpose, "day": download.expires_on}
        sentences.append(_("For: %(purpose)s. It may be used until %(day)s.") % limits)
    return "\n".join([*sentences, *notices()])
