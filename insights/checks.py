"""`manage.py check` refuses settings that would show fewer people than the design allows."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from insights.models.releases import LEAST_VOTERS

THRESHOLDS = ["VOTES_LEAST_GROUP", "VOTES_LEAST_NEWCOMERS"]


@register()
def thresholds_are_not_lowered(app_configs: object = None, **kwargs: object) -> list[CheckMessage]:
    return [
        Error(
            lowered(name),
            hint=f"Set {name} to a whole number of {LEAST_VOTERS} or more, or leave it out.",  # not translated: the shell speaks English
            id="insights.E001",
        )
        for name in THRESHOLDS
        if not is_enough(getattr(settings, name))
    ]


def lowered(name: str) -> str:
    value = getattr(settings, name)
    return f"{name} is {value!r}. It may be raised above {LEAST_VOTERS}, never lowered."  # not translated: the shell speaks English


def is_enough(threshold: object) -> bool:
    return type(threshold) is int and threshold >= LEAST_VOTERS
