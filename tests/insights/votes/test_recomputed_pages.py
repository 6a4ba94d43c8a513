"""Every number and word of votes on pages, worked out again: numbers and possible words from the two public files,
the words themselves from the exact votes, of which analysts' files leave some people out. Nothing here uses the product's own arithmetic."""

import csv
import datetime
import io
import re
from collections import Counter, defaultdict
from fractions import Fraction
from html import unescape
from io import StringIO
from math import ceil, comb, floor

import pytest
from django.core.management import call_command

from innovation_archive.datasets.base import Audience
from innovation_archive.datasets.votes import Tallies, Votes
from innovation_archive.exchange.exports import CsvFile
from insights.votes.release import release
from tests.factories import a_practice, a_programme, a_service_area, a_tally, a_workshop, votes_on
from tests.shared import shared
from workshops.models import Participant, Programme, ServiceArea

pytestmark = pytest.mark.django_db

DAY = datetime.date(2020, 10, 13)
CHOICES = ["keep", "amplify", "discard", "create"]
WAYS = {"retain": ["keep", "amplify"], "discard": ["discard"], "create": ["create"]}
UNKNOWN = "Not recorded"
LIMITS = {"nearly everyone": (0.9, 1), "most": (0.7, 0.9), "more than half": (0.55, 0.7), "about half": (0.45, 0.55),
          "no majority": (0, 0.45)}  # fmt: skip
WANTED = {"keep it or do more of it": "retain", "stop it": "discard", "start it": "create"}
COMPARED = [
    (r"do not clearly differ, and do not agree strongly enough", "mixed"),
    (r"There are not enough services to compare", "not compared"),
    (r"(services|show|voted) agree\.", "agree"),
    (r"(services|show|voted) differ\.|less often than|more often than|voted otherwise", "differ"),
]
NUMBERS = ["zero", "one", "two", "three", "four", "five"]


# What a reader downloads.


def public_rows(client, name):
    return list(csv.DictReader(StringIO(b"".join(client.get(f"/data/{name}.csv")).decode())))


def by_practice(rows):
    """{(practice, programme): [row]}"""
    found = defaultdict(list)
    for row in rows:
        found[row["practice"], row["programme"]].append(row)
    return found


def between(row, name):
    return int(row[f"{name}_low"]), int(row[f"{name}_high"])


def said(low, high, base=None):
    """A range in words. A range of 13 to 17 is about 15, and one of 5 to 7 about 5."""
    if high == 4:
        return "fewer than 5"
    if base and (low, high) == (base[0] - 4, base[1]):
        return "all but fewer than 5"
    return f"about {high - 2}"


def share_between(row, choices):
    """The least and the greatest share of these choices, by trying every number of voters that the ranges allow."""
    chose = [sum(between(row, choice)[end] for choice in choices) for end in (0, 1)]
    others = [sum(between(row, choice)[end] for choice in CHOICES if choice not in choices) for end in (0, 1)]
    base = between(row, "base")
    possible = [
        Fraction(count, count + rest)
        for count in range(chose[0], chose[1] + 1)
        for rest in range(others[0], others[1] + 1)
        if base[0] <= count + rest <= base[1]
    ]
    return min(possible), max(possible)


def pooled_between(rows, choices):
    """The same of several groups together: voters at most and at least as many as each allows."""
    shares = [share_between(row, choices) for row in rows]
    return min(low for low, _ in shares), max(high for _, high in shares)


# What a reader sees.


def text_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def results_on_page(client, address):
    """{practice: HTML of its results} of a list or of one practice's page."""
    html = client.get(address).content.decode()
    articles = re.findall(r'<article class="practice">.*?</article>', html, re.DOTALL)
    if not articles:
        return {address.split("/")[2]: html[html.index("<main") : html.index("</main>")]}
    return {re.search(r"/practices/([^/]+)/", article)[1]: article for article in articles}


def picture_of(client, address):
    """{practice: HTML of its row in the picture}"""
    table = re.search(r'<table class="picture">.*?</table>', client.get(address).content.decode(), re.DOTALL)[0]
    rows = re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
    return {found[1]: row for row in rows if (found := re.search(r"/practices/([^/]+)/", row))}


def bars_of(html):
    """[(group, people, {choice: count in words}, [drawn corners])] as read."""
    table = re.search(r'<table class="bars">.*?</table>', html, re.DOTALL)
    found = []
    for row in re.findall(r"<tr[^>]*>(?:(?!</tr>).)*</tr>", table[0], re.DOTALL)[1:] if table else []:
        group = text_of(re.search(r"<th scope=\"row\">(.*?)</th>", row, re.DOTALL)[1])
        people = text_of(re.search(r'<td class="base">(.*?)</td>', row, re.DOTALL)[1])
        counts = dict(re.findall(r'<span class="(\w+)">\w+ ([^<]+)</span>', row))
        found.append(
            (unescape(group), people, counts, dict(re.findall(r'class="(\w+)"[^>]*?points="([^"]+)"', row, re.DOTALL)))
        )
    return found


def words_in(sentences):
    """(direction, share, verdict) as a reader would take them from the sentences; empty where they say none."""
    if "Too few people" in sentences or "so we do not show a breakdown" in sentences.split(". ")[0]:
        return "", "", ""
    verdict = next(word for pattern, word in COMPARED if re.search(pattern, sentences))
    if "There was a split" in sentences:
        return "split", "about half" if "about half for one answer" in sentences else "no majority", verdict
    if "no answer had a majority" in sentences:
        first = re.search(r"largest part wanted to (keep it or do more of it|stop it|start it)", sentences)[1]
        return WANTED[first], "no majority", verdict
    pattern = r"(nearly everyone|most|more than half|about half) wanted to (keep it or do more of it|stop it|start it)"
    share, wanted = re.search(pattern, sentences).groups()
    return WANTED[wanted], share, verdict


def in_sentence(names):
    return [name[:1].lower() + name[1:] if name[1:] == name[1:].lower() else name for name in names]


# The tests.


def check_numbers(html, rows, verdict):
    """Each number is that of the files: bars and their corners, who voted, who is named."""
    groups = {row["group"]: row for row in rows}
    bars = bars_of(html)
    assert [bar[0] for bar in bars] == sorted(groups, key=lambda name: (name == UNKNOWN, name))
    for group, people, counts, corners in bars:
        row = groups[group]
        base = between(row, "base")
        assert people == f"{said(*base)} people"
        assert counts == {choice: said(*between(row, choice), base) for choice in CHOICES}
        edges = [(0, 0), *(share_between(row, CHOICES[:place]) for place in (1, 2, 3)), (1, 1)]
        for place, choice in enumerate(CHOICES):
            (left_low, left_high), (right_low, right_high) = edges[place : place + 2]
            points = [(left_low, 0), (right_low, 0), (right_high, 1), (left_high, 1)]
            drawn = " ".join(f"{float(100 * x):.4g},{y}" for x, y in points)
            assert corners.get(choice, drawn) == drawn
            assert (choice in corners) == (edges[place] != edges[place + 1])
    text = text_of(html)
    if rows:
        middle = (int(verdict["voters_low"]) + int(verdict["voters_high"])) // 2
        assert f"The votes of about {(middle + 2) // 5 * 5} people" in text
        services = sum(len(name.split(" + ")) for name in groups if name != UNKNOWN)
        assert f"{NUMBERS[services]} service" in text or services == 0
    silent = [name.lower() for name in verdict["silent"].split("|") if name]
    sentence = text.lower().split("nobody recorded as from there voted")[0].rsplit(". ", 1)[-1]
    assert [name for name in silent if name not in sentence] == []
    assert ("nobody recorded as from there voted" in text) == bool(silent)


def check_possible(words, rows):
    """The words can be true under the ranges."""
    direction, share, verdict = words
    pool = [row for row in rows if row["group"] != UNKNOWN] or rows
    if not direction:
        return
    way = WAYS[direction] if direction != "split" else None
    of_ways = {name: pooled_between(pool, choices) for name, choices in WAYS.items()}
    top = (
        of_ways[direction]
        if way
        else (min(low for low, _ in of_ways.values()), max(high for _, high in of_ways.values()))
    )
    low, high = LIMITS[share]
    assert top[0] <= high
    assert top[1] >= low
    if not way or verdict not in {"agree", "differ"}:
        return
    each = [share_between(row, way) for row in pool]
    if verdict == "agree":
        assert top[1] >= 0.75
        assert all(high > 0.5 for _, high in each)
        assert max(low for low, _ in each) - min(high for _, high in each) < 0.2
    else:
        assert max(high for _, high in each) - min(low for low, _ in each) >= 0.2


def check_picture(row, rows, verdict):
    """Each lane of the picture, and its text, is the share that the file's ranges allow."""
    if not rows:
        assert "<rect" not in row
        return
    drawn = [(int(x), int(width)) for x, width in re.findall(r'<rect[^>]* x="(\d+)%"[^>]* width="(\d+)%"', row)]
    way = next(
        way
        for words, way in WANTED.items()
        if words in text_of(re.search(r"<th.*?</th>", row, re.DOTALL)[0].split("</a>")[1])
    )
    if verdict["direction"] not in {"", "split"}:
        assert way == verdict["direction"]
    ordered = sorted(rows, key=lambda each: (each["group"] == UNKNOWN, each["group"]))
    shares = [share_between(each, WAYS[way]) for each in ordered]
    expected = [(floor(100 * low), ceil(100 * high)) for low, high in shares]
    assert drawn == [(low, high - low) for low, high in expected]
    for each, (low, high) in zip(ordered, expected, strict=True):
        assert f"{each['group']} {low} to {high}" in unescape(text_of(row))
    apart = [name for name in (verdict["less"] + "|" + verdict["more"]).split("|") if name]
    assert len(re.findall(r'class="apart', row)) == len(apart)
    for how, names in (("less", verdict["less"]), ("more", verdict["more"])):
        for name in filter(None, names.split("|")):
            expected_word = "otherwise" if verdict["direction"] == "split" else f"{how} often"
            assert f"{in_sentence([name])[0]}: {expected_word}" in text_of(row)


def exact_polls():
    """{practice: {service: [counts]}} from every vote, with the service area of who cast it, and every tally."""
    names = dict(ServiceArea.objects.values_list("slug", "name"))
    areas = dict(Participant.objects.values_list("code", "service_area__slug"))
    counts, themselves = defaultdict(Counter), set()
    for row in csv.DictReader(StringIO("".join(CsvFile(Votes(), Audience.FULL)))):
        area = names.get(areas[row["participant"]], UNKNOWN)
        counts[row["practice"], area][row["choice"]] += 1
        themselves.add((row["practice"], row["workshop"], area))
    for row in csv.DictReader(StringIO("".join(CsvFile(Tallies(), Audience.ANALYST)))):
        area = names[row["service_area"]]
        if (row["practice"], row["workshop"], area) not in themselves:
            counts[row["practice"], area].update({choice: int(row[choice]) for choice in CHOICES})
    polls = defaultdict(dict)
    for (practice, area), chosen in counts.items():
        polls[practice][area] = [chosen[choice] for choice in CHOICES]
    return polls


def shown_services(poll):
    """{name: counts} of the groups of ten or more, joined as design says."""
    groups = [([name], counts) for name, counts in poll.items() if name != UNKNOWN and sum(counts)]
    while len(groups) > 1 and min(sum(counts) for _, counts in groups) < 10:
        groups.sort(key=lambda group: (sum(group[1]), " + ".join(group[0])))
        (one, first), (other, second), *rest = groups
        groups = [(sorted(one + other), [a + b for a, b in zip(first, second, strict=True)]), *rest]
    return {" + ".join(names): counts for names, counts in groups if sum(counts) >= 10}


def chose(counts, way):
    return sum(counts[CHOICES.index(choice)] for choice in WAYS[way])


def exact_chance(one, of_one, other, of_other):
    """Fisher's exact test, one-sided, straight from the hypergeometric distribution."""
    chosen, everyone = one + other, of_one + of_other
    lower = one * of_other < other * of_one
    tail = range(max(0, chosen - of_other), one + 1) if lower else range(one, min(of_one, chosen) + 1)
    return sum(Fraction(comb(of_one, k) * comb(of_other, chosen - k), comb(everyone, chosen)) for k in tail)


def exact_words(poll):
    """(direction, share, verdict) judged on the exact counts of the services that are shown."""
    services = shown_services(poll)
    unknown = {UNKNOWN: poll[UNKNOWN]} if sum(poll.get(UNKNOWN, [])) >= 10 else {}
    pool = services or unknown
    voters = sum(map(sum, pool.values()))
    if voters < max(40, 20 * len(pool)):
        return "", "", ""
    shares = {way: Fraction(sum(chose(counts, way) for counts in pool.values()), voters) for way in WAYS}
    way = max(WAYS, key=shares.get)
    first, second, _ = sorted(shares.values(), reverse=True)
    percent = 100 * first
    share = next(word for word, holds in [("nearly everyone", percent >= 90), ("most", percent >= 70),
                 ("more than half", percent > 55), ("about half", percent >= 45), ("no majority", True)] if holds)  # fmt: skip
    direction = way if first - second >= Fraction(5, 100) else "split"
    if len(services) < 2:
        return direction, share, "not compared"
    limit = Fraction(25, 1000) / (len(services) if len(services) > 2 else 1)
    all_chose = sum(chose(counts, way) for counts in services.values())
    for counts in services.values():
        one, of_one = chose(counts, way), sum(counts)
        other, of_other = all_chose - one, voters - of_one
        far = abs(Fraction(one, of_one) - Fraction(other, of_other)) >= Fraction(1, 5)
        if far and exact_chance(one, of_one, other, of_other) <= limit:
            return direction, share, "differ"
    each = [Fraction(chose(counts, way), sum(counts)) for counts in services.values()]
    agree = (
        direction != "split"
        and first >= Fraction(3, 4)
        and min(each) > Fraction(1, 2)
        and max(each) - min(each) < Fraction(1, 5)
    )
    return direction, share, "agree" if agree else "mixed"


def check_all_pages(client, programme):
    """Check the list, the picture and the page of every practice of a programme. How many were checked."""
    ranges = by_practice(public_rows(client, "vote_results"))
    verdicts = {(row["practice"], row["programme"]): row for row in public_rows(client, "vote_verdicts")}
    exact, listed, page = exact_polls(), {}, 1
    pictured = picture_of(client, f"/votes/?programme={programme}")
    pages = client.get(f"/votes/?programme={programme}").context["paginator"].num_pages
    for page in range(1, pages + 1):
        listed |= results_on_page(client, f"/votes/?programme={programme}&page={page}")
    assert sorted(listed) == sorted(pictured) == sorted(practice for practice, _ in verdicts)
    for practice, article in listed.items():
        rows, verdict = ranges[practice, programme], verdicts[practice, programme]
        whole = results_on_page(client, f"/practices/{practice}/")[practice]
        check_picture(pictured[practice], rows, verdict)
        for html in (article, whole):
            check_numbers(html, rows, verdict)
            headline = text_of(re.search(r'<p class="headline">(.*?)</p>', html, re.DOTALL)[1])
            words = words_in(headline)
            assert words == (verdict["direction"], verdict["share"], verdict["verdict"]), (practice, headline)
            check_possible(words, rows)
            assert words == exact_words(exact[practice]), practice
            shown_apart = [*filter(None, (verdict["less"] + "|" + verdict["more"]).split("|"))]
            for name in in_sentence(shown_apart):
                assert name in headline
        table = re.search(r'<table class="counts-table">.*', whole, re.DOTALL)
        expected = [" ".join(f"{low} to {high}" for low, high in (between(row, name) for name in ["base", *CHOICES]))
                    for row in sorted(rows, key=lambda row: (row["group"] == UNKNOWN, row["group"]))]  # fmt: skip
        if rows:
            assert [line for line in expected if line not in text_of(table[0])] == []
    return len(listed)


def test_pages_of_the_sample_say_what_its_files_and_votes_say(client, settings, tmp_path):
    settings.DEBUG, settings.DATA_DIR = True, tmp_path
    call_command("demo", no_server=True, stdout=io.StringIO())
    assert check_all_pages(client, "greater-manchester-2020") == 36


def test_pages_of_every_case_of_the_rule_say_what_files_and_votes_say(client):
    path = shared("polis", "made-four-services")
    for kind in ["programmes", "service_areas", "themes", "workshops", "participants", "practices", "votes"]:
        call_command("import_data", kind, str(path / f"{kind}.csv"), stdout=StringIO())
    release(Programme.objects.get(), on=DAY)
    assert check_all_pages(client, "made-four-services") == 24


def test_pages_of_votes_and_hands_say_what_files_and_votes_say(client):
    """Where people of a service voted themselves, their votes replace its tally; elsewhere hands count."""
    areas = [a_service_area(name) for name in ("Hubs", "Parks", "Aid", "Silent")]
    room = a_workshop(programme=a_programme(slug="gm"), service_areas=areas)
    hall = a_workshop(phase=room.phase)
    agreed, split, tiny = (a_practice(ref=ref) for ref in ("P-agreed", "P-split", "P-tiny"))
    votes_on(agreed, room, Hubs=(14, 7, 2, 1), Parks=(9, 6, 0, 1), unknown=(0, 1, 11, 0))
    a_tally(practice=agreed, workshop=hall, service_area=areas[2], keep=13, amplify=8, create=3)
    a_tally(practice=agreed, workshop=room, service_area=areas[0], discard=30)
    votes_on(split, room, Hubs=(10, 0, 12, 0), Parks=(11, 0, 10, 0), Aid=(3, 0, 3, 0))
    votes_on(tiny, room, Hubs=(3, 0, 0, 0), unknown=(40, 5, 0, 0))
    release(room.phase.programme, on=DAY)
    assert check_all_pages(client, "gm") == 3
