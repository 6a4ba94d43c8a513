"""What a room said on its ballot, for its own screen."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from insights.votes.rooms import order_of_room
from workshops.models import Ballot
from workshops.visibility import own_workshops


def room_page(model_admin, request, pk):
    """The page for the wall once the ballot is closed. It is the room's alone: its facilitators open it."""
    ballot = get_object_or_404(Ballot.objects.visible_to(request.user).select_related("workshop"), pk=pk)
    if not (request.user.is_superuser or ballot.workshop_id in own_workshops(request.user)):
        raise PermissionDenied
    if ballot.is_open:
        said = gettext("The ballot is still open. Close it first; then the room may see what it said.")
        model_admin.message_user(request, said, messages.WARNING)
        return redirect("admin:workshops_ballot_change", pk)
    context = {"ballot": ballot, "order": order_of_room(ballot)}
    return TemplateResponse(request, "admin/workshops/voting/room.html", context)
