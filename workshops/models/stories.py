import copy
import secrets

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Least, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workshops import changes, search
from workshops.choices import WITH_ITS_FACILITATORS, Consent, Kind, Status, StoryGap
from workshops.consent.records import NOT_SAID, record_levels
from workshops.fields import LineField, PlainTextField
from workshops.history import Records, record_bulk_history
from workshops.models.participants import ErasureRequest, Participant
from workshops.models.programmes import Workshop, in_workshops_of
from workshops.models.tags import StoryTag, TagsField
from workshops.models.vocabulary import Place, RefField, ServiceArea, Theme
from workshops.roles import read_by
from workshops.slips import LETTERS


def new_ref():
    return "".join(secrets.choice(LETTERS) for _ in range(10))


class StoryQuerySet(models.QuerySet):
    def published(self):
        """What everyone may see."""
        return self.filter(status=Status.PUBLISHED, effective_consent__gte=Consent.PUBLIC)

    def visible_to(self, user):
        """What this person may see, drafts included, on a story's own page and at the desk. Public lists ask `published()`.

        Everyone sees what is published; facilitators also what was told in their workshops; editors and analysts also
        what was told to the project team of their programmes. Nobody sees what was withdrawn.
        """
        if not user.is_authenticated:
            return self.published()
        seen = Q(status=Status.PUBLISHED, effective_consent__gte=Consent.PUBLIC)
        seen |= Q(workshop__in=Workshop.objects.facilitated_by(user).values("pk"))
        if reach := read_by(user):
            seen |= Q(effective_consent__gte=Consent.TEAM) & in_workshops_of(reach)
        return self.not_about_to_go().filter(seen)

    def told_to_team(self):
        """What was told to the project team, published or not. Whose team, `visible_to` says; it also shows an editor who
        is a facilitator more: what was told to them in their workshops."""
        return self.not_about_to_go().filter(effective_consent__gte=Consent.TEAM)

    def not_about_to_go(self):
        """Without what was withdrawn, and what was told by somebody whose erasure can still be called back."""
        return self.exclude(status=Status.WITHDRAWN).exclude(told_by__in=ErasureRequest.objects.about_to_go())

    def returned(self):
        """Drafts that an editor gave back with a remark, which their facilitators have to answer."""
        return self.filter(status=Status.DRAFT).exclude(remark="")

    def incomplete(self, gap):
        """Those with their facilitators that lack this, a StoryGap."""
        return self.filter(has_gap(gap))

    def for_page(self):
        """With all that a card or row of a list shows, in a fixed number of queries."""
        return self.select_related("workshop__phase__programme", "service_area", "place").prefetch_related("tags")

    # Django's bulk writes call no `save` or `delete`, so the indexes are updated here.

    @transaction.atomic(savepoint=False)
    def bulk_create(self, objs, *args, **kwargs):
        stories = super().bulk_create(objs, *args, **kwargs)
        record_levels(stories, are_new=True)
        search.index(story.pk for story in stories)
        return stories

    @transaction.atomic(savepoint=False)
    def bulk_update(self, objs, fields, *args, **kwargs):
        objs = list(objs)
        with search.indexing_once():  # it calls `update` for one batch after the other
            count = super().bulk_update(objs, fields, *args, **kwargs)
        if "consent" in fields:
            record_levels(objs)
        return count

    @transaction.atomic(savepoint=False)
    def update(self, **changed):
        found = self.model.INDEXED | {"in_confidence"}
        pks = list(self.values_list("pk", flat=True)) if found & set(changed) else []
        count = super().update(**changed)
        if changed.get("in_confidence"):
            take_out_of_practices(pks)
        if self.model.SEARCHED & set(changed):
            search.index(pks)
        else:
            search.index_values(pks)
        return count

    @transaction.atomic(savepoint=False)
    def delete(self):
        """Delete these stories with their histories, as deleting one story does."""
        pks = list(self.values_list("pk", flat=True))
        # Without signals, which would write a history of each tag for `forget_history` to delete.
        tags = StoryTag._base_manager.filter(content_object__in=pks)
        tags._raw_delete(tags.db)
        deleted = super().delete()
        forget_history(pks)
        search.delete_entries(pks)
        return deleted

    def recompute_effective_consent(self):
        """Bring the consent in force up to date: the lower of the story's and its teller's."""
        tellers = Participant.objects.filter(pk=OuterRef("told_by")).values("consent")
        lower = Least(F("consent"), Coalesce(Subquery(tellers), Value(int(Consent.CREDITED))))
        self.annotate(lower=lower).exclude(effective_consent=F("lower")).set_effective_consent(lower)

    def set_effective_consent(self, in_force, given=None, **besides):
        """Give these stories this consent in force, an expression, and unpublish those that it no longer allows.

        `besides` are columns to write at the same time, so that their history has one entry of it all; `given` says how
        their own consent was given, where that is among them.
        """
        pks = list(self.values_list("pk", flat=True))
        if not pks:
            return
        with transaction.atomic():
            self.model.objects.filter(pk__in=pks).annotate(in_force=in_force).update(
                effective_consent=F("in_force"),
                status=Case(
                    When(status=Status.PUBLISHED, in_force__lt=Consent.PUBLIC, then=Value(Status.UNPUBLISHED)),
                    default=F("status"),
                ),
                **besides,
            )
            rows = list(self.model.objects.filter(pk__in=pks))
            record_bulk_history(rows)
            if "consent" in besides:
                record_levels(rows, given)
            changes.tell(pks)


class Story(models.Model):
    """What somebody told in a workshop: an innovation here, an example from elsewhere, or a message.

    This row holds the published wording. The words as told are kept apart, in OriginalText.
    """

    KEY = "ref"
    DRAFTED = ("title", "published_text")
    SEARCHED = frozenset({"title", "published_text", "status"})
    COUNTED = frozenset(
        {"status", "effective_consent", "kind"}
        | {f"{name}{end}" for name in ("workshop", "service_area", "place") for end in ("", "_id")}
    )
    """Columns that say whether facets count a story, and under which of their values."""
    INDEXED = SEARCHED | COUNTED

    ref = RefField(
        _("ref"), default=new_ref, help_text=_("Random, so that it tells nothing; the story's address bears it.")
    )
    workshop = models.ForeignKey(Workshop, models.PROTECT, related_name="stories", verbose_name=_("workshop"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.INNOVATION)
    title = LineField(_("title"), max_length=250)
    published_text = PlainTextField(
        _("published wording"),
        blank=True,
        help_text=_("What readers see. Take out names and whatever gives a person away."),
    )
    service_area = models.ForeignKey(
        ServiceArea, models.PROTECT, null=True, blank=True, related_name="stories", verbose_name=_("service area")
    )
    themes = models.ManyToManyField(Theme, blank=True, related_name="stories", verbose_name=_("themes"))
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, blank=True, related_name="stories",
        verbose_name=_("place"), help_text=_("A wider place may be chosen where the true one would tell who spoke."),
    )  # fmt: skip
    tags = TagsField(through=StoryTag)
    # Without its teller a story would fall back on its own consent, which may be wider than theirs.
    told_by = models.ForeignKey(
        Participant, models.PROTECT, null=True, blank=True, related_name="stories", verbose_name=_("told by")
    )
    consent = models.PositiveSmallIntegerField(_("consent"), choices=Consent, default=Consent.FACILITATORS)
    consent_ceiling = models.PositiveSmallIntegerField(
        _("consent ceiling"), choices=Consent, default=Consent.CREDITED, editable=False
    )
    effective_consent = models.PositiveSmallIntegerField(
        _("consent in force"), choices=Consent, default=Consent.FACILITATORS, editable=False
    )
    in_confidence = models.BooleanField(
        _("said in confidence"),
        default=False,
        help_text=_("It stays marked. Nothing makes a practice of it, and letting more people see it needs a reason."),
    )
    raised_to = models.PositiveSmallIntegerField(
        _("consent raised to"), choices=Consent, default=Consent.FACILITATORS, editable=False
    )
    raised_why = PlainTextField(_("why its consent was raised"), blank=True, editable=False)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("consent raised by"),
    )
    raised_at = models.DateTimeField(_("consent raised at"), null=True, blank=True, editable=False)
    credit = LineField(
        _("credit"), max_length=200, blank=True, help_text=_("Shown only if the teller chose to be credited.")
    )
    agreements = models.PositiveIntegerField(
        _("agreements"),
        default=0,
        editable=False,
        help_text=_("How many others in the room agreed, by the workshop's notes."),
    )
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True, editable=False)
    # Who recorded it: their name for twelve months, then their role alone.
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("withdrawal recorded by"),
    )
    withdrawn_by_role = models.CharField(
        _("role of who recorded the withdrawal"), max_length=40, blank=True, editable=False
    )
    location = LineField(
        _("location"), max_length=250, blank=True, help_text=_("Where it happened, for an example from elsewhere.")
    )
    source_url = models.URLField(_("source"), max_length=500, blank=True, help_text=_("A link to a real source."))

    remark = PlainTextField(_("editor's remark"), blank=True, editable=False)
    # If two people have the story open, the second to save is told so: their form has an earlier version.
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)

    objects = StoryQuerySet.as_manager()
    # A credit is a name, and names are in no history.
    history = Records(
        m2m_fields=["themes"],
        excluded_fields=["credit", "version", "withdrawn_by", "withdrawn_by_role", "raised_by", "raised_at"],
    )

    consent_given = NOT_SAID
    """How its level of consent was given, for the record that saving it makes."""
    stored_consent = None
    """The level as the database had it when this row was read."""
    consent_is_renewed = False
    """Whether saving makes a record though the level stays: it was given anew."""

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        ordering = ["ref"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED) | Q(effective_consent__gte=Consent.PUBLIC),
                name="story_published_only_with_public_consent",
            ),
            models.CheckConstraint(
                condition=Q(effective_consent__lte=F("consent")), name="story_consent_in_force_is_the_lower"
            ),
            models.CheckConstraint(condition=Q(consent__lte=F("consent_ceiling")), name="story_consent_stays_lowered"),
            models.CheckConstraint(
                condition=Q(status=Status.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(status=Status.WITHDRAWN) & Q(withdrawn_at__isnull=True)),
                name="story_withdrawn_is_never_another_status",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.WITHDRAWN)
                | Q(
                    title="",
                    published_text="",
                    credit="",
                    location="",
                    source_url="",
                    remark="",
                    told_by=None,
                    service_area=None,
                    place=None,
                    consent=Consent.FACILITATORS,
                ),
                name="story_withdrawn_holds_no_words",
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.WITHDRAWN) | Q(in_confidence=False, raised_why=""),
                name="story_withdrawn_gives_no_reason",
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.ELSEWHERE) | ~Q(location=""), name="story_from_elsewhere_says_where"
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED) | ~Q(published_text=""), name="story_published_has_words"
            ),
            models.CheckConstraint(
                condition=Q(in_confidence=False) | Q(consent__lte=F("raised_to")),
                name="story_in_confidence_is_raised_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(raised_to=Consent.FACILITATORS, raised_why="", raised_at__isnull=True)
                | (Q(raised_to__gt=Consent.FACILITATORS, raised_at__isnull=False) & ~Q(raised_why="")),
                name="story_raise_says_when_and_why",
            ),
        ]
        indexes = [
            # Covers the counts of stories by service area, workshop and place, so that the texts need not be read.
            models.Index(
                fields=["status", "effective_consent", "service_area", "workshop", "place"],
                name="story_published_by_area",
            ),
            models.Index(fields=["workshop", "status", "effective_consent"], name="story_published_by_workshop"),
            models.Index(Lower("title"), "ref", name="story_by_title"),
        ]

    def __str__(self):
        return self.title or gettext("Story %(ref)s") % {"ref": self.ref}

    @classmethod
    def from_db(cls, db, field_names, values):
        story = super().from_db(db, field_names, values)
        story.stored_consent = story.__dict__.get("consent")
        return story

    def save(self, *args, **kwargs):
        self.effective_consent = self.lowest_consent
        self.narrow_raise()
        self.count_save()
        with transaction.atomic():
            wider = type(self).objects.filter(pk=self.pk, effective_consent__gt=self.effective_consent)
            fell = self.pk is not None and wider.exists()
            super().save(*args, **kwargs)
            if self.consent_is_renewed or self.consent != self.stored_consent:
                record_levels([self], are_new=self.stored_consent is None)
                self.stored_consent = self.consent
            search.index([self.pk])
            if self.in_confidence:
                take_out_of_practices([self.pk])
            if fell:
                changes.tell([self.pk])

    def delete(self, *args, **kwargs):
        """Delete the story with its history, so that none of its words are left behind."""
        pk = self.pk
        with transaction.atomic():
            deleted = super().delete(*args, **kwargs)
            forget_history([pk])
            search.delete_entries([pk])
        return deleted

    def get_absolute_url(self):
        return reverse("story", args=[self.ref])

    def clean(self):
        errors = {}
        if self.kind == Kind.ELSEWHERE and not self.location:
            errors["location"] = gettext("A story from elsewhere says where it happened. Fill in the location.")
        if self.consent > self.consent_ceiling:
            sentence = gettext("Its giver lowered the consent to “%(level)s”; it cannot be raised again here.")
            errors["consent"] = sentence % {"level": Consent(self.consent_ceiling).word}
        elif self.lacks_reason:
            errors["consent"] = gettext(
                "It was said in confidence. Leave it with its facilitators, or say in “Why more people may see it” what "
                "its teller agreed to."
            )
        if self.status == Status.PUBLISHED:
            errors |= {field: reason for field, reason in self.publication_blockers().items() if field not in errors}
        if errors:
            raise ValidationError(errors)

    @property
    def lacks_reason(self):
        """Whether it was said in confidence, and nobody said yet why as many people may see it as its consent lets."""
        return self.in_confidence and self.consent > self.raised_to

    def narrow_raise(self):
        """A reason goes no further than the consent that it was given for; once narrowed, a new one is needed."""
        self.raised_to = min(self.raised_to, self.consent) if self.in_confidence else Consent.FACILITATORS
        if self.raised_to == Consent.FACILITATORS:
            self.raised_why, self.raised_by, self.raised_at = "", None, None

    def count_save(self):
        """Make this the next version. Returns the names of the fields that must be written."""
        self.version += 1
        return {"version"}

    @classmethod
    def next_version(cls):
        """What `count_save` does, for `QuerySet.update`, which calls no `save`."""
        return {"version": F("version") + 1}

    def last_save(self):
        """Who saved it last and when, by its history; (None, None) if that is empty."""
        last = self.history.select_related("history_user").first()
        return (last.history_user, last.history_date) if last else (None, None)

    def publication_blockers(self):
        """What stands against publishing this story, as {field: sentence}. Empty means it may be published."""
        found = {}
        if not self.published_text.strip():
            found["published_text"] = gettext("It has no published wording. Write what readers are to see.")
        if self.withdrawn_at:
            found["status"] = gettext("It was withdrawn by its contributor, which is final.")
        if self.told_by_id and ErasureRequest.objects.filter(participant=self.told_by_id).exists():
            found["status"] = gettext("The person who told it asked that it be erased.")
        if self.lowest_consent < Consent.PUBLIC:
            found["consent"] = self.consent_blocker()
        return found

    def consent_blocker(self):
        """The sentence that says whose consent is too narrow to publish this story."""
        if self.consent < Consent.PUBLIC:
            sentence = gettext("Publishing needs consent “public” or “credited”; that of the story is “%(level)s”.")
        else:
            sentence = gettext(
                "Publishing needs consent “public” or “credited”; that of the person who told it is “%(level)s”."
            )
        return sentence % {"level": self.lowest_consent.word}

    def as_remembered(self):
        """The story as its history keeps it: a draft without its wording, which may still be the words as told."""
        if self.status != Status.DRAFT:
            return self
        kept = copy.copy(self)
        for name in self.DRAFTED:
            setattr(kept, name, "")
        return kept

    @property
    def lowest_consent(self):
        """The lower of the story's consent and its teller's; without a teller, the story's own."""
        return Consent(min(self.consent, self.told_by.consent if self.told_by else Consent.CREDITED))

    @property
    def is_public(self):
        return self.status == Status.PUBLISHED and self.effective_consent >= Consent.PUBLIC

    @property
    def shown_credit(self):
        return self.credit if self.effective_consent == Consent.CREDITED else ""


class ThemeLinkQuerySet(models.QuerySet):
    """Which story speaks to which theme. Writing links updates what facets count, however they are written."""

    @transaction.atomic(savepoint=False)
    def bulk_create(self, objs, *args, **kwargs):
        links = super().bulk_create(objs, *args, **kwargs)
        search.index_values(link.story_id for link in links)
        return links

    @transaction.atomic(savepoint=False)
    def delete(self):
        stories = list(self.values_list("story", flat=True))
        deleted = super().delete()
        search.index_values(stories)
        return deleted

    @transaction.atomic(savepoint=False)
    def _raw_delete(self, using):
        stories = list(self.values_list("story", flat=True))
        deleted = super()._raw_delete(using)
        search.index_values(stories)
        return deleted


# Django makes the model of these links itself. It is told here to write them by the queryset above, also where it deletes
# them with their theme.
theme_links = Story.themes.through._meta
theme_links.local_managers.clear()
theme_links.base_manager_name = "objects"
theme_links.model.add_to_class("objects", ThemeLinkQuerySet.as_manager())


def has_gap(gap):
    """The condition that a story is with its facilitators still and lacks this, a StoryGap."""
    condition = {
        StoryGap.ANSWER: Q(status=Status.DRAFT) & ~Q(remark=""),
        StoryGap.CONSENT: Q(effective_consent=Consent.FACILITATORS),
        StoryGap.WORDS: ~Exists(OriginalText.objects.filter(story=OuterRef("pk"), text__gt="")),
        StoryGap.WORDING: Q(published_text=""),
        StoryGap.THEME: ~Exists(Story.themes.through.objects.filter(story=OuterRef("pk"))),
        StoryGap.TAGS: ~Exists(StoryTag.objects.filter(content_object=OuterRef("pk"))),
    }[StoryGap(gap)]
    return Q(status__in=WITH_ITS_FACILITATORS) & condition


def take_out_of_practices(story_ids):
    """Unlink those of these stories that were said in confidence from practices, which are for editors to see."""
    links = Story.practices.through.objects
    links.filter(story__in=Story.objects.filter(pk__in=story_ids, in_confidence=True).values("pk")).delete()


def forget_history(story_ids):
    """Delete the history of these stories and of their themes and tags, and what was hidden in them."""
    entries = Story.history.filter(id__in=story_ids)
    entries.model.themes.filter(history__in=entries.values("pk")).delete()
    entries.delete()
    StoryTag.history.filter(content_object__in=story_ids).delete()
    apps.get_model("workshops", "HiddenPassage").objects.filter(model=Story._meta.label, row__in=story_ids).delete()


class OriginalText(models.Model):
    """A story's words as they were told, names and all. Kept apart from the story, so that no public page reads them."""

    story = models.OneToOneField(
        Story, models.CASCADE, primary_key=True, related_name="original_text", verbose_name=_("story")
    )
    text = PlainTextField(_("words as told"), blank=True)
    entered_on = models.DateField(_("entered on"), default=timezone.localdate, editable=False)

    class Meta:
        verbose_name = _("words as told")
        verbose_name_plural = _("words as told")

    def __str__(self):
        return gettext("Words as told of %(story)s") % {"story": self.story_id}
