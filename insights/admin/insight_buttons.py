"""What each button beside the text of an insight does. Its value says it: "attach supports story 7kq2m", "up 12"."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from insights.admin.insight_forms import BENCH, PassageForm, PieceForm, found_prefix
from insights.choices import Reason, Role
from insights.evidence import editing
from insights.publications import publishing
from workshops.models import Practice, Story

NOT_KNOWN = _("This button is not known here. Open the page anew.")
ATTACHED = {
    Role.SUPPORTS: _("“%(source)s” is among the evidence. It supports the insight."),
    Role.QUALIFIES: _("“%(source)s” is among the evidence. It qualifies the insight."),
    Role.CONTRADICTS: _("“%(source)s” is among the evidence. It contradicts the insight."),
}
NOT_HERE = {
    "story": _("This story is not here to attach any more."),
    "practice": _("This practice is not here to attach any more."),
}


def take_step(request, insight):
    """Do what was pressed. Returns (a line for the history, a sentence for the person), or None for a search.

    The history outlives a story, so it names one by its ref alone.
    """
    match request.POST[BENCH].split():
        case ["search", *page]:
            type_in(request, {"find-page": "".join(page)})
            return None
        case ["find", facet, key]:
            cleared = {name: "" for name in request.POST if name.startswith("find-")}
            type_in(request, cleared | {f"find-{facet}": key})
            return None
        case ["attach", role, "story" | "practice" as kind, ref] if role in Role.values:
            return press_attach(request, insight, role, kind, ref)
        case ["save" | "take-out" | "up" | "down" | "place" as verb, key, *place] if key.isdecimal():
            piece = insight.evidence.at_bench().filter(pk=key).first()
            if not piece:
                sentence = gettext("This piece is not among the evidence any more: somebody took it out meanwhile.")
                raise ValidationError(sentence)
            return work_on(request, piece, verb, *place)
        case ["set-aside"]:
            return press_set_aside(request, insight)
        case ["put-back", ref]:
            insight.set_aside.filter(story__ref=ref).delete()
            return gettext("Put back %(ref)s.") % {"ref": ref}, gettext("It is not set aside any more.")
        case ["unpublish"]:
            return gettext("It was unpublished."), press_unpublish(insight)
    raise ValidationError(NOT_KNOWN)


def press_unpublish(insight):
    """Unpublish an insight and what rests on it. Returns a sentence that names them."""
    down = publishing.unpublish_insight(insight)
    if not down:
        return gettext("It was not published.")
    names = ", ".join(gettext("“%(name)s”") % {"name": name} for name in down)
    return ngettext("%(names)s was unpublished.", "%(names)s were unpublished.", len(down)) % {"names": names}


def type_in(request, fields):
    """Show these values in the page that comes back, instead of those that were sent."""
    request.POST = request.POST.copy()
    for name, value in fields.items():
        request.POST[name] = value


def press_attach(request, insight, role, kind, ref):
    things = Practice.objects.visible_to(request.user)
    if kind == "story":
        things = Story.objects.visible_to(request.user).told_to_team()
    thing = things.filter(ref=ref).first()
    if not thing:
        raise ValidationError(NOT_HERE[kind])
    form = PassageForm(request.POST, prefix=found_prefix(thing))
    if not form.is_valid():
        raise ValidationError(NOT_KNOWN)
    editing.attach_evidence(insight, thing, role, form.cleaned_data["passage"], form.cleaned_data["start"])
    logged = gettext("Attached %(ref)s: %(role)s.") % {"ref": ref, "role": Role(role).label.lower()}
    return logged, ATTACHED[role] % {"source": thing}


def work_on(request, piece, verb, *place):
    """Save a piece of evidence, take it out or move it."""
    ref, source = {"ref": piece.source.ref}, {"source": piece.source}
    if verb == "save":
        save_piece(request, piece)
        return gettext("Changed %(ref)s.") % ref, gettext("“%(source)s” is saved.") % source
    if verb == "take-out":
        editing.remove_evidence(piece)
        sentence = gettext("“%(source)s” is taken out. Nothing else was changed.")
        return gettext("Took out %(ref)s.") % ref, sentence % source
    number, count = move_piece(piece, verb, *place)
    sentence = gettext("“%(source)s” is number %(number)s of %(count)s.")
    return gettext("Moved %(ref)s.") % ref, sentence % {**source, "number": number, "count": count}


def save_piece(request, piece):
    form = PieceForm(request.POST, piece)
    if form.is_bound:
        if not form.is_valid():
            raise ValidationError([sentence for errors in form.errors.values() for sentence in errors])
        form.save()
        forget_typed(request, form)


def move_piece(piece, verb, *place):
    """Move it one up, one down or to a place. Returns its number, and of how many."""
    if verb == "place" and not (place and place[0].isdecimal()):
        raise ValidationError(NOT_KNOWN)
    order = list(piece.insight.evidence.at_bench().order_by("order", "pk"))
    now = order.index(piece)
    wanted = {"up": now - 1, "down": now + 1}.get(verb, int(place[0]) if place else 0)
    wanted = min(max(wanted, 0), len(order) - 1)
    editing.move_evidence(piece, wanted)
    return wanted + 1, len(order)


def forget_typed(request, form):
    """Drop what was typed in a form that is saved: sent back, it would hide what others save later."""
    request.POST = request.POST.copy()
    for name in [name for name in request.POST if f"{form.prefix}-" in name]:
        del request.POST[name]


def press_set_aside(request, insight):
    refs = request.POST.getlist("pick")
    stories = list(Story.objects.visible_to(request.user).told_to_team().filter(ref__in=refs))
    reason = request.POST.get("reason", "")
    if not stories:
        raise ValidationError(gettext("Tick the stories to set aside."))
    if reason not in Reason.values:
        raise ValidationError(gettext("Choose the reason for which they are set aside."))
    editing.set_stories_aside(insight, stories, reason)
    request.POST = request.POST.copy()
    request.POST.setlist("pick", [])
    logged = {"refs": ", ".join(sorted(story.ref for story in stories)), "reason": reason}
    said = ngettext("“%(story)s” is set aside.", "%(count)s stories are set aside.", len(stories))
    named = {"story": stories[0], "count": len(stories)}
    return gettext("Set aside %(refs)s: %(reason)s.") % logged, said % named
