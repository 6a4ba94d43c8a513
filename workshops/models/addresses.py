from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MovedAddressQuerySet(models.QuerySet):
    def remember(self, row, key):
        """Note that this key once was the row's. Whatever it led to before, it now leads here."""
        self.update_or_create(kind=row._meta.label_lower, key=key, defaults={"row": row.pk})

    @transaction.atomic
    def remember_merge(self, gone, into):
        """Let every address of the rows that go into another lead there. Call it before they are deleted."""
        gone = [row for row in gone if row.pk != into.pk]
        self.filter(kind=into._meta.label_lower, row__in=[row.pk for row in gone]).update(row=into.pk)
        for row in gone:
            self.remember(into, getattr(row, row.KEY))

    def find(self, rows, key):
        """The one of these rows that once had this key; None if there is none, or another row has the key now."""
        if "\0" in key:  # which PostgreSQL refuses and no key holds
            return None
        moved = self.filter(kind=rows.model._meta.label_lower, key=key).first()
        if moved is None or rows.model._base_manager.filter(**{rows.model.KEY: key}).exists():
            return None
        return rows.filter(pk=moved.row).first()


class MovedAddress(models.Model):
    """A key by which a page was once found, in an address or a filter, and the row to which it leads for ever.

    It names the row and not the row's key, so that a page that moves twice is found from both its old addresses at once.
    """

    # The model, such as workshops.tag.
    kind = models.CharField(_("kind"), max_length=50)
    key = models.CharField(_("key"), max_length=200)
    row = models.PositiveBigIntegerField(_("row"))

    objects = MovedAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("moved address")
        verbose_name_plural = _("moved addresses")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="address_leads_to_one_row"),
            models.CheckConstraint(condition=~Q(key=""), name="moved_address_has_a_key"),
        ]

    def __str__(self):
        return f"{self.kind} {self.key}"


class AddressedModel(models.Model):
    """A row whose page is found by the key that KEY names, and for ever by each key that it had before."""

    KEY = "slug"

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, *args, **kwargs):
        before = self.stored_key()
        super().save(*args, **kwargs)
        if before not in (None, getattr(self, self.KEY)):
            MovedAddress.objects.remember(self, before)

    def stored_key(self):
        """The key in the database, where somebody else cannot change it meanwhile; None for a new row."""
        stored = type(self)._base_manager.filter(pk=self.pk).select_for_update(no_key=True)
        return None if self._state.adding else stored.values_list(self.KEY, flat=True).first()
