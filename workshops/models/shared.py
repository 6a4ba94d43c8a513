from typing import Self

from django.contrib.auth.models import AnonymousUser, User
from django.db import models


class SharedQuerySet(models.QuerySet):
    """Rows that everyone with an account may know of, such as a vocabulary. What they may do with them is for their
    role's permissions to say."""

    def manageable_by(self, user: User | AnonymousUser) -> Self:
        return self if user.is_active else self.none()
