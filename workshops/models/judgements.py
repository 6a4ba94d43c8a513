"""What people said of passages that may tell who somebody is, and of whether somebody could be told from the context."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops.fields import LineField
from workshops.models.programmes import Programme, Workshop
from workshops.models.shared import SharedQuerySet
from workshops.models.stories import Story
from workshops.roles import is_editor, is_editor_somewhere

MAX_WHY_LENGTH = 200


def name_in_full(user):
    return user.get_full_name() or user.get_username()


class JudgementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of their own workshops to facilitators, all to editors."""
        if is_editor(user):
            return self
        return self.filter(workshop__in=Workshop.objects.facilitated_by(user).values("pk"))


class Judgement(models.Model):
    """That a passage which may tell who somebody is may stand: said once for its word in a workshop.

    What editors write belongs to a programme, and what people vote on may come from no workshop: then neither is set.
    Who judged is unknown where a file brought the judgement from another archive.
    """

    workshop = models.ForeignKey(
        Workshop, models.CASCADE, null=True, blank=True, related_name="judgements", verbose_name=_("workshop")
    )
    programme = models.ForeignKey(
        Programme, models.CASCADE, null=True, blank=True, related_name="judgements", verbose_name=_("programme")
    )
    mark = models.CharField(_("mark"), max_length=30, help_text=_("What the passage was taken for."))
    word = models.CharField(_("word"), max_length=300, help_text=_("In small letters without accents."))
    why = LineField(_("why"), max_length=MAX_WHY_LENGTH, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("judged by")
    )
    judged_at = models.DateTimeField(_("judged at"), default=timezone.now)

    objects = JudgementQuerySet.as_manager()

    class Meta:
        verbose_name = _("judgement")
        verbose_name_plural = _("judgements")
        constraints = [
            models.CheckConstraint(
                condition=Q(workshop__isnull=True) | Q(programme__isnull=True), name="judgement_counts_in_one_place"
            ),
            models.CheckConstraint(condition=~Q(word=""), name="judgement_has_a_word"),
            models.UniqueConstraint(
                fields=["workshop", "mark", "word"],
                condition=Q(workshop__isnull=False),
                name="word_is_judged_once_a_workshop",
            ),
            models.UniqueConstraint(
                fields=["programme", "mark", "word"],
                condition=Q(programme__isnull=False),
                name="word_is_judged_once_a_programme",
            ),
            models.UniqueConstraint(
                fields=["mark", "word"],
                condition=Q(workshop__isnull=True, programme__isnull=True),
                name="word_of_no_workshop_is_judged_once",
            ),
        ]

    def __str__(self):
        return gettext("Judgement %(number)s") % {"number": self.pk}

    @property
    def sentence(self):
        """Who said when that it may stand, for whoever comes to it next."""
        day = date_format(timezone.localtime(self.judged_at), "j F Y")
        if self.judged_by is None:
            return gettext("Since %(day)s it may stand.") % {"day": day}
        return gettext("%(name)s said on %(day)s that it may stand.") % {
            "name": name_in_full(self.judged_by),
            "day": day,
        }


class ContextAnswerQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(story__in=Story.objects.visible_to(user).values("pk")) if is_editor(user) else self.none()


class ContextAnswer(models.Model):
    """What an editor answered, before a story was published, when asked whether somebody who knows the work could tell
    who it was. It counts as long as `fingerprint` is that of the story's service, place and people."""

    story = models.ForeignKey(Story, models.CASCADE, related_name="context_answers", verbose_name=_("story"))
    could_tell = models.BooleanField(_("somebody could tell"))
    why = LineField(_("why"), max_length=MAX_WHY_LENGTH, blank=True)
    people = models.PositiveIntegerField(_("people"), help_text=_("How many it could have been, by the list."))
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), default=timezone.now)

    objects = ContextAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer about the context")
        verbose_name_plural = _("answers about the context")
        ordering = ["-answered_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(could_tell=False) | ~Q(why=""), name="context_that_tells_is_published_for_a_reason"
            )
        ]

    def __str__(self):
        return gettext("Answer about %(story)s") % {"story": self.story_id}

    @property
    def sentence(self):
        """Who answered what when."""
        day = date_format(timezone.localtime(self.answered_at), "j F Y")
        name = name_in_full(self.answered_by) if self.answered_by else gettext("Somebody")
        if self.could_tell:
            said = gettext("%(name)s said on %(day)s that somebody who knows the work could tell who it was.")
        else:
            said = gettext("%(name)s said on %(day)s that nobody could tell who it was.")
        return said % {"name": name, "day": day}


class UnjudgedPublicationQuerySet(SharedQuerySet):
    def manageable_by(self, user):
        """For editors, of whose programmes `insights.publications.unjudged` takes those that it finds."""
        return self if is_editor_somewhere(user) else self.none()

    def about(self, thing):
        """What is kept of one thing: of a story or practice by its ref, of an insight or article by its slug."""
        return self.filter(kind=thing._meta.model_name, ref=key_of(thing))

    def settled(self):
        """Those of which nothing is left to say."""
        return self.filter(passages=0, asks_context=False)


def key_of(thing):
    return str(getattr(thing, "ref", "") or getattr(thing, "slug", ""))


class UnjudgedPublication(models.Model):
    """Something that a file published with passages nobody has judged, or a story of which nobody has said what its context
    tells, for the editors' list. It holds no words."""

    kind = models.CharField(_("kind"), max_length=20, help_text=_("The name of its model."))
    ref = models.CharField(_("ref"), max_length=100)
    passages = models.PositiveIntegerField(_("passages"))
    asks_context = models.BooleanField(
        _("asks about its context"),
        default=False,
        help_text=_("Whether nobody has said if somebody who knows the work could tell who it was."),
    )
    noted_at = models.DateTimeField(_("noted at"), default=timezone.now)

    objects = UnjudgedPublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication nobody has judged")
        verbose_name_plural = _("publications nobody has judged")
        ordering = ["noted_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "ref"], name="unjudged_publication_stands_once")]

    def __str__(self):
        return f"{self.kind} {self.ref}"
