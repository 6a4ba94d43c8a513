"""What each button of the bench does. Its value says it, such as "attach supports story 7kq2m" or "up 12"."""

from django.core.exceptions import ValidationError

from insights.admin.insight_forms import BENCH, PassageForm, PieceForm, found_prefix
from insights.choices import Reason, Role
from insights.evidence import editing
from insights.publications import publishing
from workshops.models import Practice, Story

NOT_KNOWN = "This button is not known here. Open the page anew."


def take_step(request, insight):
    """Do what was pressed. Returns (a line for the desk's history, a sentence for the person), or None for a search.

    The history outlives a story: it names one by its ref alone.
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
                raise ValidationError("This piece is not among the evidence any more: somebody took it out meanwhile.")
            return work_on(request, piece, verb, *place)
        case ["set-aside"]:
            return press_set_aside(request, insight)
        case ["put-back", ref]:
            insight.set_aside.filter(story__ref=ref).delete()
            return f"Put back {ref}.", "It is not set aside any more."
        case ["unpublish"]:
            down = publishing.unpublish_insight(insight)
            names = "”, “".join(map(str, down))
            return "It was unpublished.", f"“{names}” was unpublished." if down else "It was not published."
    raise ValidationError(NOT_KNOWN)


def type_in(request, fields):
    """Let the page that comes back hold these values instead of those that were sent."""
    request.POST = request.POST.copy()
    for name, value in fields.items():
        request.POST[name] = value


def press_attach(request, insight, role, kind, ref):
    things = Practice.objects.visible_to(request.user)
    if kind == "story":
        things = Story.objects.visible_to(request.user).told_to_team()
    thing = things.filter(ref=ref).first()
    if not thing:
        raise ValidationError(f"This {kind} is not here to attach any more.")
    form = PassageForm(request.POST, prefix=found_prefix(thing))
    if not form.is_valid():
        raise ValidationError(NOT_KNOWN)
    editing.attach_evidence(insight, thing, role, form.cleaned_data["passage"], form.cleaned_data["start"])
    return f"Attached {ref}: {role}.", f"“{thing}” is among the evidence. It {role} the insight."


def work_on(request, piece, verb, *place):
    ref, name = piece.source.ref, f"“{piece.source}”"
    if verb == "save":
        form = PieceForm(request.POST, piece)
        if form.is_bound:
            if not form.is_valid():
                raise ValidationError([sentence for errors in form.errors.values() for sentence in errors])
            form.save()
            forget_typed(request, form)
        return f"Changed {ref}.", f"{name} is saved."
    if verb == "take-out":
        editing.remove_evidence(piece)
        return f"Took out {ref}.", f"{name} is taken out. Nothing else was changed."
    if verb == "place" and not (place and place[0].isdecimal()):
        raise ValidationError(NOT_KNOWN)
    order = list(piece.insight.evidence.at_bench().order_by("order", "pk"))
    now = order.index(piece)
    wanted = {"up": now - 1, "down": now + 1}.get(verb, int(place[0]) if place else 0)
    wanted = min(max(wanted, 0), len(order) - 1)
    editing.move_evidence(piece, wanted)
    return f"Moved {ref}.", f"{name} is number {wanted + 1} of {len(order)}."


def forget_typed(request, form):
    """What is saved comes from the database again, so that it does not hide what others save later."""
    request.POST = request.POST.copy()
    for name in [name for name in request.POST if f"{form.prefix}-" in name]:
        del request.POST[name]


def press_set_aside(request, insight):
    refs = request.POST.getlist("pick")
    stories = list(Story.objects.visible_to(request.user).told_to_team().filter(ref__in=refs))
    reason = request.POST.get("reason", "")
    if not stories:
        raise ValidationError("Tick the stories to set aside.")
    if reason not in Reason.values:
        raise ValidationError("Choose the reason for which they are set aside.")
    editing.set_stories_aside(insight, stories, reason)
    request.POST = request.POST.copy()
    request.POST.setlist("pick", [])
    said = f"“{stories[0]}” is set aside." if len(stories) == 1 else f"{len(stories)} stories are set aside."
    return f"Set aside {', '.join(sorted(story.ref for story in stories))}: {reason}.", said
