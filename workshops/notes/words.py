"""The words that mean something as a heading: choices, kinds of stories, and names of the archive's vocabularies."""

import re
from collections.abc import Iterable
from typing import Literal, Protocol, TypedDict

from workshops.choices import Choice, Kind

CHOICE_WORDS = {
    Choice.KEEP: [
        "keep", "continue", "carry on", "maintain", "hold on to", "retain", "preserve",
        "plus", "pluses", "like", "likes", "liked",
    ],
    Choice.AMPLIFY: ["amplify", "do more", "more of", "do more of", "build on", "scale up", "spread"],
    Choice.DISCARD: ["discard", "stop", "drop", "let go", "letting go", "get rid", "scrap"],
    Choice.CREATE: ["create", "start", "restart", "introduce", "invent"],
}  # fmt: skip
KIND_WORDS = {
    Kind.INNOVATION: ["story", "stories", "innovation", "innovations", "innovation here"],
    Kind.ELSEWHERE: ["elsewhere", "from elsewhere", "example from elsewhere", "examples from elsewhere"],
    Kind.MESSAGE: ["message", "messages", "message for the future", "messages for the future"],
}
# Each could mean two of the four choices, or none: a change may be something to stop or something to start.
ASKED_PHRASES = [
    "delta", "deltas", "δ", "change", "changes", "improve", "improvement", "improvements", "do differently",
    "even better if", "ebi", "minus", "minuses", "dislike", "disliked", "negatives", "positives", "more", "less",
    "less of", "do less", "end", "adapt", "try", "went well", "worked", "worked well", "didn t work",
    "didn t work well", "did not work", "did not work well", "didn t go well", "went badly", "went wrong",
]  # fmt: skip
# In front of an entry these are more likely part of its sentence: “Plus – the hub stayed open”.
SAID_IN_SENTENCES = {"plus", "like", "spread", "more", "less", "end", "try", "worked"}
PRIVATE_WORDS = [
    "private", "not public", "not for publication", "not for sharing", "do not share", "don t share", "confidential",
    "strictly confidential", "in confidence", "in strict confidence", "said in confidence", "told in confidence",
    "off the record", "facilitators only",
]  # fmt: skip

# Without a colon after them only these are sure to mean a choice: “start doing weekly calls”, but not “start early”.
PHRASES = re.compile(
    r"(?P<word>(?:keep|continue|stop|start) doing|let(?:ting)? go of|get rid of|(?:do )?more of)\s+(?P<rest>.+)",
    re.IGNORECASE | re.DOTALL,
)
# “Things we should stop doing”, “What would you like to keep?”
WRAPPED = re.compile(
    r"(?:(?:what|things?|practices?|something|ideas?) )?(?:that )?"
    r"(?:(?:should|would|do|did|could|can|shall|will) )?(?:(?:we|you|i) )?"
    r"(?:(?:d|should|would|could|must|will|want|need|like) )*(?:to )?"
    r"(?P<word>{})(?: (?:doing|of|it))?".format(
        "|".join(
            sorted((word for words in [*CHOICE_WORDS.values(), ASKED_PHRASES] for word in words), key=len, reverse=True)
        )
    )
)
LABEL = re.compile(r"\s*(?:service area|service|theme|place)s?\s*:\s*(?=\S)", re.IGNORECASE)
HEADING_PARTS = re.compile(r"[:|/()–—]|\s-\s")
SMALLER_PARTS = re.compile(r"[:|/()–—,;&+]|\s-\s|\s(?:and|or)\s", re.IGNORECASE)
MAX_HEADING_LENGTH = 80


def fold_heading(text: str) -> str:
    """A heading or name in the form in which two spellings are one: without case and punctuation.

    >>> fold_heading("Citizen’s experience") == fold_heading("citizen's  EXPERIENCE:")
    True
    """
    return " ".join(re.findall(r"[^\W_]+", text.casefold().replace("&", " and ")))


class Named(Protocol):
    """A term of a vocabulary: anything with the names it goes by."""

    @property
    def names(self) -> list[str]: ...


class Asked(str):
    """A word that could mean two things, as the notes write it."""

    __slots__ = ()

    @property
    def key(self) -> str:
        return fold_heading(self)


class Sense(TypedDict, total=False):
    """What a heading says of the entries under it, as far as it says anything."""

    kind: Choice | Kind | Asked
    service_area: Named
    themes: list[Named]
    place: Named
    private: bool


class HeadingVocabulary:
    """All that a heading may name. `sense` says what one means."""

    def __init__(
        self, service_areas: Iterable[Named] = (), themes: Iterable[Named] = (), places: Iterable[Named] = ()
    ) -> None:
        places = list(places)
        self.senses: dict[str, Sense] = {}
        self.places = {fold_heading(name): place for place in places for name in place.names}
        for kind, words in KIND_WORDS.items():
            self.add(words, {"kind": kind})
        self.add(PRIVATE_WORDS, {"private": True})
        for area in service_areas:
            self.add(area.names, {"service_area": area})
        for theme in themes:
            self.add(theme.names, {"themes": [theme]})
        for place in places:
            self.add(place.names, {"place": place})

    def add(self, words: Iterable[str], sense: Sense) -> None:
        """Have these words mean this, besides what they mean already; what was said first stands."""
        for word in words:
            folded = fold_heading(word)
            self.senses[folded] = {**sense, **self.senses.get(folded, {})}

    def sense(self, heading: str, *, certain: bool = False) -> Sense:
        """What a heading says of all that follows. Nothing, unless every part of it has a meaning.

        Where the line is a heading for certain, a choice in front is enough: “Keep – what served us”.
        """
        if len(heading) > MAX_HEADING_LENGTH:
            return {}
        heading = LABEL.sub("", heading, count=1)
        return self.sense_of(heading) or self.sense_of_parts(heading, certain) or {}

    def sense_of(self, words: str) -> Sense:
        """What these words mean together, without looking at their parts."""
        folded = fold_heading(words)
        if choice := choice_of(folded):
            return {"kind": choice if isinstance(choice, Choice) else Asked(words.strip(" \t:?.…"))}
        return {**self.senses.get(folded, {})}

    def sense_of_parts(self, heading: str, certain: bool) -> Sense:
        """What the parts of a heading mean together: “Keep / Early help”."""
        parts = [part for part in HEADING_PARTS.split(heading) if fold_heading(part)]
        senses = [self.sense_of(part) for part in parts]
        if not all(senses):
            if certain and isinstance(senses[0].get("kind"), Choice):
                return senses[0]
            smaller = [self.sense_of(part) for part in SMALLER_PARTS.split(heading) if fold_heading(part)]
            senses = smaller if all(sense.keys() == {"kind"} for sense in smaller) else []
        together: Sense = {}
        for sense in senses:
            together |= sense
        if len({sense["kind"] for sense in senses if "kind" in sense}) > 1:
            together["kind"] = Asked(heading.strip(" \t:?.…"))
        return together


def choice_of(folded: str) -> Choice | Literal[True] | None:
    """The choice that these folded words stand for; True if they could stand for several; None if for none."""
    if match := WRAPPED.fullmatch(folded):
        return next((choice for choice, words in CHOICE_WORDS.items() if match["word"] in words), True)
    return None
