"""The application as gunicorn serves it, but that a page and a file fail with words of people in the error."""

from innovation_archive import wsgi  # isort: split

from django.contrib.auth.models import Group

from innovation_archive.datasets import DATASETS
from workshops.voting import phone_views

application = wsgi.application


def fail(self, request, code):
    told = "Canarylocal"
    Group.objects.create(name="Canaryname")
    try:
        Group.objects.create(name="Canaryname")  # the database quotes it: Key (name)=(Canaryname) already exists
    except Exception as problem:
        raise ValueError(f"Canarymessage {told}") from problem


def break_off(self, audience, among=None):
    yield from [["culture", "Culture", []]] * 1000
    raise OSError(5, "Canarydisk")


phone_views.AboutPage.get = fail
DATASETS["themes"].records = break_off
