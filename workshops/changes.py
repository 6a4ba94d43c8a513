"""How other apps are told that stories changed or practices were merged, without this app knowing them.

`listeners` holds functions of one argument: the primary keys of the stories that were withdrawn or unpublished, or
whose consent was lowered. Each runs in the transaction of the change, so when one fails, the change is rolled back.
An app appends its function in `AppConfig.ready`.

`foretellers` holds functions of the same argument that say what would follow, before an editor takes stories down.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any, NamedTuple

listeners: list[Callable[[Collection[int]], object]] = []


class PracticeMergeListener(NamedTuple):
    """What an app does with what it holds of a practice that is merged into another.

    `merge(old, into)` moves it and returns what its undo needs, as JSON holds it, or refuses with a ValidationError.
    `undo(old, into, remembered)` moves it back.
    """

    merge: Callable[[Any, Any], Any]
    undo: Callable[[Any, Any, Any], None]


practice_merges: dict[str, PracticeMergeListener] = {}
"""{name of the app: its listener}; each runs in the transaction of the merge."""


def tell(story_ids: Collection[int]) -> None:
    for listener in listeners:
        listener(story_ids)


passage_listeners: list[Callable[[Collection[Any]], object]] = []
"""Functions of the passages (`HiddenPassage`) that were just cut out of editors' texts, in the same transaction."""


foretellers: list[Callable[[Collection[int]], list[str]]] = []


def foretell(story_ids: Collection[int]) -> list[str]:
    """What would follow if readers did not get these stories any more, a sentence each. Nothing is changed."""
    return [sentence for foreteller in foretellers for sentence in foreteller(story_ids)]


quoters: list[Callable[[Collection[int]], list[str]]] = []
"""Functions that say where stories are quoted or rested on, before somebody withdraws them."""


def where_stories_are_quoted(story_ids: Collection[int]) -> list[str]:
    """Where these stories are quoted or rested on, a sentence each."""
    return [sentence for quoter in quoters for sentence in quoter(story_ids)]


programme_texts: list[Callable[[int], Iterable[str]]] = []
"""Functions that give the texts which an app holds of a programme, by primary key: words judged there may stand in them."""
