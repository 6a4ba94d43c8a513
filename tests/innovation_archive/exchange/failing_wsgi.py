"""The application as gunicorn serves it, but that the file of themes fails after its first rows."""

from innovation_archive import wsgi  # isort: split

from innovation_archive.datasets import DATASETS

application = wsgi.application


def fails(self, audience, among=None):
    yield from [["culture", "Culture", []]] * 1000
    raise OSError("the disk is gone")


DATASETS["themes"].records = fails
