"""Every address of the desk, asked as every role and as nobody: what each answers, and what none may let slip."""

import pytest
from django.contrib import admin
from django.db import transaction
from django.urls import get_resolver, reverse

from innovation_archive.models import ActKind, AdministrativeAct, Controller, Download, Import
from insights.models import Release
from insights.publications import publishing, working_copies
from tests.databases import for_each_viewer
from tests.factories import (
    a_ballot,
    a_case,
    a_commitment,
    a_correction,
    a_participant,
    a_place,
    a_practice,
    a_result,
    a_service_area,
    a_story,
    a_story_in_confidence,
    a_theme,
    a_user,
    a_user_for,
    a_vote,
    a_workshop,
    an_article,
    an_insight,
)
from workshops.choices import Consent, Status
from workshops.consent import withdrawal
from workshops.consent.passages import hide_passage
from workshops.mail.queue import queue_mail
from workshops.models import BulkTagging, Identity, Note, Story, Tag, Tally, UseSubscription
from workshops.models.readings import record_private_reading
from workshops.roles import ADMINISTRATOR, ANALYST, EDITOR, FACILITATOR, SYSTEM_LEADER

pytestmark = pytest.mark.django_db

NOBODY, ITS, OTHER, ED, AN, LEADER, ADMIN = (
    "nobody", "its facilitator", "another facilitator", "editor", "analyst", "system leader", "administrator"
)  # fmt: skip
ED_OF_IT, ED_ELSEWHERE = "editor of its programme", "editor of another programme"
AN_OF_IT, AN_ELSEWHERE = "analyst of its programme", "analyst of another programme"
ROLES_FOR_ALL = {
    ITS: FACILITATOR, OTHER: FACILITATOR, ED: EDITOR, AN: ANALYST, LEADER: SYSTEM_LEADER, ADMIN: ADMINISTRATOR
}  # fmt: skip
OF_ITS_PROGRAMME = {ED_OF_IT: EDITOR, AN_OF_IT: ANALYST}
OF_ANOTHER_PROGRAMME = {ED_ELSEWHERE: EDITOR, AN_ELSEWHERE: ANALYST}
VIEWERS = [*ROLES_FOR_ALL, ED_OF_IT, ED_ELSEWHERE, AN_OF_IT, AN_ELSEWHERE]

# A word that stands in one hidden thing and nowhere else, and who may read it at the desk.
SECRETS = {
    "xdraftx": {ITS, ED, AN, ED_OF_IT, AN_OF_IT},
    "xtoldx": {ITS},  # editors read it by a step of its own
    "xkeptx": {ITS},
    "xremarkx": {ITS, ED, ED_OF_IT},
    "xreasonx": {ITS, ED, ED_OF_IT},
    "xcreditx": {ITS},
    "xwithdrawnx": set(),
    "xnotesx": {ITS},
    "xnamex": set(),  # nobody reads it by opening a page
    "xcodex": {ITS, ED, ED_OF_IT},
    "xpracticex": {ITS, ED, AN, ED_OF_IT, AN_OF_IT},
    "xnotex": {ITS},
    "xcorrectionx": {ITS, ED, ED_OF_IT},
    "xinsightx": {ED, ED_OF_IT},
    "xcopyx": {ED, ED_OF_IT},
    "xfilex": {ITS},
    "xpurposex": {ED, ADMIN, ED_OF_IT},
    "xprogrammex": {ADMIN, ED, ED_OF_IT, ED_ELSEWHERE},
    "xpassagex": {ED, ED_OF_IT},
    "xmailx": {ADMIN},
    "xsubscriberx": set(),
    "xcasex": {ITS, ED, ADMIN, ED_OF_IT},
    "xaskerx": {ED, ADMIN, ED_OF_IT},
}

REGISTERED = admin.site._registry
COLUMNS = [NOBODY, *ROLES_FOR_ALL]
OTHER_ARGUMENTS = {
    "app_list": lambda rows: {"app_label": "workshops"},
    "set_password": lambda rows: {"uid": "MQ", "token": "no-token"},
    "innovation_archive_import_template": lambda rows: {"kind": "stories"},
    "innovation_archive_import_into": lambda rows: {"workshop": rows["workshops.workshop"][""].pk},
    "workshops_story_undo_tagging": lambda rows: {"pk": rows["workshops.bulktagging"][""].pk},
    "insights_release_preview": lambda rows: {"slug": rows["workshops.programme"][""].slug},
    "insights_release_result": lambda rows: {"pk": rows["insights.releasedpractice"][""].pk},
    "insights_release_correct": lambda rows: {"pk": rows["insights.releasedpractice"][""].pk},
    "insights_release_room": lambda rows: {"pk": rows["workshops.ballot"][""].pk},
    "insights_release_check": lambda rows: {"pk": rows["insights.releasedpractice"][""].pk},
    "insights_insight_restore": lambda rows: {"pk": rows["insights.insight"]["published"].pk, "number": 1},
    "workshops_story_correction": lambda rows: {
        "pk": rows["workshops.story"]["published"].pk,
        "correction": rows["workshops.correction"][""].pk,
    },
}
"""What an address asks for besides the one row that its name begins with."""

QUERIES = ["_popup=1", "q=x", "p=2"]

# What each address answers to nobody, its facilitator, another facilitator, an editor, an analyst, a system leader and
# an administrator. One that is only posted to is given an empty form.
ANSWERS = """
index                                 302 200 200 200 200 200 200
sessions                              302 200 200 200 200 200 200
password_forgotten                    200 200 200 200 200 200 200
set_password                          410 410 410 410 410 410 410
login                                 200 302 302 302 302 302 302
logout                                302 200 200 200 200 200 200
password_change                       302 200 200 200 200 200 200
password_change_done                  302 200 200 200 200 200 200
autocomplete                          302 403 403 403 403 403 403
jsi18n                                302 200 200 200 200 200 200
workshops_outgoingmail_again open     302 404 404 404 404 404 302
workshops_outgoingmail_drop open      302 404 404 404 404 404 302
workshops_outgoingmail_again subscriber 302 404 404 404 404 404 302
workshops_outgoingmail_drop subscriber 302 404 404 404 404 404 302
workshops_outgoingmail_changelist     302 403 403 403 403 403 200
workshops_outgoingmail_add            302 403 403 403 403 403 403
workshops_outgoingmail_history open   302 403 403 403 403 403 200
workshops_outgoingmail_history subscriber 302 403 403 403 403 403 200
workshops_outgoingmail_delete open    302 403 403 403 403 403 403
workshops_outgoingmail_delete subscriber 302 403 403 403 403 403 403
workshops_outgoingmail_change open    302 403 403 403 403 403 200
workshops_outgoingmail_change subscriber 302 403 403 403 403 403 200
workshops_ballot_screen               302 200 404 403 403 404 404
workshops_ballot_count                302 200 404 403 403 404 404
workshops_ballot_close                302 302 404 403 403 404 404
workshops_ballot_void                 302 302 404 403 403 404 404
workshops_ballot_changelist           302 200 200 200 403 403 403
workshops_ballot_add                  302 200 200 403 403 403 403
workshops_ballot_history              302 200 404 200 403 403 403
workshops_ballot_delete               302 403 403 403 403 403 403
workshops_ballot_change               302 200 404 200 403 403 403
workshops_note_promote                302 302 404 404 404 404 404
workshops_note_changelist             302 200 200 403 403 403 403
workshops_note_add                    302 403 403 403 403 403 403
workshops_note_history                302 200 404 403 403 403 403
workshops_note_delete                 302 200 404 403 403 403 403
workshops_note_change                 302 200 404 403 403 403 403
workshops_hiddenpassage_decide        302 404 404 200 403 403 403
workshops_hiddenpassage_changelist    302 200 200 200 403 403 403
workshops_hiddenpassage_add           302 403 403 403 403 403 403
workshops_hiddenpassage_history       302 404 404 200 403 403 403
workshops_hiddenpassage_delete        302 403 403 403 403 403 403
workshops_hiddenpassage_change        302 404 404 200 403 403 403
workshops_participant_changelist      302 200 200 200 403 403 403
workshops_participant_add             302 200 200 403 403 403 403
workshops_participant_history         302 200 404 200 403 403 403
workshops_participant_delete          302 403 404 403 403 403 403
workshops_participant_change          302 200 404 200 403 403 403
workshops_participant_identity        302 302 404 403 403 403 403
workshops_programme_changelist        302 403 403 200 403 403 200
workshops_programme_add               302 403 403 403 403 403 200
workshops_programme_history           302 403 403 200 403 403 200
workshops_programme_delete            302 403 403 403 403 403 200
workshops_programme_change            302 403 403 200 403 403 200
workshops_workshop_notes              302 200 404 404 404 404 404
workshops_workshop_notes_preview      302 302 404 404 404 404 404
workshops_workshop_votes              302 200 404 404 404 404 404
workshops_workshop_tally              302 200 404 404 404 404 404
workshops_workshop_slips              302 200 404 404 404 404 404
workshops_workshop_changelist         302 200 200 200 200 403 403
workshops_workshop_add                302 200 200 403 403 403 403
workshops_workshop_history            302 200 404 200 200 403 403
workshops_workshop_delete             302 200 404 403 403 403 403
workshops_workshop_change             302 200 404 200 200 403 403
workshops_story_submit draft          302 200 404 403 403 404 404
workshops_story_submit kept           302 200 404 404 404 404 404
workshops_story_submit published      302 403 403 403 403 403 403
workshops_story_submit withdrawn      302 404 404 404 404 404 404
workshops_story_publish draft         302 403 404 403 403 404 404
workshops_story_publish kept          302 403 404 404 404 404 404
workshops_story_publish published     302 403 403 403 403 403 403
workshops_story_publish withdrawn     302 404 404 404 404 404 404
workshops_story_unpublish draft       302 403 404 403 403 404 404
workshops_story_unpublish kept        302 403 404 404 404 404 404
workshops_story_unpublish published   302 403 403 200 403 403 403
workshops_story_unpublish withdrawn   302 404 404 404 404 404 404
workshops_story_suggest draft         302 403 404 403 403 403 403
workshops_story_suggest kept          302 403 404 404 404 403 403
workshops_story_suggest published     302 200 403 403 403 403 403
workshops_story_suggest withdrawn     302 404 404 404 404 403 403
workshops_story_words draft           302 403 404 302 403 403 403
workshops_story_words kept            302 403 404 404 404 403 403
workshops_story_words published       302 403 403 302 403 403 403
workshops_story_words withdrawn       302 404 404 404 404 403 403
workshops_story_correction            302 200 404 200 404 403 403
workshops_story_tags                  302 200 200 200 200 403 403
workshops_story_undo_tagging          302 200 302 302 403 403 403
workshops_story_changelist            302 200 200 200 200 403 403
workshops_story_add                   302 200 200 403 403 403 403
workshops_story_history draft         302 200 404 200 200 403 403
workshops_story_history kept          302 200 404 404 404 403 403
workshops_story_history published     302 200 200 200 200 403 403
workshops_story_history withdrawn     302 404 404 404 404 403 403
workshops_story_delete draft          302 200 404 403 403 403 403
workshops_story_delete kept           302 200 404 403 403 403 403
workshops_story_delete published      302 403 403 403 403 403 403
workshops_story_delete withdrawn      302 404 404 403 403 403 403
workshops_story_change draft          302 200 404 200 200 403 403
workshops_story_change kept           302 200 404 404 404 403 403
workshops_story_change published      302 200 200 200 200 403 403
workshops_story_change withdrawn      302 404 404 404 404 403 403
workshops_tag_merge                   302 403 403 302 403 403 403
workshops_tag_near_doubles            302 403 403 200 403 403 403
workshops_tag_changelist              302 403 403 200 403 403 403
workshops_tag_add                     302 403 403 200 403 403 403
workshops_tag_history public          302 403 403 200 403 403 403
workshops_tag_history kept            302 403 403 404 403 403 403
workshops_tag_delete public           302 403 403 200 403 403 403
workshops_tag_delete kept             302 403 403 404 403 403 403
workshops_tag_change public           302 403 403 200 403 403 403
workshops_tag_change kept             302 403 403 404 403 403 403
workshops_servicearea_changelist      302 403 403 200 403 403 200
workshops_servicearea_add             302 403 403 200 403 403 200
workshops_servicearea_history         302 403 403 200 403 403 200
workshops_servicearea_delete          302 403 403 200 403 403 200
workshops_servicearea_change          302 403 403 200 403 403 200
workshops_theme_changelist            302 403 403 200 403 403 200
workshops_theme_add                   302 403 403 200 403 403 200
workshops_theme_history               302 403 403 200 403 403 200
workshops_theme_delete                302 403 403 200 403 403 200
workshops_theme_change                302 403 403 200 403 403 200
workshops_place_changelist            302 403 403 200 403 403 200
workshops_place_add                   302 403 403 200 403 403 200
workshops_place_history               302 403 403 200 403 403 200
workshops_place_delete                302 403 403 200 403 403 200
workshops_place_change                302 403 403 200 403 403 200
workshops_practice_spelling draft     302 403 403 200 403 403 403
workshops_practice_spelling published 302 403 403 200 403 403 403
workshops_practice_merge              302 403 403 302 403 403 403
workshops_practice_merges             302 403 403 200 403 403 403
workshops_practice_changelist         302 200 200 200 200 403 403
workshops_practice_add                302 200 200 200 403 403 403
workshops_practice_history draft      302 200 404 200 200 403 403
workshops_practice_history published  302 200 200 200 200 403 403
workshops_practice_delete draft       302 200 404 200 403 403 403
workshops_practice_delete published   302 403 403 200 403 403 403
workshops_practice_change draft       302 200 404 200 200 403 403
workshops_practice_change published   302 200 200 200 200 403 403
workshops_vote_changelist             302 200 200 200 200 403 403
workshops_vote_add                    302 200 200 403 403 403 403
workshops_vote_history                302 404 404 404 404 403 403
workshops_vote_delete                 302 404 404 403 403 403 403
workshops_vote_change                 302 404 404 404 404 403 403
workshops_tally_changelist            302 200 200 200 200 403 403
workshops_tally_add                   302 200 200 403 403 403 403
workshops_tally_history               302 200 404 200 200 403 403
workshops_tally_delete                302 200 404 403 403 403 403
workshops_tally_change                302 200 404 200 200 403 403
auth_user_link                        302 403 403 403 403 403 200
auth_user_close                       302 403 403 403 403 403 200
auth_user_open                        302 403 403 403 403 403 302
auth_user_changelist                  302 403 403 403 403 403 200
auth_user_add                         302 403 403 403 403 403 200
auth_user_history                     302 403 403 403 403 403 200
auth_user_delete                      302 403 403 403 403 403 403
auth_user_change                      302 403 403 403 403 403 200
innovation_archive_import_add         302 200 200 200 403 403 403
innovation_archive_import_into        302 302 404 302 404 404 404
innovation_archive_import_template    302 200 200 200 404 404 404
innovation_archive_import_confirm     302 302 404 404 403 403 403
innovation_archive_import_cancel      302 302 404 404 403 403 403
innovation_archive_import_undo        302 302 404 404 403 403 403
innovation_archive_import_changelist  302 200 200 200 403 403 403
innovation_archive_import_history     302 200 404 404 403 403 403
innovation_archive_import_delete      302 403 403 403 403 403 403
innovation_archive_import_change      302 200 404 404 403 403 403
innovation_archive_case_step          302 403 404 302 404 404 302
innovation_archive_case_changelist    302 200 200 200 403 403 200
innovation_archive_case_add           302 403 403 200 403 403 200
innovation_archive_case_history       302 200 404 200 403 403 200
innovation_archive_case_delete        302 403 403 403 403 403 403
innovation_archive_case_change        302 200 404 200 403 403 200
innovation_archive_controller_changelist 302 403 403 403 403 403 302
innovation_archive_controller_add     302 403 403 403 403 403 302
innovation_archive_controller_history 302 403 403 403 403 403 200
innovation_archive_controller_delete  302 403 403 403 403 403 403
innovation_archive_controller_change  302 403 403 403 403 403 200
innovation_archive_download_changelist 302 403 403 200 403 403 200
innovation_archive_download_add       302 403 403 403 403 403 403
innovation_archive_download_history   302 403 403 200 403 403 200
innovation_archive_download_delete    302 403 403 403 403 403 403
innovation_archive_download_change    302 403 403 200 403 403 200
insights_article_changelist           302 403 403 200 403 403 403
insights_article_add                  302 403 403 200 403 403 403
insights_article_history              302 403 403 200 403 403 403
insights_article_delete               302 403 403 200 403 403 403
insights_article_change               302 403 403 200 403 403 403
insights_commitment_changelist        302 403 403 200 403 403 403
insights_commitment_add               302 403 403 200 403 403 403
insights_commitment_history           302 403 403 200 403 403 403
insights_commitment_delete            302 403 403 200 403 403 403
insights_commitment_change            302 403 403 200 403 403 403
insights_insight_compare draft        302 403 403 302 403 403 403
insights_insight_compare published    302 403 403 200 403 403 403
insights_insight_discard draft        302 403 403 302 403 403 403
insights_insight_discard published    302 403 403 200 403 403 403
insights_insight_restore              302 403 403 200 403 403 403
insights_insight_unpublish draft      302 403 403 200 403 403 403
insights_insight_unpublish published  302 403 403 200 403 403 403
insights_insight_publish_again        302 403 403 302 403 403 403
insights_insight_look draft           302 403 403 302 403 403 403
insights_insight_look published       302 403 403 200 403 403 403
insights_insight_changelist           302 403 403 200 403 403 403
insights_insight_add                  302 403 403 200 403 403 403
insights_insight_patterns             302 403 403 200 403 403 403
insights_insight_start                302 403 403 302 403 403 403
insights_insight_history draft        302 403 403 200 403 403 403
insights_insight_history published    302 403 403 200 403 403 403
insights_insight_delete draft         302 403 403 200 403 403 403
insights_insight_delete published     302 403 403 403 403 403 403
insights_insight_change draft         302 403 403 200 403 403 403
insights_insight_change published     302 403 403 200 403 403 403
insights_publication_changelist       302 403 403 200 403 403 403
insights_publication_add              302 403 403 403 403 403 403
insights_publication_history          302 403 403 200 403 403 403
insights_publication_delete           302 403 403 403 403 403 403
insights_publication_change           302 403 403 200 403 403 403
insights_release_preview              302 403 403 200 200 403 403
insights_release_result               302 403 403 200 200 403 403
insights_release_correct              302 403 403 302 403 403 403
insights_release_check                302 403 403 200 200 403 403
insights_release_room                 302 302 404 403 403 404 404
insights_release_changelist           302 403 403 200 200 403 403
insights_release_add                  302 403 403 403 403 403 403
insights_release_history              302 403 403 200 200 403 403
insights_release_delete               302 403 403 403 403 403 403
insights_release_change               302 403 403 200 200 403 403
innovation_archive_administrativeact_changelist 302 403 403 200 403 403 200
innovation_archive_administrativeact_add 302 403 403 403 403 403 403
innovation_archive_administrativeact_history 302 403 403 200 403 403 200
innovation_archive_administrativeact_delete 302 403 403 403 403 403 403
innovation_archive_administrativeact_change 302 403 403 200 403 403 200
workshops_privatereading_changelist   302 403 403 200 403 403 200
workshops_privatereading_add          302 403 403 403 403 403 403
workshops_privatereading_history      302 403 403 200 403 403 200
workshops_privatereading_delete       302 403 403 403 403 403 403
workshops_privatereading_change       302 403 403 200 403 403 200
app_list                              302 200 200 200 200 404 200
"""


# Who has a role for one programme gets what that role gets; what all programmes share they do not change.
OF_ALL_ALONE = """
workshops_servicearea_add
workshops_servicearea_delete
workshops_theme_add
workshops_theme_delete
workshops_place_add
workshops_place_delete
"""

# Where an editor and an analyst of another programme do not get what those of the whole archive get: what they do.
ELSEWHERE = """
workshops_ballot_screen               404 404
workshops_ballot_count                404 404
workshops_ballot_close                404 404
workshops_ballot_void                 404 404
workshops_ballot_history              404 403
workshops_ballot_change               404 403
workshops_participant_history         404 403
workshops_participant_change          404 403
workshops_participant_identity        404 403
workshops_workshop_history            404 404
workshops_workshop_change             404 404
workshops_story_submit draft          404 404
workshops_story_publish draft         404 404
workshops_hiddenpassage_change        404 403
workshops_hiddenpassage_decide        404 403
workshops_hiddenpassage_history       404 403
innovation_archive_case_change        404 403
innovation_archive_case_history       404 403
innovation_archive_case_step          404 404
workshops_story_unpublish draft       404 404
workshops_story_unpublish published   403 403
workshops_story_suggest draft         404 404
workshops_story_words draft           404 404
workshops_story_words published       403 403
workshops_story_correction            404 404
workshops_story_history draft         404 404
workshops_story_change draft          404 404
workshops_tag_delete public           403 403
workshops_servicearea_add             403 403
workshops_servicearea_delete          403 403
workshops_theme_add                   403 403
workshops_theme_delete                403 403
workshops_place_add                   403 403
workshops_place_delete                403 403
workshops_practice_spelling draft     404 403
workshops_practice_spelling published 403 403
workshops_practice_history draft      404 404
workshops_practice_delete draft       404 403
workshops_practice_delete published   403 403
workshops_practice_change draft       404 404
workshops_tally_history               404 404
workshops_tally_change                404 404
innovation_archive_import_into        404 404
innovation_archive_download_history   404 403
innovation_archive_download_change    404 403
insights_article_history              404 403
insights_article_delete               404 403
insights_article_change               404 403
insights_commitment_history           404 403
insights_commitment_delete            404 403
insights_commitment_change            404 403
insights_insight_compare draft        404 403
insights_insight_compare published    404 403
insights_insight_discard draft        404 403
insights_insight_discard published    404 403
insights_insight_restore              404 403
insights_insight_unpublish draft      404 403
insights_insight_unpublish published  404 403
insights_insight_look draft           404 403
insights_insight_look published       404 403
insights_insight_history draft        404 403
insights_insight_history published    404 403
insights_insight_delete draft         404 403
insights_insight_delete published     404 403
insights_insight_change draft         404 403
insights_insight_change published     404 403
insights_publication_history          404 403
insights_publication_change           404 403
insights_release_preview              404 404
insights_release_result               404 404
insights_release_correct              404 404
insights_release_check                404 404
insights_release_room                 404 404
insights_release_history              404 404
insights_release_change               404 404
workshops_privatereading_history      404 403
workshops_privatereading_change       404 403
"""


@pytest.fixture
def world():
    """People, and rows of each model: what is hidden is of the first facilitator's workshop. {model: {name: row}}"""
    people = {viewer: a_user(role, username=viewer) for viewer, role in ROLES_FOR_ALL.items()}
    area, place, theme = a_service_area("Early help"), a_place("Bolton"), a_theme("Workforce")
    workshop = a_workshop([people[ITS]], [area], [place], title="A room", notes="xnotesx")
    programme, another = workshop.phase.programme, a_workshop([people[OTHER]], title="Another room").phase.programme
    people |= {viewer: a_user_for(programme, role, username=viewer) for viewer, role in OF_ITS_PROGRAMME.items()}
    people |= {viewer: a_user_for(another, role, username=viewer) for viewer, role in OF_ANOTHER_PROGRAMME.items()}
    teller = a_participant([workshop], code="xcodex", service_area=area, place=place)
    Identity.objects.create(participant=teller, name="xnamex")
    subscription = UseSubscription.objects.create(participant=teller, address="xsubscriberx@example.org")
    kept = {"status": Status.DRAFT, "workshop": workshop, "consent": Consent.FACILITATORS}
    about = {"themes": [theme], "service_area": area, "place": place}
    stories = {
        "draft": a_story_in_confidence(
            Consent.PUBLIC,
            "xreasonx",
            workshop=workshop,
            title="xdraftx",
            text="xtoldx",
            told_by=teller,
            remark="xremarkx",
            **about,
        ),
        "kept": a_story(title="xkeptx", published_text="xkeptx", text="xkeptx", tags=["xkeptx"], **about, **kept),
        "published": a_story(workshop=workshop, title="Open", tags=["trust"], credit="xcreditx", **about),
        "withdrawn": a_story(workshop=workshop, title="xwithdrawnx", published_text="xwithdrawnx", text="xwithdrawnx"),
    }
    withdrawal.withdraw_stories([stories["withdrawn"]])
    published, hidden = stories["published"], [stories["kept"], stories["withdrawn"]]
    practices = {
        "draft": a_practice([stories["kept"]], statement="xpracticex", status=Status.DRAFT),
        "published": a_practice([published, *hidden], [theme], [area]),
    }
    insights = {
        "draft": an_insight([published, *hidden], title="xinsightx", status=Status.DRAFT, programme=programme),
        "published": an_insight([published, *hidden], none_found="We asked.", programme=programme),
    }
    rows = {
        "workshops.story": stories,
        "workshops.practice": practices,
        "insights.insight": insights,
        "workshops.outgoingmail": {
            "open": queue_mail("office@example.org", "Due", "xmailx"),
            "subscriber": queue_mail("xsubscriberx@example.org", "Due", "xsubscriberx", subscription=subscription),
        },
        "workshops.tag": {"public": Tag.objects.get(name="trust"), "kept": Tag.objects.get(name="xkeptx")},
    }
    download = Download.objects.create(user=people[AN], file="votes.csv", purpose="xpurposex")
    download.programmes.add(programme)
    alone = [
        workshop,
        workshop.phase.programme,
        area,
        place,
        theme,
        teller,
        a_vote(practice=practices["draft"], participant=teller, workshop=workshop),
        Tally.objects.create(practice=practices["draft"], workshop=workshop, service_area=area, keep=3),
        a_correction(published, title="xcorrectionx", suggested_by=people[ITS]),
        Note.objects.create(workshop=workshop, text="xnotex"),
        Import.objects.create(
            kind="stories", workshop=workshop, user=people[ITS], file_name="xfilex.csv", content=b"a"
        ),
        download,
        AdministrativeAct.objects.create(
            by=people[ADMIN], about=people[AN], kind=ActKind.GIVEN, detail="editor", programme="xprogrammex"
        ),
        record_private_reading(people[ITS], participant=teller, workshop=workshop),
        a_case(about_kind="story", about_ref=published.ref, words="xcasex", name="xaskerx"),
        Controller.objects.create(),
        publishing.publish_insight(insights["published"]),
        an_article(programme=programme),
        a_commitment(insight=insights["published"], place=place),
        Release.objects.create(programme=programme, released_on="2020-12-01"),
        a_result(practices["published"], {"Early help": (30, 0, 2, 0)}, programme=programme),
        a_ballot([practices["draft"]], workshop=workshop),
        BulkTagging.objects.create(
            by=people[ITS], links={kind: {"added": [], "removed": []} for kind in ("tags", "themes")}
        ),
        hide_passage(an_article(programme=programme, body="He said xpassagex."), "body", 8, 17, "An objection."),
        people[ED],
    ]
    copy = working_copies.row_to_write(insights["published"])
    copy.title = copy.body = "xcopyx"
    copy.save()
    return people, rows | {row._meta.label_lower: {"": row} for row in alone}


def addresses():
    """Every named pattern of the desk as {name: pattern}; the last one, which catches the rest, has no name."""
    found = {}

    def collect(patterns, name_space):
        for pattern in patterns:
            if hasattr(pattern, "url_patterns"):
                collect(pattern.url_patterns, pattern.namespace or name_space)
            elif name_space == "admin" and pattern.name:
                found[pattern.name] = pattern

    collect(get_resolver().url_patterns, None)
    return found


def model_of(name):
    """The model whose pages an address belongs to, as `app.model`; nothing for pages of the desk as a whole."""
    labels = {f"{model._meta.app_label}_{model._meta.model_name}_": model._meta.label_lower for model in REGISTERED}
    return next((label for prefix, label in labels.items() if name.startswith(prefix)), None)


def opened(name, pattern, rows):
    """An address for each row the pattern can name: {line of the table: address}."""
    asked = list(pattern.pattern.converters) or list(pattern.pattern.regex.groupindex)
    if not asked:
        return {name: reverse(f"admin:{name}")}
    if name in OTHER_ARGUMENTS:
        return {name: reverse(f"admin:{name}", kwargs=OTHER_ARGUMENTS[name](rows))}
    (argument,) = asked
    owners = rows.get(model_of(name), {"has no row in the world of this test": None})
    return {
        f"{name} {kind}".strip(): reverse(f"admin:{name}", kwargs={argument: row.pk if row else 0})
        for kind, row in owners.items()
    }


def table():
    """{line: {viewer: answer}} for everybody, roles for one programme included."""
    answers = lines_of(ANSWERS, COLUMNS)
    elsewhere = lines_of(ELSEWHERE, [ED_ELSEWHERE, AN_ELSEWHERE])
    shared = {" ".join(line.split()) for line in OF_ALL_ALONE.strip().splitlines()}
    for line, row in answers.items():
        row.update({ED_OF_IT: 403 if line in shared else row[ED], AN_OF_IT: row[AN]})
        row.update(elsewhere.get(line, {ED_ELSEWHERE: row[ED], AN_ELSEWHERE: row[AN]}))
    assert set(elsewhere) | shared <= set(answers)
    return answers


def lines_of(text, columns):
    lines = [line.rsplit(maxsplit=len(columns)) for line in text.strip().splitlines()]
    return {" ".join(line.split()): dict(zip(columns, map(int, answers), strict=True)) for line, *answers in lines}


def test_table_knows_every_address_of_the_desk(world):
    _, rows = world
    there = {line for name, pattern in addresses().items() for line in opened(name, pattern, rows)}
    unknown = sorted(there - set(table()))
    assert unknown == [], "Say in ANSWERS what each role gets of these addresses."
    assert sorted(set(table()) - there) == [], "These lines of ANSWERS name no address."


def secrets_kept_from(viewer):
    return [secret for secret, readers in SECRETS.items() if viewer not in readers]


def asked(client, address, method, viewer):
    """What an address answers, and the secrets it lets slip to this viewer. Where nothing is to be read, it is sent to."""
    client.raise_request_exception = False  # a crash is an answer too: 500
    with transaction.atomic():
        response = getattr(client, method)(address)
        words = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)  # so that every address is asked in the same world
    if response.status_code == 405 and method == "get":
        return asked(client, address, "post", viewer)
    return response.status_code, [secret for secret in secrets_kept_from(viewer) if secret.encode() in words]


@for_each_viewer([NOBODY, *VIEWERS])
def test_address_answers_as_the_table_says_and_lets_nothing_slip(client, world, viewer):
    people, rows = world
    expected = {line: answers[viewer] for line, answers in table().items()}
    answers, slips = {}, {}
    for name, pattern in addresses().items():
        for line, address in opened(name, pattern, rows).items():
            if viewer != NOBODY:
                client.force_login(people[viewer])
            answers[line], slipped = asked(client, address, "get", viewer)
            slips |= {line: slipped} if slipped else {}
    assert slips == {}
    assert {line: status for line, status in answers.items() if expected.get(line) != status} == {}


def kept_secret(rows):
    """All that is written of the story that is for its facilitators alone."""
    story = Story.objects.filter(pk=rows["workshops.story"]["kept"].pk)
    (kept,) = story
    return story.values().get(), kept.original_text.text, set(kept.tags.names()), set(kept.themes.all())


@for_each_viewer([NOBODY, *VIEWERS])
def test_empty_form_breaks_nothing_and_lets_nothing_slip(client, world, viewer):
    people, rows = world
    before, answers, slips = kept_secret(rows), {}, {}
    for name, pattern in addresses().items():
        for line, address in opened(name, pattern, rows).items():
            if viewer != NOBODY:
                client.force_login(people[viewer])
            status, slipped = asked(client, address, "post", viewer)
            answers |= {line: status} if status >= 500 else {}
            slips |= {line: slipped} if slipped else {}
    assert (answers, slips) == ({}, {})
    assert kept_secret(rows) == before


@for_each_viewer(VIEWERS)
def test_address_lets_nothing_slip_in_a_popup_a_search_or_on_another_page(client, world, viewer):
    people, rows = world
    answers, slips = {}, {}
    for name, pattern in addresses().items():
        for line, address in opened(name, pattern, rows).items():
            for query in QUERIES if name.endswith(("_changelist", "_tags")) else ["_popup=1"]:
                client.force_login(people[viewer])
                status, slipped = asked(client, f"{address}?{query}", "get", viewer)
                answers |= {line: status} if status >= 500 else {}
                slips |= {line: slipped} if slipped else {}
    assert (answers, slips) == ({}, {})


ACTIONS = [
    (model._meta.label_lower, action if isinstance(action, str) else action.__name__)
    for model, desk in REGISTERED.items()
    for action in desk.actions
]


@pytest.mark.parametrize("across", ["0", "1"])
@for_each_viewer([viewer for viewer in VIEWERS if viewer != ITS])
def test_action_reaches_nothing_hidden(client, world, viewer, across):
    """Every action of every list, with every row ticked, or with all that match."""
    people, rows = world
    client.force_login(people[viewer])
    before, answers, slips = kept_secret(rows), {}, {}
    assert ("workshops.story", "submit") in ACTIONS
    for label, action in ACTIONS:
        ticked = [row.pk for row in rows.get(label, {}).values()]
        fields = {"action": action, "_selected_action": ticked, "select_across": across, "confirmed": "yes"}
        response = client.post(reverse(f"admin:{label.replace('.', '_')}_changelist"), fields, follow=True)
        slipped = [secret for secret in secrets_kept_from(viewer) if secret.encode() in response.content]
        answers |= {(label, action): response.status_code} if response.status_code not in (200, 403) else {}
        slips |= {(label, action): slipped} if slipped else {}
    assert (answers, slips) == ({}, {})
    assert kept_secret(rows) == before


def autocompletes():
    """Every field whose choices are looked up while one types: (app, model, field)."""
    for desk in REGISTERED.values():
        for page in [desk, *desk.inlines]:
            yield from (
                (page.model._meta.app_label, page.model._meta.model_name, name) for name in page.autocomplete_fields
            )


@for_each_viewer(VIEWERS)
def test_autocomplete_offers_nothing_hidden(client, world, viewer):
    people, _ = world
    client.force_login(people[viewer])
    fields = sorted(set(autocompletes()))
    assert ("workshops", "vote", "participant") in fields
    slips = {}
    for app, model, field in fields:
        query = {"app_label": app, "model_name": model, "field_name": field, "term": ""}
        words = client.get(reverse("admin:autocomplete"), query).content
        slipped = [secret for secret in secrets_kept_from(viewer) if secret.encode() in words]
        slips |= {(app, model, field): slipped} if slipped else {}
    assert slips == {}
