"""Which facts a controller has not said yet: the desk asks for them, and /privacy/ says that they are missing."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from innovation_archive.models import Controller

FACTS: dict[str, str | Promise] = {
    "publisher": _("who publishes the archive"),
    "email": _("an e-mail address"),
    "post": _("a postal address"),
    "telephone": _("a telephone number"),
    "lawful_basis": _("the lawful basis"),
    "special_condition": _("the condition for special categories"),
    "officer_name": _("the data protection officer"),
    "officer_contact": _("the contact of the data protection officer"),
    "recipients": _("who else receives what is not public"),
    "hosting": _("where the archive is hosted"),
}
"""{field of Controller: what it says}"""


def missing_facts(controller: Controller) -> list[str]:
    return [str(says) for field, says in FACTS.items() if not getattr(controller, field)]
