"""How the desk names whoever wrote or asked something."""

from django import template
from django.contrib.auth.models import User
from django.utils.translation import gettext

register = template.Library()


@register.filter
def name_of(user: User | None) -> str:
    """The name of an account, or what it signs in with; of one that is not known any more, “somebody”."""
    return (user and (user.get_full_name() or user.get_username())) or gettext("somebody")
