"""The roles that people have, for the whole archive or for some programmes.

A role is a group, made by a migration of innovation_archive. Membership of the group is the role for the whole archive; a
`RoleGrant` gives it for one programme.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import BigIntegerField, Q, QuerySet, Value

FACILITATOR = "facilitator"
EDITOR = "editor"
ANALYST = "analyst"
SYSTEM_LEADER = "system leader"
ADMINISTRATOR = "administrator"

ROLES = [FACILITATOR, EDITOR, ANALYST, SYSTEM_LEADER, ADMINISTRATOR]
ROLES_BY_PROGRAMME = [EDITOR, ANALYST]
"""The roles that may be given for one programme. A facilitator's reach is their workshops; the others have none."""


Narrowed = TypeVar("Narrowed", bound=QuerySet[Any])


@dataclass(frozen=True)
class Reach:
    """How far a right goes: to the rows with these primary keys, or, where that is None, to every row there is."""

    keys: frozenset[int] | None

    def __contains__(self, key: int | None) -> bool:
        """Whether the row with this primary key is within reach. A row that has none yet is only for who reaches all."""
        return self.keys is None or key in self.keys

    def __bool__(self) -> bool:
        return self.keys is None or bool(self.keys)

    def __or__(self, other: Reach) -> Reach:
        return EVERYTHING if self.keys is None or other.keys is None else Reach(self.keys | other.keys)

    def __le__(self, other: Reach) -> bool:
        return other.keys is None or (self.keys is not None and self.keys <= other.keys)

    @property
    def is_everything(self) -> bool:
        return self.keys is None

    def rows(self, path: str) -> Q:
        """The condition that a row's relation at this path leads within reach."""
        if self.keys is None:
            return ~Q(pk__in=[])  # true of every row; an empty Q would vanish beside an “or”
        return Q(**{f"{path}__in": self.keys}) if self.keys else Q(pk__in=[])

    def narrow(self, queryset: Narrowed, path: str) -> Narrowed:
        """The rows of a queryset whose relation at this path leads within reach; the same queryset if all of them do."""
        return queryset if self.is_everything else queryset.filter(self.rows(path))


EVERYTHING = Reach(None)
NOTHING = Reach(frozenset())


def reaches_of(user: User | AnonymousUser) -> dict[str, Reach]:
    """A person's roles, each with the programmes it is for; looked up once a request. Who is not signed in has none."""
    if not user.is_authenticated or not user.is_active:
        return {}
    if not hasattr(user, "_reaches"):
        everywhere = Value(None, output_field=BigIntegerField())
        given = user.groups.order_by().values_list("name", everywhere)
        rows = given.union(user.role_grants.order_by().values_list("role", "programme"), all=True)
        user._reaches = reaches_in(rows)
    return user._reaches


def reaches_in(rows: Collection[tuple[str, int | None]]) -> dict[str, Reach]:
    """{role: its reach} of (role, primary key of a programme, or None for the whole archive)."""
    programmes = defaultdict(set)
    for role, programme in rows:
        programmes[role].add(programme)
    return {role: EVERYTHING if None in keys else Reach(frozenset(keys)) for role, keys in programmes.items()}


def roles_of(user: User | AnonymousUser) -> frozenset[str]:
    """The names of the roles that a person has for the whole archive."""
    return frozenset(role for role, reach in reaches_of(user).items() if reach.is_everything)


def programmes_as(user: User | AnonymousUser, *roles: str) -> Reach:
    """The programmes for which a person has any of these roles."""
    reach = NOTHING
    for role in roles:
        reach |= reaches_of(user).get(role, NOTHING)
    return reach


def edited_by(user: User | AnonymousUser) -> Reach:
    """The programmes that a person edits. A superuser, such as who installed the archive, edits all."""
    return EVERYTHING if user.is_active and user.is_superuser else programmes_as(user, EDITOR)


def read_by(user: User | AnonymousUser) -> Reach:
    """The programmes of which a person may read what was told to the project team."""
    return edited_by(user) | programmes_as(user, ANALYST)


def is_editor(user: User | AnonymousUser) -> bool:
    """Whether a person may publish, release and tidy in the whole archive, and so in what all programmes share."""
    return edited_by(user).is_everything


def is_editor_of(user: User | AnonymousUser, programme: int | None) -> bool:
    """Whether a person may publish and release in this programme, a primary key."""
    return programme in edited_by(user)


def is_editor_somewhere(user: User | AnonymousUser) -> bool:
    """Whether a person edits any programme. It opens pages, of which each row then asks for its own programme."""
    return bool(edited_by(user))


def is_reader_of_everything(user: User | AnonymousUser) -> bool:
    """Whether a person may read what was told to the project team in every programme."""
    return read_by(user).is_everything


def recording_role(user: User | None) -> str:
    """In which role somebody records what a participant asks for. Nobody signed in: the participant, or the shell."""
    if user is None:
        return ""
    if is_editor_somewhere(user):
        return EDITOR
    return FACILITATOR if FACILITATOR in roles_of(user) else ""
