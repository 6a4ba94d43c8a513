"""What each button beside the text of an insight does. Its value says it: "attach supports story 7kq2m", "up story-7kq2m"."""

from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from insights.admin.insight_forms import BENCH, PassageForm, PieceForm, UndoForm, found_prefix
from insights.choices import Reason, Role
from insights.evidence import editing
from insights.publications import publishing, second_reader
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


NOT_AMONG = _("This piece is not among the evidence any more: somebody took it out meanwhile.")
SURE = "sure"
"""Ends the value of a button that does what its person was asked about."""


class GateQuestionError(Exception):
    """A step that would take away what publishing requires, of which the person has not been told yet.

    `sentences` say what would follow, `button` is the value of the button that does it.
    """

    def __init__(self, sentences, button):
        super().__init__(button)
        self.sentences, self.button = sentences, button


def take_search(request):
    """Prepare the search that a button asks for. Returns whether it was such a button: it changes nothing."""
    match request.POST[BENCH].split():
        case ["search", *page]:
            type_in(request, {"find-page": "".join(page)})
        case ["find", facet, key]:
            cleared = {name: "" for name in request.POST if name.startswith("find-")}
            type_in(request, cleared | {f"find-{facet}": key})
        case _:
            return False
    return True


def mark_reading(request, row):
    """Ask for a second reading of what is written, or end it. Returns as `take_step` does; None for another button."""
    match request.POST[BENCH].split():
        case ["ask-reading"]:
            second_reader.ask_for_reading(row)
            sentence = gettext("It stands in the editors’ queue now, with your name: they are asked to read it.")
            return {"log": gettext("Asked for a second reading."), "says": sentence}
        case ["end-reading"]:
            second_reader.end_reading(row)
            return {
                "log": gettext("Ended the second reading."),
                "says": gettext("Nobody is asked to read it any more."),
            }
    return None


def take_step(request, row):
    """Do what was pressed in this row of the insight.

    Returns {"log": a line for the desk’s history, "says": a sentence for the person, "undo": the fields of a button that
    takes it back, if there is one}. The history outlives a story, so it names one by its ref alone.
    """
    match request.POST[BENCH].split():
        case ["attach", role, "story" | "practice" as kind, ref] if role in Role.values:
            return press_attach(request, row, role, kind, ref)
        case ["save" | "take-out" | "up" | "down" | "place" as verb, key, *rest]:
            piece = row.evidence.at_bench().readable_by(request.user).filter(**source_filter(key)).first()
            if not piece:
                raise ValidationError(NOT_AMONG)
            return work_on(request, piece, verb, *rest)
        case ["undo", key]:
            return press_undo(request, row, key)
        case ["set-aside"]:
            return press_set_aside(request, row)
        case ["put-back", ref]:
            readable = Story.objects.visible_to(request.user).told_to_team()
            row.set_aside.filter(story__ref=ref, story__in=readable).delete()
            return {
                "log": gettext("Put back %(ref)s.") % {"ref": ref},
                "says": gettext("It is not set aside any more."),
            }
    raise ValidationError(NOT_KNOWN)


def source_filter(key):
    """The lookup that finds the evidence whose `source_key` this is."""
    kind, _, ref = key.partition("-")
    if kind not in ("story", "practice"):
        raise ValidationError(NOT_KNOWN)
    return {f"{kind}__ref": ref}


@contextmanager
def asking_about_the_gate(row, button, is_sure):
    """Raises GateQuestionError if what is done inside takes away what publishing an insight again requires."""
    before = publishing.publication_blockers(row)
    yield
    lost = [sentence for sentence in publishing.publication_blockers(row) if sentence not in before]
    if lost and not is_sure and row.itself.publications.exists():
        raise GateQuestionError(lost, f"{button} {SURE}")


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
    return {"log": logged, "says": ATTACHED[role] % {"source": thing}}


def work_on(request, piece, verb, *rest):
    """Save a piece of evidence, take it out or move it."""
    if verb == "save":
        return press_save(request, piece, is_sure=list(rest) == [SURE])
    if verb == "take-out":
        return press_take_out(request, piece, is_sure=list(rest) == [SURE])
    number, count = move_piece(piece, verb, *rest)
    sentence = gettext("“%(source)s” is number %(number)s of %(count)s.")
    return {
        "log": gettext("Moved %(ref)s.") % {"ref": piece.source.ref},
        "says": sentence % {"source": piece.source, "number": number, "count": count},
    }


def press_save(request, piece, is_sure):
    undo, form = undo_of(piece), PieceForm(request.POST, piece)
    with asking_about_the_gate(piece.insight, f"save {piece.source_key}", is_sure):
        if form.is_bound:
            if not form.is_valid():
                raise ValidationError([sentence for errors in form.errors.values() for sentence in errors])
            form.save(piece.insight)
    forget_typed(request, form)
    return {
        "log": gettext("Changed %(ref)s.") % {"ref": piece.source.ref},
        "says": gettext("“%(source)s” is saved.") % {"source": piece.source},
        "undo": undo if form.changed_data else None,
    }


def press_take_out(request, piece, is_sure):
    ref, source, undo = piece.source.ref, piece.source, undo_of(piece)
    reason = " ".join(request.POST.get(f"why-{piece.source_key}", "").split())
    if len(reason) > editing.MAX_REASON_LENGTH:
        says = gettext("The reason may have %(most)s characters; yours has %(count)s. Shorten it.")
        raise ValidationError(says % {"most": editing.MAX_REASON_LENGTH, "count": len(reason)})
    with asking_about_the_gate(piece.insight, f"take-out {piece.source_key}", is_sure):
        editing.remove_evidence(piece, reason)
    because = gettext("Took out %(ref)s, because: %(reason)s") if reason else gettext("Took out %(ref)s.")
    return {
        "log": because % {"ref": ref, "reason": reason},
        "says": gettext("“%(source)s” is taken out. Nothing else was changed.") % {"source": source},
        "undo": undo,
    }


def undo_of(piece):
    """The button, and the fields with it, that would make this piece what it is now."""
    order = list(piece.insight.evidence.at_bench().order_by("order", "pk"))
    start = "" if piece.excerpt_start is None else piece.excerpt_start
    fields = {"role": piece.role, "passage": piece.excerpt, "start": start, "place": order.index(piece)}
    return {"button": f"undo {piece.source_key}", "fields": fields}


def press_undo(request, row, key):
    model = Story if key.startswith("story-") else Practice
    ref = source_filter(key)[f"{model._meta.model_name}__ref"]
    practices = Practice.objects.visible_to(request.user)
    readable = Story.objects.visible_to(request.user).told_to_team() if model is Story else practices
    source = readable.filter(ref=ref).first()
    form = UndoForm(request.POST, prefix="undo")
    if not source:
        raise ValidationError(NOT_HERE[model._meta.model_name])
    if not form.is_valid():
        raise ValidationError(NOT_KNOWN)
    was = form.cleaned_data
    editing.put_evidence_back(row, source, was["role"], was["passage"], was["start"], was["place"])
    return {
        "log": gettext("Put %(ref)s back among the evidence as it was.") % {"ref": ref},
        "says": gettext("“%(source)s” is as it was.") % {"source": source},
    }


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
    for name in form.fields:
        request.POST.pop(form.add_prefix(name), None)
        request.POST.pop(form.add_initial_prefix(name), None)


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
    return {
        "log": gettext("Set aside %(refs)s: %(reason)s.") % logged,
        "says": said % {"story": stories[0], "count": len(stories)},
    }
