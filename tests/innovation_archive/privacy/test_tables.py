"""Every table has a period, or a reason to have none."""

from django.apps import apps

from tests.innovation_archive.privacy.test_ended import ROWS

APPS = ["workshops", "insights", "innovation_archive"]
OF_FIXED_PERIODS = """
    innovation_archive.HousekeepingRun workshops.Ballot workshops.BulkTagging workshops.ErasureRequest
    workshops.FailedAttempt workshops.OutgoingMail workshops.UseSubscription
"""
WITHOUT_PERIOD = {
    "it is what the archive is for: public, or on its way there, until its teller or an editor takes it back": """
        insights.Article insights.Commitment insights.Evidence insights.FreshLook insights.Insight insights.Publication
        insights.PublishedEvidence insights.Review insights.SetAside workshops.Practice workshops.SpellingCorrection
        workshops.Story workshops.Tally
    """,
    "it tells who may see a story, how that was agreed, and what was judged of it, as long as there is the story": """
        workshops.ConsentRecord workshops.ContextAnswer workshops.Judgement
    """,
    "a code, a role and a slip without a name, until the person has them erased": """
        workshops.Participant workshops.Slip
    """,
    "counts, of which nobody is picked out": """
        insights.ErasedVotes insights.ExactCounts insights.Release insights.ReleaseRequest insights.ReleasedGroup
        insights.ReleasedPractice workshops.FacetCount
    """,
    "without it what was forgotten would come back": """
        workshops.Forgotten workshops.RemovedStory
    """,
    "it goes with the row that it belongs to": """
        innovation_archive.CaseContact innovation_archive.CaseEvent innovation_archive.CaseReminder
        innovation_archive.DirectoryLink innovation_archive.ImportLine innovation_archive.ImportedRow
        innovation_archive.SignIn insights.Reminder workshops.HiddenPassage
        workshops.HiddenShingle workshops.PracticeMerge workshops.PracticeTag workshops.UnjudgedPublication
        workshops.WordingTrace
    """,
    "a link of an entry of a history, which goes with it": """
        insights.HistoricalInsight_builds_on insights.HistoricalInsight_themes workshops.HistoricalStory_themes
    """,
    "the words and places by which all of it is filed": """
        workshops.MovedAddress workshops.Phase workshops.Place workshops.Programme workshops.ServiceArea workshops.StoryTag
        workshops.Tag workshops.Theme
    """,
    "the publisher says it of itself, or gives it to an account": """
        innovation_archive.Controller workshops.RoleGrant
    """,
}
"""{reason: tables}"""


def test_every_table_has_a_period_or_a_reason_to_have_none():
    of_periods = {model._meta.label for tables in ROWS.values() for model in tables} | set(OF_FIXED_PERIODS.split())
    without = [label for labels in WITHOUT_PERIOD.values() for label in labels.split()]
    tables = {model._meta.label for app in APPS for model in apps.get_app_config(app).get_models()}
    others = {"admin.LogEntry", "sessions.Session"}
    assert sorted([*without, *of_periods]) == sorted(tables | others), (
        "Give the new table a period (innovation_archive/privacy/), or say here why it needs none."
    )
