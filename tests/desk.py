"""How tests work the desk: the address of a page, what it says, and its form as a browser would send it."""

from django.urls import reverse


def page(model, name="changelist", pk=None):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=[pk] if pk else [])


def filled(response, **changes):
    """What a browser would post of the form on this page, with these changes."""
    forms = [response.context["adminform"].form]
    for inline in response.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    fields = {field.html_name: written(field) for form in forms for field in form}
    return {name: value for name, value in fields.items() if value not in (None, "") and value is not False} | changes


def written(field):
    value = field.value()
    as_text = getattr(field.field.widget, "format_value", None)
    return as_text(value) if field.name == "tags" else value


def act(client, model, action, *rows, **fields):
    """Tick these rows in their list and run an action; returns the page that follows."""
    data = {"action": action, "_selected_action": [row.pk for row in rows], **fields}
    return client.post(page(model), data, follow=True)


def messages(response):
    return [str(message) for message in response.context["messages"]]


def listed(response):
    """The rows of a list, as their text."""
    return sorted(str(row) for row in response.context["cl"].result_list)
