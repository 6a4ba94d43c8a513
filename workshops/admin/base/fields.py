"""A form field for rows that are named by their keys."""

from django import forms

from workshops.admin.base.model_admin import BEYOND_KEYS


class RowsField(forms.ModelMultipleChoiceField):
    """Rows by their primary keys. A number larger than any key is refused here; Django would send it to the database."""

    def clean(self, value):
        for key in value or []:
            if BEYOND_KEYS.search(str(key)):
                raise forms.ValidationError(
                    self.error_messages["invalid_choice"], code="invalid_choice", params={"value": key}
                )
        return super().clean(value)
