"""When somebody leaves: their account is closed, and what they ran is handed to who goes on with it."""

from django import forms
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from innovation_archive.accounts.sessions import end_sessions
from innovation_archive.models import ActKind, AdministrativeAct
from workshops.models import Workshop
from workshops.roles import FACILITATOR


class SuccessorField(forms.ModelChoiceField):
    def label_from_instance(self, account):
        """Their name, and that of their account where it is another."""
        full_name, name = account.get_full_name(), account.get_username()
        return gettext("%(person)s (%(account)s)") % {"person": full_name, "account": name} if full_name else name


class LeavingForm(forms.Form):
    """Who gets the workshops of somebody who leaves. Empty for who has none."""

    successor = SuccessorField(
        User.objects.none(),
        required=False,
        label=_("Hand their workshops to"),
        empty_label=_("nobody for now"),
        help_text=_(
            "A facilitator, who then sees the notes, drafts and names of these workshops and goes on with them. It is "
            "written to the log."
        ),
    )

    def __init__(self, account, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if workshops_of(account):
            self.fields["successor"].queryset = possible_successors(account)
        else:
            del self.fields["successor"]


def workshops_of(account):
    """The workshops that somebody facilitates, each with `others`: how many open accounts do so beside them."""
    others = Count("facilitators", filter=Q(facilitators__is_active=True) & ~Q(facilitators=account))
    ids = account.workshops.values("pk")
    return Workshop.objects.filter(pk__in=ids).annotate(others=others).order_by("-held_on", "pk")


def possible_successors(account):
    people = User.objects.filter(groups__name=FACILITATOR, is_active=True).exclude(pk=account.pk)
    return people.order_by("username")


@transaction.atomic
def close_account(account, by, successor=None):
    """Let nobody sign in with this account any more, and hand its workshops over if somebody is named for them."""
    if account.is_active:
        User.objects.filter(pk=account.pk).update(is_active=False)
        end_sessions(account)
        AdministrativeAct.objects.create(by=by, about=account, kind=ActKind.CLOSED)
    if successor:
        hand_workshops_over(account, by, successor)


def hand_workshops_over(account, by, successor):
    workshops = list(account.workshops.all())
    successor.workshops.add(*workshops)
    account.workshops.clear()
    if workshops:
        detail = successor.get_username()
        AdministrativeAct.objects.create(by=by, about=account, kind=ActKind.HANDED, detail=detail)


@transaction.atomic
def open_account(account, by):
    """Let its owner sign in again, as before."""
    if User.objects.filter(pk=account.pk, is_active=False).update(is_active=True):
        AdministrativeAct.objects.create(by=by, about=account, kind=ActKind.OPENED)
