"""What somebody can work out from published votes: an attack on the ranges and words of invented practices.

Usage: python -m tests.benchmarks.disclosure [PRACTICES] [SEED …]

The attacker looks for the tables of exact votes that give the same public output as the true one. From the true table a
walk moves voters at random and keeps only tables that look the same from outside. What was the same in every table it
met is counted as certain: that a count of 4 or fewer has its value, or that everyone of a service chose the same. A
walk meets only some of the tables, so it can overstate what is certain and never understate it.

`files` reads the public files; `sizes` knows also exactly how many of each service voted. The pairs see two outputs of
the same votes: a result and the next one, a result and its correction, the services' result and the whole room's, and a
result before and after somebody was erased.
"""

import os
import random
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

Table = dict[str, list[int]]
"""{service area: [keep, amplify, discard, create]}"""

SERVICES = ["Early help", "Homelessness", "Community hubs", "Early years", "Policing"]
FEW = 4
STEPS = 8000
STEPS_OF_PAIRS = 160_000
"""Two tables take longer to walk about in than one."""


@dataclass
class Secret:
    """The exact votes behind a publication: as they were, and as they were afterwards, if the attacker sees both."""

    before: Table
    after: Table = field(default_factory=dict)

    @property
    def tables(self) -> list[Table]:
        return [self.before, self.after] if self.after else [self.before]

    def copy(self) -> "Secret":
        return Secret(*({name: list(counts) for name, counts in table.items()} for table in self.tables))


def invented_table(turn: int, rng: random.Random) -> Table:
    """Two to five service areas of 10 to 60 voters, from united to scattered; sometimes with unrecorded voters."""
    most = 60 if turn % 2 else 28
    table = {
        name: invented_counts(rng.randint(10, most), (0.2, 0.5, 1.0)[turn % 3], rng)
        for name in SERVICES[: 2 + turn % 4]
    }
    if turn % 5 == 0:
        table["Not recorded"] = invented_counts(rng.randint(10, 20), 0.5, rng)
    return table


def invented_counts(voters: int, scatter: float, rng: random.Random) -> list[int]:
    leanings = [rng.gammavariate(scatter, 1) + 1e-9 for _ in range(4)]
    drawn = rng.choices(range(4), leanings, k=voters)
    return [drawn.count(choice) for choice in range(4)]


def facts_of(secret: Secret) -> set[tuple[int, str, int, int]]:
    """What must not become certain: (table, service, choice, count) of each count of 4 or fewer, and of each that is all.

    A count that is all of its service has -1 for its value: it is known when everyone is known to have chosen the same.
    """
    facts = set()
    for place, table in enumerate(secret.tables):
        for name, counts in table.items():
            facts |= {(place, name, choice, count) for choice, count in enumerate(counts) if count <= FEW}
            facts |= {(place, name, choice, -1) for choice, count in enumerate(counts) if count == sum(counts)}
    return facts


def moved(secret: Secret, rng: random.Random, *, keeps_sizes: bool) -> Secret:
    """The secret with one or two voters of one service moved, or, unless sizes are known, one more or less.

    Of two tables often both are moved alike, as if the voters had chosen otherwise from the beginning.
    """
    new = secret.copy()
    alike = new.tables if rng.random() < 0.5 else [rng.choice(new.tables)]
    service = rng.choice(list(new.before))
    for _ in range(rng.choice((1, 1, 2))):
        source, target, change = rng.randrange(4), rng.randrange(4), rng.choice((-1, 1))
        resized = not keeps_sizes and rng.random() < 0.5
        for table in alike:
            counts = table[service]
            if resized:
                counts[source] = max(0, counts[source] + change)
            elif counts[source]:
                counts[source] -= 1
                counts[target] += 1
    return new


def is_anything_certain(
    secret: Secret, publish: Callable[[Secret], object], rng: random.Random, *, keeps_sizes: bool, steps: int = STEPS
) -> bool:
    """Whether some fact of a secret holds in every secret that a walk met and that publishes the same."""
    published = publish(secret)
    certain = facts_of(secret)
    for _ in range(steps):
        if not certain:
            return False
        other = moved(secret, rng, keeps_sizes=keeps_sizes)
        if publish(other) == published:
            secret = other
            certain &= facts_of(secret)
    return True


def publish_result(table: Table) -> object:
    """What a release shows of a table, by the product's own functions."""
    from insights.votes.ranges import ChoiceCounts, merge_small_groups, ranges_of_group
    from insights.votes.verdicts import words_for

    shown = merge_small_groups({name: ChoiceCounts(*counts) for name, counts in table.items()})
    ranges = {name: ranges_of_group(counts) for name, counts in shown.items()}
    return ranges, words_for(shown) if ranges else None


def publish_once(secret: Secret) -> object:
    return publish_result(secret.before)


def publish_room(secret: Secret) -> object:
    """The services' result beside what the room itself saw: the share's word of all who voted there."""
    from insights.votes.ranges import ChoiceCounts
    from insights.votes.verdicts import leading_way, share_of, word_for_share

    pool = {name: ChoiceCounts(*counts) for name, counts in secret.before.items()}
    way, is_split = leading_way(pool)
    return publish_result(secret.before), is_split or way, word_for_share(share_of(pool.values(), way))


def publish_both(secret: Secret, least: int, most_taken: int = 10_000) -> object:
    """Two outputs, of votes between which at least so many were added, and at most so many taken away."""
    changes = [
        after - before
        for name in secret.before
        for before, after in zip(secret.before[name], secret.after[name], strict=True)
    ]
    added, taken = sum(each for each in changes if each > 0), -sum(each for each in changes if each < 0)
    possible = added >= least and taken <= most_taken
    return publish_result(secret.before), publish_result(secret.after), possible


def publish_next_release(secret: Secret) -> object:
    """Ten newcomers or more voted in between, and nobody took a vote back."""
    return publish_both(secret, least=10, most_taken=0)


def publish_correction(secret: Secret) -> object:
    """Five votes or more were entered wrongly."""
    return publish_both(secret, least=5)


def publish_after_erasure(secret: Secret) -> object:
    """Somebody was erased, and eleven newcomers or more voted: one of them may be the same person.

    The erased vote stays in the counts (`insights/votes/erasure.py`), so nothing is taken away.
    """
    return publish_both(secret, least=11, most_taken=0)


def with_newcomers(table: Table, least: int, rng: random.Random) -> Table:
    after = {name: list(counts) for name, counts in table.items()}
    for _ in range(least + rng.randint(0, 10)):
        counts = after[rng.choice(list(after))]
        counts[rng.choices(range(4), [count + 0.5 for count in counts])[0]] += 1
    return after


def with_corrections(table: Table, rng: random.Random) -> Table:
    after = {name: list(counts) for name, counts in table.items()}
    while sum(max(0, b - a) for name in table for a, b in zip(table[name], after[name], strict=True)) < 5:
        counts = after[rng.choice(list(after))]
        source, target = rng.randrange(4), rng.randrange(4)
        if counts[source]:
            counts[source] -= 1
            counts[target] += 1
    return after


def with_one_erased(table: Table, rng: random.Random) -> Table:
    return with_newcomers(table, 11, rng)


PAIRS = {
    "a result and the next": (lambda table, rng: Secret(table, with_newcomers(table, 10, rng)), publish_next_release),
    "a result and its correction": (lambda table, rng: Secret(table, with_corrections(table, rng)), publish_correction),
    "the services and the room": (lambda table, rng: Secret(table), publish_room),
    "before and after an erasure": (
        lambda table, rng: Secret(table, with_one_erased(table, rng)),
        publish_after_erasure,
    ),
}


def attack(practices: int, seed: int, *, keeps_sizes: bool, steps: int = STEPS) -> int:
    """In how many of so many invented practices something becomes certain."""
    rng = random.Random(f"{seed} {keeps_sizes}")
    return sum(
        is_anything_certain(Secret(invented_table(turn, rng)), publish_once, rng, keeps_sizes=keeps_sizes, steps=steps)
        for turn in range(practices)
    )


def attack_pair(pair: str, practices: int, seed: int, *, steps: int = STEPS_OF_PAIRS) -> int:
    """The same for two outputs of the same votes, by whoever reads the public files."""
    make, publish = PAIRS[pair]
    rng = random.Random(f"{seed} {pair}")
    return sum(
        is_anything_certain(make(invented_table(turn, rng), rng), publish, rng, keeps_sizes=False, steps=steps)
        for turn in range(practices)
    )


def main(practices: int, seeds: Iterable[int]) -> None:
    for seed in seeds:
        print(f"of {practices} practices, seed {seed}, something certain:")
        print(f"  from the files {attack(practices, seed, keeps_sizes=False)}")
        print(f"  knowing who voted how many {attack(practices, seed, keeps_sizes=True)}")
        for pair in PAIRS:
            print(f"  {pair} {attack_pair(pair, practices, seed)}", flush=True)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "innovation_archive.settings")
    django.setup()
    number, *chosen = map(int, sys.argv[1:] or ["600", "1", "2", "3"])
    main(number, chosen or [1])
