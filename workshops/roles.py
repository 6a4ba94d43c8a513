"""The roles that people have at the desk. A role is a group, made by a migration of innovation_archive."""

from django.contrib.auth.models import AnonymousUser, User

FACILITATOR = "facilitator"
EDITOR = "editor"
ANALYST = "analyst"
SYSTEM_LEADER = "system leader"
ADMINISTRATOR = "administrator"

ROLES = [FACILITATOR, EDITOR, ANALYST, SYSTEM_LEADER, ADMINISTRATOR]


def roles_of(user: User | AnonymousUser) -> frozenset[str]:
    """The names of a person's roles, looked up once a request. Whoever is not signed in has none."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if not hasattr(user, "_roles"):
        user._roles = frozenset(user.groups.values_list("name", flat=True))
    return user._roles


def is_editor(user: User | AnonymousUser) -> bool:
    """Whether a person may publish and release. A superuser, such as who installed the archive, counts as an editor."""
    return EDITOR in roles_of(user) or (user.is_active and user.is_superuser)


def is_analyst(user: User | AnonymousUser) -> bool:
    return ANALYST in roles_of(user)


def is_reader_of_everything(user: User | AnonymousUser) -> bool:
    """Whether a person may read what was told to the project team."""
    return is_editor(user) or is_analyst(user)


def recording_role(user: User | None) -> str:
    """In which role somebody records what a participant asks for. Nobody signed in: the participant, or the shell."""
    if user is None:
        return ""
    if is_editor(user):
        return EDITOR
    return FACILITATOR if FACILITATOR in roles_of(user) else ""
