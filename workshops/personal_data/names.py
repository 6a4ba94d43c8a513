"""Names of people: of those who were in the room, and others, which are guessed by their capital letter and their words."""

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from workshops.personal_data.hits import Mark, PersonalDataHit, hit_at
from workshops.personal_data.name_lists import (
    ALSO_WORDS,
    EVERYDAY_WORDS,
    FIRST_NAMES,
    NOT_NAMES,
    NOT_PEOPLE,
    PARTICLES,
    PLACE_NOUNS,
    PLAIN_SUBJECTS,
    SAYING,
    SMALL_TITLES,
    SURNAMES,
    TITLES,
)
from workshops.personal_data.people_lists import COUNTRIES, ETHNIC_ADJECTIVES, RELIGIOUS_ADJECTIVES
from workshops.personal_data.plain import folded

Word = re.Match[str]
NAME_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
GROUPS_OF_PEOPLE = frozenset(
    word.lower() for name in [*ETHNIC_ADJECTIVES, *RELIGIOUS_ADJECTIVES, *COUNTRIES] for word in name.split()
)
LINE = re.compile(r"[^\n]+")
OPENS_SENTENCE = re.compile(r"(?:^|[.!?…:;\n“‘\"(•–-])[\s\"'“‘(*_]*$")
BETWEEN_NAMES = re.compile(rf" (?:(?:{'|'.join(PARTICLES)}) ){{1,2}}")
COUPLE = re.compile(r"(?<!\w)(?:Mr|Mrs|Ms|Dr)\.? (?:and|&) $")


def participants(text: str, names: Iterable[str]) -> list[PersonalDataHit]:
    """Passages that name people who were in the room, by their whole name or a part of it."""
    patterns: dict[str, None] = {}
    for name in names:
        parts = [part for part in NAME_WORD.findall(folded(name)) if len(part) > 1 and part not in TITLES]
        patterns |= dict.fromkeys([r"\s+".join(loosely(part) for part in parts)] if len(parts) > 1 else [])
        patterns |= dict.fromkeys(loosely(part) for whole in parts for part in [whole, *longer_halves(whole)])
    if not patterns:
        return []
    longest_first = "|".join(sorted(patterns, key=len, reverse=True))
    pattern = re.compile(rf"(?<!\w)(?:(?:{'|'.join(SMALL_TITLES)})\.? )?(?P<name>{longest_first})(?!\w)")
    return [
        hit_at(Mark.PARTICIPANT, text, match.start(), match.end())
        for match in pattern.finditer(folded(text))
        if text[match.start("name")].isupper() or not needs_capital(match["name"])
    ]


def loosely(part: str) -> str:
    """A pattern for a part of a name, whether its apostrophe or hyphen is written, curled, or left out."""
    return r"[ '’‐–-]?".join(re.escape(piece) for piece in re.split(r"['’-]", part))


def longer_halves(part: str) -> list[str]:
    """Either half of a hyphened name, unless it is so short that it may be a word."""
    halves = part.split("-")
    return [half for half in halves if len(half) > 3] if len(halves) > 1 else []


def needs_capital(name: str) -> bool:
    return len(name) < 3 or name in EVERYDAY_WORDS


def likely_names(text: str, known: Iterable[str]) -> list[PersonalDataHit]:
    """What is no part of `known` and looks like a name: by a capital letter and what stands beside it, or from a list."""
    no_names = {word for name in known for word in NAME_WORD.findall(folded(name))} | NOT_NAMES | GROUPS_OF_PEOPLE
    words = list(NAME_WORD.finditer(text))
    places = [*capitalised_names(text, words, no_names), *listed_names(text, words, no_names)]
    return [hit_at(Mark.NAME, text, start, end) for start, end in joined_names(text, sorted(set(places)))]


def capitalised_names(text: str, words: list[Word], no_names: set[str]) -> Iterator[tuple[int, int]]:
    """From where to where runs of capitalised words stand that are not known to mean something else."""
    in_headlines = headline_words(text)
    for run, following in capitalised_runs(text, words):
        keys = {key(word) for word in run}
        if run[0].start() in in_headlines:
            names = [word for word in run if is_plainly_first_name(word)]
        elif keys & NOT_PEOPLE and key(run[0]) not in TITLES:
            continue
        else:
            names = run if is_name_anywhere(run, following) or not opens_sentence(text, run[0]) else run[1:]
        names = [word for word in names if key(word) not in no_names and key(word).removesuffix("s") not in no_names]
        if {key(word) for word in names} - TITLES and not is_numbered_or_place(text, names, following):
            yield names[0].start(), names[-1].end()


def is_numbered_or_place(text: str, names: list[Word], following: str) -> bool:
    """Whether a run stands for a building, a team or a thing of a number: “the Alexandra team”, “Beech 7”."""
    rest = text[names[-1].end() : names[-1].end() + 3]
    if re.match(r" \d", rest):
        return not is_plainly_first_name(names[0])
    is_whose = re.search(r"['’]s?$", names[-1][0]) is not None
    return following in PLACE_NOUNS and rest[:1] == " " and not is_whose and key(names[0]) not in TITLES


def listed_names(text: str, words: list[Word], no_names: set[str]) -> Iterator[tuple[int, int]]:
    """From where to where names stand that a list knows, in small letters or all in capitals."""
    for before, word, after, next_but_one in zip(
        [None, *words], words, [*words[1:], None], [*words[2:], None, None], strict=False
    ):
        if is_capitalised(word[0]) or key(word) in no_names:
            continue
        if before and follows_small_title(text, before, word):
            yield before.start(), word.end()
        elif is_listed_name(word):
            is_surname = after and (
                (key(after) in SURNAMES and is_written_like(word, after))
                or is_loud_pair(before, word, after, next_but_one)
            )
            yield word.start(), after.end() if after and is_surname and is_next(text, word, after) else word.end()
        elif word[0].isupper() and len(word[0]) > 2 and key(word) in FIRST_NAMES and is_paired(text, before):
            yield word.start(), word.end()


def is_listed_name(word: Word) -> bool:
    """A first name that is no word, or each of its halves: karen, KAREN, jo-anne."""
    name = key(word)
    return len(name) > 2 and is_plainly_first_name(word) and (word[0].islower() or word[0].isupper() or "-" in name)


def is_plainly_first_name(word: Word) -> bool:
    halves = key(word).split("-")
    return all(half in FIRST_NAMES for half in halves) and not ALSO_WORDS.issuperset(halves)


def is_paired(text: str, before: Word | None) -> bool:
    """Whether `before` is the “AND” after a name, so that a word after it may be one too: DOREEN AND FRANK."""
    if before is None or key(before) != "and":
        return False
    first = text[max(0, before.start() - 20) : before.start()].split()
    return bool(first) and folded(first[-1]) in FIRST_NAMES


def follows_small_title(text: str, before: Word, word: Word) -> bool:
    """Whether this is the name in “mrs khan” or “MRS KHAN”."""
    is_beside = re.fullmatch(r"\.? ", text[before.end() : word.start()]) is not None
    if key(before) not in SMALL_TITLES or not is_beside or key(word) in {"and", "or"}:
        return False
    return key(before) in {"mr", "mrs"} or key(word) in SURNAMES or key(word) in FIRST_NAMES


def is_loud_pair(before: Word | None, word: Word, after: Word, next_but_one: Word | None) -> bool:
    """Whether two words in capitals stand among words that are not: then the second is a surname, even if it is a word."""
    around = [each[0] for each in (before, next_but_one) if each]
    return word[0].isupper() and after[0].isupper() and len(after[0]) > 3 and not any(each.isupper() for each in around)


def is_next(text: str, word: Word, after: Word) -> bool:
    return text[word.end() : after.start()] == " "


def is_written_like(word: Word, after: Word) -> bool:
    return word[0].isupper() == after[0].isupper()


def joined_names(text: str, places: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Each name once, and as one what a particle joins: Rhys ap Gwilym, Mr and Mrs Oyelaran."""
    start, end = -1, -1
    for next_start, next_end in places:
        if start >= 0 and (next_start <= end or BETWEEN_NAMES.fullmatch(text[end:next_start])):
            end = max(end, next_end)
            continue
        if start >= 0:
            yield start, end
        start, end = with_couple(text, next_start), next_end
    if start >= 0:
        yield start, end


def with_couple(text: str, start: int) -> int:
    """Where a name begins if “Mr and” stands before it."""
    couple = COUPLE.search(text[max(0, start - 12) : start])
    return start - len(couple[0]) if couple else start


def capitalised_runs(text: str, words: list[Word]) -> Iterator[tuple[list[Word], str]]:
    """Yield each run of capitalised words, as matches, with the word that follows it."""
    run: list[Word] = []
    for word, following in zip_longest(words, words[1:]):
        if not is_capitalised(word[0]):
            continue
        run.append(word)
        between = text[word.end() : following.start()] if following else ""
        goes_on = between == " " or (between in {".", ". "} and key(word) in TITLES)
        if not (goes_on and is_capitalised(following[0])):
            yield run, following[0].lower() if following else ""
            run = []


def is_capitalised(word: str) -> bool:
    """A capital first and small letters after it, as in Ann, O’Brien, McDonald and Smith-Jones, but not NHS or iPad."""
    return re.fullmatch(r"(?:(?:Mc|Mac|[DOL]['’])?[^\W\d_a-z][^\W\d_A-Z]+)(?:['’-][^\W\d_]+)*", word) is not None


def is_name_anywhere(run: list[Word], following: str) -> bool:
    """Whether a run is likely to be a name even where any word would have a capital letter."""
    first = key(run[0])
    if first in TITLES or (is_plainly_first_name(run[0]) or (first in FIRST_NAMES and len(run) > 1)):
        return True
    if first in ALSO_WORDS or first in SURNAMES:
        return len(run) == 1 and following in SAYING
    return len(run) == 1 and following in SAYING and first not in PLAIN_SUBJECTS and not first.endswith("s")


def opens_sentence(text: str, word: Word) -> bool:
    return OPENS_SENTENCE.search(text[max(0, word.start() - 12) : word.start()]) is not None


def headline_words(text: str) -> set[int]:
    """Where words begin in lines whose longer words all have a capital letter, which then says nothing about any."""
    lines = (list(NAME_WORD.finditer(text, *line.span())) for line in LINE.finditer(text))
    return {word.start() for words in lines if is_headline(words) for word in words}


def is_headline(words: list[Word]) -> bool:
    longer = [word[0] for word in words if len(word[0]) > 3]
    return len(longer) > 2 and all(is_capitalised(word) for word in longer)


def key(word: Word) -> str:
    return re.sub(r"['’]s?$", "", folded(word[0]))
