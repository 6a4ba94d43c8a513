"""Whom a withdrawal concerns outside the archive: those who downloaded a file that held the story."""

import datetime
from collections.abc import Collection
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from innovation_archive.models import Download
from workshops.choices import Consent
from workshops.mail.queue import queue_mail
from workshops.models import RemovedStory

FILES_WITH_STORIES = frozenset(
    {"archive", "stories", "story_tags", "story_codes", "practices", "evidence", "set_aside"}
)
"""The files of team-level data that name stories."""


class HeldByCopy(NamedTuple):
    """A download that may still be used, and the refs in it of stories that were taken back since."""

    download: Download
    refs: list[str]


def copies_to_mend(user: User) -> list[HeldByCopy]:
    """What somebody downloaded and may still use, that holds stories taken back since; the latest download first."""
    downloads = Download.objects.filter(user=user, expires_on__gte=timezone.localdate())
    days = {each: timezone.localdate(each.downloaded_at) for each in downloads if names_stories(each)}
    if not days:
        return []
    removed = list(removed_since(min(days.values())).values_list("story__ref", "day"))
    held = [HeldByCopy(each, [ref for ref, day in removed if day >= days[each]]) for each in days]
    return [each for each in held if each.refs]


def names_stories(download: Download) -> bool:
    return download.file.partition(".")[0] in FILES_WITH_STORIES


def removed_since(day: datetime.date) -> QuerySet[RemovedStory]:
    """The stories that analysts could read on this day or later, and cannot any more."""
    return RemovedStory.objects.filter(day__gte=day, reach__gte=Consent.TEAM).order_by("story__ref")


def write_to_holders(story_ids: Collection[int]) -> None:
    """Write to everyone who may still use a download that holds one of these stories, if it was taken back now.

    A listener of workshops.changes: the mail is queued in the transaction of the withdrawal, and names refs alone.
    """
    today = timezone.localdate()
    removed = RemovedStory.objects.filter(story__in=story_ids, day=today, reach__gte=Consent.TEAM)
    refs = list(removed.order_by("story__ref").values_list("story__ref", flat=True))
    if not refs:
        return
    downloads = Download.objects.filter(expires_on__gte=today, user__is_active=True).exclude(user__email="")
    holders = {each.user for each in downloads.select_related("user") if names_stories(each)}
    for user in sorted(holders, key=lambda user: user.pk):
        queue_mail(user.email, _("Delete what was taken back from your copies"), letter(refs), "removed")


def letter(refs: list[str]) -> str:
    says = ngettext(
        "A story in a file that you downloaded was taken back. Delete it from your copies: %(refs)s",
        "Stories in a file that you downloaded were taken back. Delete them from your copies: %(refs)s",
        len(refs),
    )
    return says % {"refs": ", ".join(refs)}
