"""How later layers hear that stories changed, without workshops knowing them.

`listeners` holds functions of one argument, the primary keys of the stories that were withdrawn or unpublished,
or whose consent fell. Each runs inside the transaction of the change: when it fails, the change has not happened.
An app appends its function in `AppConfig.ready`.
"""

listeners = []


def tell(story_ids):
    for listener in listeners:
        listener(story_ids)
