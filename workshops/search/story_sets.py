"""Sets of stories that are cheap to cut and to count, however large the archive is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Self

BLOCK_SIZE = 4096
"""How many stories a block holds. Rows of FacetCount depend on it: who changes it makes them anew in a migration."""
ONE = ord("1")


class StorySet:
    """A set of stories, by primary key: {block: a number in which each story of the block is one bit}."""

    def __init__(self, blocks: Mapping[int, int]) -> None:
        self.blocks = blocks

    @classmethod
    def of(cls, pks: Iterable[int]) -> Self:
        digits: dict[int, bytearray] = defaultdict(lambda: bytearray(b"0" * BLOCK_SIZE))
        for pk in pks:
            digits[pk // BLOCK_SIZE][-1 - pk % BLOCK_SIZE] = ONE
        return cls({block: int(written, 2) for block, written in digits.items()})

    def __and__(self, other: "StorySet") -> "StorySet":
        return StorySet({block: bits & other.blocks.get(block, 0) for block, bits in self.blocks.items()})

    def __or__(self, other: "StorySet") -> "StorySet":
        both = self.blocks.keys() | other.blocks.keys()
        return StorySet({block: self.blocks.get(block, 0) | other.blocks.get(block, 0) for block in both})

    def __len__(self) -> int:
        return sum(bits.bit_count() for bits in self.blocks.values())

    def __iter__(self) -> Iterator[int]:
        """The primary keys, in order."""
        for block in sorted(self.blocks):
            digits = f"{self.blocks[block]:b}"[::-1]
            yield from (block * BLOCK_SIZE + place for place, digit in enumerate(digits) if digit == "1")

    def shares(self, block: int, bits: int) -> int:
        """How many of these stories are among those of a block that `bits` names."""
        return (self.blocks.get(block, 0) & bits).bit_count()


def written(bits: int) -> bytes:
    """The bits of a block as bytes, the lowest first, without the empty ones at the end."""
    return bits.to_bytes((bits.bit_length() + 7) // 8, "little")


def bits_in(stored: bytes | memoryview) -> int:
    return int.from_bytes(stored, "little")
