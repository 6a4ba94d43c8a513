"""Numbers with the name of what they count, as `{{ number|counted:"story" }}`."""

from django import template

from workshops.counted import counted

register = template.Library()
register.filter("counted", counted)
