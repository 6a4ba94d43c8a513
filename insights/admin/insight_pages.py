"""Pages beside that of an insight: compare, publish and discard its working copy, restore a version, unpublish, look again."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from insights.choices import LookOutcome
from insights.models import FreshLook, Insight
from insights.publications import comparison, looking_again, publishing, working_copies
from workshops.admin.base.select_all import MAX_ROWS_PER_ACTION, too_many
from workshops.choices import Status


def insight_to_change(insight_admin, request, pk):
    """The insight of an address, if this person may change it."""
    if not insight_admin.has_change_permission(request):
        raise PermissionDenied
    insight = insight_admin.get_object(request, str(pk))
    if insight is None:
        raise Http404
    return insight


def back_to(insight):
    return redirect("admin:insights_insight_change", insight.pk)


def compare_view(insight_admin, request, pk):
    """The working copy beside what readers have. Its button publishes what is shown."""
    insight = insight_to_change(insight_admin, request, pk)
    if request.method == "POST":
        insight_admin.publish(request, [insight])
        return back_to(insight)
    row = insight.as_written
    if row == insight:
        insight_admin.message_user(request, gettext("There is no working copy: readers have what stands here."))
        return back_to(insight)
    return insight_admin.desk_page(
        request,
        "admin/insights/insight/compare.html",
        gettext("Working copy and published version"),
        original=insight,
        row=row,
        texts=comparison.compare_texts(insight, row),
        changes=comparison.compare_evidence(insight, row, request.user),
        missing=publishing.publication_blockers(row),
        version=insight.publications.last(),
    )


def discard_view(insight_admin, request, pk):
    insight = insight_to_change(insight_admin, request, pk)
    if request.method == "POST":
        try:
            working_copies.discard_working_copy(insight)
        except ValidationError as refusal:
            insight_admin.message_user(request, " ".join(refusal.messages), messages.ERROR)
        else:
            insight_admin.log_change(request, insight, gettext("Discarded the working copy."))
            said = gettext("The working copy is discarded. Here is again what readers have.")
            insight_admin.message_user(request, said, messages.SUCCESS)
        return back_to(insight)
    row = insight.as_written
    if row == insight:
        return back_to(insight)
    return insight_admin.desk_page(
        request,
        "admin/insights/insight/discard.html",
        gettext("Discard the working copy"),
        original=insight,
        row=row,
        texts=comparison.compare_texts(insight, row),
        changes=comparison.compare_evidence(insight, row, request.user),
    )


def restore_view(insight_admin, request, pk, number):
    """Asks, and then makes a version what editors go on with."""
    insight = insight_to_change(insight_admin, request, pk)
    version = insight.publications.filter(version=number).first()
    if version is None:
        raise Http404
    if request.method == "POST":
        left_out = working_copies.restore_version(version, request.user)
        logged = gettext("Made version %(number)s the working copy.") % {"number": number}
        insight_admin.log_change(request, insight, logged)
        for level, sentence in restored_sentences(number, left_out):
            insight_admin.message_user(request, sentence, level)
        return back_to(insight)
    return insight_admin.desk_page(
        request,
        "admin/insights/insight/restore.html",
        gettext("Go on from version %(number)s") % {"number": number},
        original=insight,
        row=insight.as_written,
        version=version,
    )


def restored_sentences(number, left_out):
    said = gettext("Here is version %(number)s again. Readers see nothing of it before you publish.")
    yield messages.SUCCESS, said % {"number": number}
    if left_out:
        sentence = ngettext(
            "%(count)s piece of its evidence is left out: it may not be read any more.",
            "%(count)s pieces of its evidence are left out: they may not be read any more.",
            left_out,
        )
        yield messages.WARNING, sentence % {"count": left_out}


@admin.action(description=_("Unpublish"), permissions=["change"])
def unpublish_insights(insight_admin, request, queryset):
    """Names what would come down, and what else with it, and then takes it down."""
    insights = list(queryset[: MAX_ROWS_PER_ACTION + 1])
    if len(insights) > MAX_ROWS_PER_ACTION:
        insight_admin.message_user(request, too_many(insight_admin.opts), messages.ERROR)
        return None
    if "confirmed" not in request.POST:
        return unpublish_page(insight_admin, request, insights)
    take_down(insight_admin, request, insights)
    return None


def unpublish_view(insight_admin, request, pk):
    insight = insight_to_change(insight_admin, request, pk)
    if request.method != "POST":
        return unpublish_page(insight_admin, request, [insight], original=insight)
    take_down(insight_admin, request, [insight])
    return back_to(insight)


def unpublish_page(insight_admin, request, insights, **context):
    chosen = [insight for insight in insights if insight.status == Status.PUBLISHED]
    down = publishing.would_be_unpublished(chosen)
    return insight_admin.desk_page(
        request,
        "admin/insights/insight/unpublish.html",
        gettext("Unpublish"),
        insights=chosen,
        fall=[insight for insight in down if insight not in chosen],
        checkbox=ACTION_CHECKBOX_NAME,
        **context,
    )


def take_down(insight_admin, request, insights):
    down = [each for insight in insights for each in publishing.unpublish_insight(insight)]
    for insight in down:
        insight_admin.log_change(request, insight, gettext("It was unpublished."))
    if not down:
        insight_admin.message_user(request, gettext("None of them was published."), messages.WARNING)
        return
    names = ", ".join(gettext("“%(name)s”") % {"name": insight} for insight in down)
    said = ngettext("{names} was unpublished.", "{names} were unpublished.", len(down))
    undo = f"{reverse('admin:insights_insight_publish_again')}?{urlencode({'of': [i.pk for i in down]}, doseq=True)}"
    message = format_html('{} <a href="{}">{}</a>', format_html(said, names=names), undo, gettext("Undo"))
    insight_admin.message_user(request, message, messages.SUCCESS)


class UndoUnpublishingForm(forms.Form):
    """The insights that came down together."""

    of = forms.ModelMultipleChoiceField(Insight.objects.none())

    def __init__(self, *args, insights, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["of"].queryset = insights


def publish_again_view(insight_admin, request):
    """Takes back an unpublishing: readers get again what they had, as the version it was."""
    if not insight_admin.has_change_permission(request):
        raise PermissionDenied
    mine = Insight.objects.manageable_by(request.user)
    form = UndoUnpublishingForm(request.POST if request.method == "POST" else request.GET, insights=mine)
    insights = list(form.cleaned_data["of"]) if form.is_valid() else []
    if request.method != "POST" and insights:
        return insight_admin.desk_page(
            request, "admin/insights/insight/publish_again.html", gettext("Undo"), insights=insights
        )
    back = publishing.publish_again(insights)
    for insight in back:
        insight_admin.log_change(request, insight, gettext("It was published again: the unpublishing was undone."))
    for level, sentence in published_again_sentences(insights, back):
        insight_admin.message_user(request, sentence, level)
    return redirect("admin:insights_insight_changelist")


def published_again_sentences(asked, back):
    for insight in back:
        yield messages.SUCCESS, gettext("“%(insight)s” is published again.") % {"insight": insight}
    for insight in asked:
        if insight not in back:
            says = gettext("“%(insight)s” is not as it was when it was unpublished. Publish it on its own page.")
            yield messages.WARNING, says % {"insight": insight}
    if not asked:
        yield messages.WARNING, gettext("There is nothing to undo.")


class LookForm(forms.ModelForm):
    """What editors found when they looked at an insight again, why, and when to do so next."""

    outcome = forms.ChoiceField(label=_("What you found"), choices=LookOutcome.choices, widget=forms.RadioSelect)
    look_again_on = forms.DateField(label=_("Look again on"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))

    class Meta:
        model = FreshLook
        fields = ["outcome", "reason"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 3})}

    def clean_look_again_on(self):
        day = self.cleaned_data["look_again_on"]
        if day <= timezone.localdate():
            raise ValidationError(gettext("Choose a day to come."))
        return day


def look_view(insight_admin, request, pk):
    """Asks whether a published insight still holds. The answer stands on its public page."""
    insight = insight_to_change(insight_admin, request, pk)
    if insight.status != Status.PUBLISHED:
        insight_admin.message_user(request, gettext("Only a published insight is looked at again."), messages.ERROR)
        return back_to(insight)
    in_a_year = publishing.a_year_after(timezone.localdate())
    form = LookForm(request.POST or None, initial={"look_again_on": in_a_year})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        look = looking_again.record_look(insight, chosen["outcome"], chosen["reason"], chosen["look_again_on"])
        logged = gettext("Looked at it again: %(outcome)s") % {"outcome": look.get_outcome_display().lower()}
        insight_admin.log_change(request, insight, logged)
        insight_admin.message_user(request, gettext("It stands on the public page now."), messages.SUCCESS)
        return back_to(insight)
    return insight_admin.desk_page(
        request,
        "admin/insights/insight/look.html",
        gettext("Look again"),
        original=insight,
        form=form,
        looks=insight.looks.order_by("-looked_on", "-pk"),
    )


PAGES = [
    ("<int:pk>/compare/", compare_view, "compare"),
    ("<int:pk>/discard/", discard_view, "discard"),
    ("<int:pk>/restore/<int:number>/", restore_view, "restore"),
    ("<int:pk>/unpublish/", unpublish_view, "unpublish"),
    ("publish-again/", publish_again_view, "publish_again"),
    ("<int:pk>/look/", look_view, "look"),
]
