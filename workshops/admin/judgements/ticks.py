"""What a form of the desk says of the passages that its page showed: which may stand, why, and what the context tells."""

from django.core.exceptions import ValidationError

from workshops.judgements.context import SAY_WHY, answer_context
from workshops.judgements.judging import chosen_passages, judge_passages

MAY_STAND, ALL_MAY_STAND, WHY = "may_stand", "all_may_stand", "may_stand_why"
COULD_TELL, COULD_TELL_WHY = "could_tell", "could_tell_why"


def ticked_passages(request, passages):
    """Those of these passages that the form says may stand."""
    if ALL_MAY_STAND in request.POST:
        return [passage for passage in passages if passage.is_open]
    return chosen_passages(passages, request.POST.getlist(MAY_STAND))


def judge_ticked(request, passages, where):
    return judge_passages(ticked_passages(request, passages), where, request.user, request.POST.get(WHY, ""))


def left_open(request, passages):
    """The passages that nobody has judged, this form included."""
    ticked = ticked_passages(request, passages)
    return [passage for passage in passages if passage.is_open and passage not in ticked]


def take_answer(request, story):
    """Keep what the form says the context of a story tells, if it says something."""
    said = request.POST.get(COULD_TELL)
    if said in {"yes", "no"}:
        answer_context(story, said == "yes", request.user, request.POST.get(COULD_TELL_WHY, ""))


def check_answer(request):
    """Refuse an answer that lacks its reason before anything is saved."""
    if request.POST.get(COULD_TELL) == "yes" and not request.POST.get(COULD_TELL_WHY, "").strip():
        raise ValidationError(SAY_WHY)
