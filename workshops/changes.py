"""How other apps are told that stories changed, without this app knowing them.

`listeners` holds functions of one argument: the primary keys of the stories that were withdrawn or unpublished, or
whose consent was lowered. Each runs in the transaction of the change, so when one fails, the change is rolled back.
An app appends its function in `AppConfig.ready`.
"""

from collections.abc import Callable, Collection

listeners: list[Callable[[Collection[int]], object]] = []


def tell(story_ids: Collection[int]) -> None:
    for listener in listeners:
        listener(story_ids)
