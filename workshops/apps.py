from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from workshops import changes, fields, tags


class WorkshopsConfig(AppConfig):
    name = "workshops"
    verbose_name = _("Workshops")

    def ready(self):
        from workshops.browsing import moved  # models may be imported only now
        from workshops.browsing.filters import public_tags
        from workshops.consent import checks as consent_checks  # noqa: F401 they register themselves

        # The first registers what the ledger replays, and so does withdrawal; the second what words the app holds.
        from workshops.consent import erasure, held_words, passages  # noqa: F401
        from workshops.judgements.passages import texts_of_workshops
        from workshops.mail import checks  # noqa: F401
        from workshops.models import Place, Practice, Programme, ServiceArea, Story, Tag, Theme, Workshop
        from workshops.personal_data import in_names

        changes.programme_texts.append(texts_of_workshops)
        fields.word_checks += [passages.refuse_hidden_words, in_names.refuse_in_names]
        fields.row_word_checks.append(passages.refuse_words_hidden_here)
        tags.name_checks.append(in_names.refuse_identifier)
        names = {
            Programme: "programme",
            Workshop: "workshop",
            ServiceArea: "service_area",
            Theme: "theme",
            Place: "place",
        }
        for model, name in names.items():
            moved.register(model, name, rows=lambda user, model=model: model.objects.all())
        moved.register(Tag, "tag", rows=lambda user: public_tags())
        moved.register(Story, "story", rows=Story.objects.visible_to)
        moved.register(Practice, "practice", rows=Practice.objects.visible_to)
