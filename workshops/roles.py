"""The roles people have at the desk. A role is a group; a migration of innovation_archive makes them."""

FACILITATOR = "facilitator"
EDITOR = "editor"
ANALYST = "analyst"
SYSTEM_LEADER = "system leader"
ADMINISTRATOR = "administrator"

ROLES = [FACILITATOR, EDITOR, ANALYST, SYSTEM_LEADER, ADMINISTRATOR]


def roles_of(user):
    """The names of a person's roles, asked for once a request. Nobody signed in has none."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    if not hasattr(user, "_roles"):
        user._roles = frozenset(user.groups.values_list("name", flat=True))
    return user._roles


def is_editor(user):
    """Editors publish and release. The person who installed the archive counts as one, as the shell does."""
    return EDITOR in roles_of(user) or (user.is_active and user.is_superuser)


def is_analyst(user):
    return ANALYST in roles_of(user)


def is_reader_of_everything(user):
    """Those who may learn from what was told to the project team."""
    return is_editor(user) or is_analyst(user)
