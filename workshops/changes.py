"""How other apps are told that stories changed, without this app knowing them.

`listeners` holds functions of one argument: the primary keys of the stories that were withdrawn or unpublished, or
whose consent was lowered. Each runs in the transaction of the change, so when one fails, the change is rolled back.
An app appends its function in `AppConfig.ready`.

`foretellers` holds functions of the same argument that say what would follow, before an editor takes stories down.
"""

from collections.abc import Callable, Collection

listeners: list[Callable[[Collection[int]], object]] = []


def tell(story_ids: Collection[int]) -> None:
    for listener in listeners:
        listener(story_ids)


foretellers: list[Callable[[Collection[int]], list[str]]] = []


def foretell(story_ids: Collection[int]) -> list[str]:
    """What would follow if readers did not get these stories any more, a sentence each. Nothing is changed."""
    return [sentence for foreteller in foretellers for sentence in foreteller(story_ids)]
