"""How often the words for votes err: equal services that are said to differ, and an odd one that is not found.

    python -m tests.benchmarks.verdicts TIMES SEED

Invents votes so many times, and prints of how many practices, in per cent, the words say what they should not or should.
"""

import os
import random
import sys


def invented(shares, voters, rng):
    """{service: counts}: of so many voters of each service the share that keeps, the others discard."""
    from insights.votes.ranges import ChoiceCounts

    kept = [sum(rng.random() < share for _ in range(voters)) for share in shares]
    return {f"service {n}": ChoiceCounts(keep, 0, voters - keep, 0) for n, keep in enumerate(kept)}


def per_cent(times, shares, voters, says, rng):
    from insights.votes.verdicts import words_for

    return 100 * sum(says(words_for(invented(shares, rng.choice(voters), rng))) for _ in range(times)) / times


def main(times, seed):
    rng = random.Random(seed)
    differ = [
        per_cent(times, [share] * services, [voters], lambda words: words.verdict == "differ", rng)
        for services in (2, 3, 4, 5)
        for share in (0.5, 0.7, 0.9)
        for voters in (20, 25, 40)
    ]
    print(f"equal services that are said to differ: {min(differ):.1f} to {max(differ):.1f} %")
    odd = [0.9, 0.9, 0.9, 0.35]
    found = per_cent(times, odd, range(20, 26), lambda words: words.verdict == "differ", rng)
    named = per_cent(times, odd, range(20, 26), lambda words: words.less == ["service 3"] and not words.more, rng)
    print(f"one odd service of 20 to 25 voters, 35 % against 90 %: found {found:.1f} %, named alone {named:.1f} %")
    half = per_cent(times, [0.8, 0.8, 0.8, 0.5], [20], lambda words: words.verdict == "differ", rng)
    print(f"one of 20 voters that is 30 points away: found {half:.0f} %")


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "innovation_archive.settings")
    django.setup()
    number, seed, *_ = map(int, sys.argv[1:] or ["2000", "1"])
    main(number, seed)
