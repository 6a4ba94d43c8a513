"""The archive as a REFI-QDA project (qdasoftware.org, version 1.0), which programs for qualitative analysis import.

Stories are sources; themes and tags are codes on the whole of them; what an insight rests on is a passage, coded by
what it is for and by the insight. Insights are notes, too. All work is signed by a role: no account is named.

QualCoder's own import was run on such a file: it takes one memo for all codes of a passage, reads no note of a
passage, and gives up on a passage without a date and on two notes of one name.
"""

import datetime
import re
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, lru_cache
from tempfile import TemporaryFile
from xml.etree.ElementTree import Element, tostring
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.conf import settings
from django.db.models import Max, Min, Prefetch

from innovation_archive.datasets import Audience
from innovation_archive.datasets.base import in_key_order
from innovation_archive.datasets.capture import Stories
from innovation_archive.datasets.insights import EvidenceRows, Insights
from innovation_archive.exchange.csv_postgresql import snapshot
from innovation_archive.exchange.exports import Outlet, notices
from insights.choices import Role
from workshops.choices import Consent
from workshops.models import Tag, Theme
from workshops.tags import tag_key

NAME = "Workshop learning archive"
QDPX_BATCH = 500
QDPX_PIECE_SIZE = 64 * 1024
# What XML cannot hold, and a byte-order mark, which some readers drop, so that all behind it would move.
UNSAFE = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
# Programs save a source in a file of its name.
UNSAFE_IN_FILE_NAME = re.compile(r'[\\/:*?"<>|]')
LONGEST_NAME = 200
"""In bytes, so that it is one for every file system."""
UNDATED = datetime.date(1970, 1, 1)
"""For a program that reads a passage or a note only with a day."""

VARIABLES = {
    "Programme": ("Text", lambda story: story.workshop.phase.programme.title),
    "Workshop": ("Text", lambda story: story.workshop.title),
    "Held on": ("Date", lambda story: story.workshop.held_on),
    "Phase": ("Integer", lambda story: story.workshop.phase.number),
    "Kind": ("Text", lambda story: story.get_kind_display()),
    "Service area": ("Text", lambda story: story.service_area),
    "Place": ("Text", lambda story: story.place),
}
# Analysts also get stories that may not be quoted, and must be able to tell them apart.
VARIABLES_FOR_ANALYSTS = VARIABLES | {
    "Status": ("Text", lambda story: story.get_status_display()),
    "Consent": ("Text", lambda story: Consent(story.effective_consent).word),
}


def project_file(audience, download=None):
    """Yield an audience's project, a .qdpx, in pieces. The same data gives the same bytes.

    `download` says what an analyst's copy is for and until when, and the project tells it.
    """
    out = Outlet()
    with snapshot(), ZipFile(out, "w") as archive, TemporaryFile() as xml:

        def keep(guid, text):
            """Put a text beside the project; returns the path by which the project names it."""
            archive.writestr(member(f"sources/{guid}.txt"), safe(text).encode())
            return f"internal://{guid}.txt"

        for part in project_xml(audience, keep, download):
            xml.write(part.encode())
            if written := out.drain():
                yield written
        xml.seek(0)
        with archive.open(member("project.qde"), "w") as qde:
            while part := xml.read(QDPX_PIECE_SIZE):
                qde.write(part)
                if written := out.drain():
                    yield written
    yield out.drain()


def member(name):
    """A file of the archive, without the time of its making."""
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    info.create_system = 3  # Unix, whatever this runs on
    info.external_attr = 0o644 << 16
    return info


def project_xml(audience, keep, download):
    """Yield project.qde in pieces, and `keep` the texts it names: both from one reading of the stories."""
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield f'<Project xmlns="urn:QDA-XML:project:1.0" name={quoteattr(NAME)} origin={quoteattr(NAME)}'
    yield f' creatingUserGUID="{editors()}">\n'
    yield from container("Users", [element("User", guid=editors(), name="Editors")])
    yield from container("CodeBook", [element("Codes", *code_book(audience))])
    yield from container("Variables", map(variable, variables(audience)))
    yield from container("Sources", (source(story, audience, keep) for story in stories(audience)))
    name_of = Names()
    yield from container("Notes", (insight_note(insight, name_of, keep) for insight in insights(audience)))
    yield tostring(element("Description", text=description(audience, download)), "unicode")
    yield "\n</Project>\n"


def container(name, elements):
    """Yield the elements inside one of this name, or nothing if there are none: the format has no empty ones."""
    empty = True
    for each in elements:
        if empty:
            yield f"<{name}>\n"
        empty = False
        yield f"{tostring(each, 'unicode')}\n"
    if not empty:
        yield f"</{name}>\n"


def element(tag, /, *children, text=None, **attributes):
    """An XML element; attributes that are None are left out."""
    made = Element(tag, {key: safe(value) for key, value in attributes.items() if value is not None})
    made.text = None if text is None else safe(text)
    made.extend(children)
    return made


def safe(text):
    """The text with a space for each letter that does not travel, so that every other one stays where it was."""
    return UNSAFE.sub(" ", text)


def guid(*key):
    """The same for the same thing in the same archive, however often it is exported."""
    return guid_in(settings.SITE_URL or "urn:workshop-learning-archive", "/".join(key))


@lru_cache(10_000)
def guid_in(archive, key):
    return str(uuid.uuid5(namespace(archive), key))


@cache
def namespace(archive):
    return uuid.uuid5(uuid.NAMESPACE_URL, archive)


def editors():
    """The one user: what a program shows as the coder of everything."""
    return guid("user", "editors")


def moment(day):
    return day and f"{day.isoformat()}T00:00:00Z"


# Codes


def code_book(audience):
    """Yield the parent codes, each with its codes. Some programs know a code by its name alone, so none occurs twice."""
    name_of = Names("Themes", "Tags", "Evidence", "Insights")
    for kind, title, codes in [
        ("theme", "Themes", themes()),
        ("tag", "Tags", tags(audience)),
        ("evidence", "Evidence", Role.choices),
        ("insight", "Insights", ((each.slug, each.title, insight_text(each)) for each in insights(audience))),
    ]:
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
    """Gives each thing a name that none before it has: its own, else with what it is behind it, else with its key."""

    def __init__(self, *taken):
        self.taken = {tag_key(name) for name in taken}

    def __call__(self, name, kind, key):
        names = [name, f"{name} ({kind})", f"{name} ({kind} {key})"]
        free = next((each for each in names if tag_key(each) not in self.taken), names[-1])
        self.taken.add(tag_key(free))
        return free


def themes():
    return in_key_order(Theme.objects, ["slug"]).values_list("slug", "name")


def tags(audience):
    borne = Tag.objects.filter(story_tags__content_object__in=sources(audience).order_by().values("pk"))
    return in_key_order(borne.distinct(), ["slug"]).values_list("slug", "name")


# Sources


def sources(audience):
    """The stories this audience has elsewhere too, but for those that have no wording yet."""
    return Stories().rows(audience).exclude(published_text="")


def stories(audience):
    """Each with `used_as`, the evidence it is."""
    evidence = EvidenceRows().rows(audience).order_by("insight__slug")
    rows = sources(audience).prefetch_related(Prefetch("evidence", evidence, to_attr="used_as"))
    return in_key_order(rows, ["ref"]).iterator(chunk_size=QDPX_BATCH)


def variables(audience):
    return VARIABLES_FOR_ANALYSTS if audience == Audience.ANALYST else VARIABLES


def variable(name):
    return element("Variable", guid=guid("variable", name), name=name, typeOfVariable=VARIABLES_FOR_ANALYSTS[name][0])


def source(story, audience, keep):
    """A story: its text, its coded passages, and what is known of it."""
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


def source_name(story):
    """Its ref, which no other has, and its title as far as a file's name can hold it."""
    name = UNSAFE_IN_FILE_NAME.sub("-", safe(f"{story.ref} {story.title}"))
    return name.encode()[:LONGEST_NAME].decode(errors="ignore").strip()


def story_heading(story):
    yield story.title
    yield settings.SITE_URL + story.get_absolute_url()
    if story.is_public and story.shown_credit:
        yield f"Told by {story.shown_credit}"
    yield from filter(None, [story.workshop.phase.programme.disclosure])


@dataclass
class Passage:
    """What is said of a stretch of a story: the keys of its codes, and in words what each insight takes it for."""

    codes: list = field(default_factory=list)
    insights: dict = field(default_factory=dict)

    def add(self, *code):
        if code not in self.codes:
            self.codes.append(code)


def passages_of(story):
    """What is coded, as {(start, end, what for): Passage}, in code points and with the end outside.

    Themes, tags and evidence without a quotation are about the whole story: a passage from its first letter to its
    last, because not every program reads codes that stand on a source alone. Evidence has passages of its own, so
    that what is said of it is not said of a tag.
    """
    whole = (0, len(story.published_text))
    subject = (*whole, "subject")
    passages = defaultdict(Passage)
    for theme in sorted(story.themes.all(), key=lambda theme: theme.slug):
        passages[subject].add("theme", theme.slug)
    for tag in sorted(story.tags.all(), key=lambda tag: tag.slug):
        passages[subject].add("tag", tag.slug)
    for evidence in story.used_as:
        evidence.follow_wording()
        start = evidence.excerpt_start
        span = (start, start + len(evidence.excerpt)) if evidence.quotation else whole
        passage = passages[*span, "evidence"]
        passage.add("evidence", evidence.role)
        passage.add("insight", evidence.insight.slug)
        passage.insights[evidence.insight.slug] = f"{evidence.get_role_display()}: {evidence.insight.title}"
    return passages


def selection(story, stretch, passage):
    start, end, _ = stretch
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


def coding(passage, code):
    return element(
        "Coding",
        element("CodeRef", targetGUID=guid("code", *code)),
        guid=guid("coding", *passage, *code),
        creatingUser=editors(),
    )


def values(story, audience):
    for name, (kind, read) in variables(audience).items():
        value = read(story)
        if value is not None:
            reference = element("VariableRef", targetGUID=guid("variable", name))
            yield element("VariableValue", reference, element(f"{kind}Value", text=str(value)))


# Notes


def insights(audience):
    """Each with `rests_on`, its evidence in order, and the days of its first and last version."""
    evidence = EvidenceRows().rows(audience).order_by("order", "pk")
    rows = Insights().rows(audience).prefetch_related(Prefetch("evidence", evidence, to_attr="rests_on"))
    dated = rows.annotate(first=Min("publications__published_on"), last=Max("publications__published_on"))
    return in_key_order(dated, ["slug"]).iterator(chunk_size=QDPX_BATCH)


def insight_note(insight, name_of, keep):
    key = guid("insight", insight.slug)
    return element(
        "Note",
        guid=key,
        name=name_of(insight.title, "insight", insight.slug),
        plainTextPath=keep(key, insight_text(insight)),
        creatingUser=editors(),
        creationDateTime=moment(insight.first or UNDATED),
        modifyingUser=editors(),
        modifiedDateTime=moment(insight.last),
    )


def insight_text(insight):
    """An insight as a text, its evidence included."""
    return "\n\n".join(paragraphs(insight)) + "\n"


def paragraphs(insight):
    yield insight.title
    yield f"{insight.label}, {insight.programme.title}"
    yield from filter(None, [insight.summary, insight.body])
    if insight.actions:
        yield "\n".join(["What it asks people to do", *(f"- {action}" for action in insight.actions)])
    for role in Role:
        pieces = [told_by(evidence) for evidence in insight.rests_on if evidence.role == role]
        if pieces:
            yield "\n".join([role.label, *pieces])
    if insight.none_found:
        yield f"Where we looked for what contradicts it: {insight.none_found}"
    yield settings.SITE_URL + insight.get_absolute_url()
    yield from filter(None, [insight.programme.disclosure])


def told_by(evidence):
    title = evidence.story.title if evidence.story else evidence.practice.statement
    quoted = f": “{evidence.quotation}”" if evidence.quotation else ""
    return f"- {evidence.source.ref} {title}{quoted}"


def description(audience, download):
    """What the whole project is, and what must be said of it."""
    return "\n".join(
        [
            "Stories as sources, in the wording agreed for publication. Themes and tags are codes on whole stories; "
            "Supports, Qualifies and Contradicts code what an insight rests on, and so does the insight itself. Insights "
            "are notes, too.",
            *(
                ["For the project team: holds stories that were told to it alone. Quote none whose consent is “team”."]
                if audience == Audience.ANALYST
                else []
            ),
            *([f"For: {download.purpose}. It may be used until {download.expires_on}."] if download else []),
            *notices(),
        ]
    )
