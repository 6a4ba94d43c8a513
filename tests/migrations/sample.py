"""What a snapshot holds besides the demo: a row of each table that the demo leaves empty, and the public files."""

import datetime
import tempfile
from pathlib import Path

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnAttestation, WebAuthnCredential, WebAuthnUserHandle

from innovation_archive.cases.opening import open_case
from innovation_archive.exchange.exports import export_archive
from innovation_archive.models import (
    AdministrativeAct,
    Case,
    CaseReminder,
    Controller,
    DirectoryLink,
    Download,
    HousekeepingRun,
    Import,
    ImportedRow,
    ImportLine,
)
from insights.models import Article, ErasedVotes, FreshLook, Insight, ReleaseRequest, Reminder, Review
from workshops.consent.passages import hide_passage
from workshops.models import (
    Ballot,
    BallotPaper,
    BulkTagging,
    ContextAnswer,
    Correction,
    ErasureRequest,
    FailedAttempt,
    Forgotten,
    HiddenPassage,
    Identity,
    Judgement,
    MovedAddress,
    Note,
    OutgoingMail,
    Participant,
    Place,
    Practice,
    PracticeMerge,
    Programme,
    RemovedStory,
    RoleGrant,
    Slip,
    Story,
    Theme,
    UnjudgedPublication,
    UseSubscription,
    Workshop,
)
from workshops.models.readings import record_private_reading


def install():
    settings.DEBUG = True  # or the demo refuses
    call_command("demo", no_server=True)
    editor, facilitator = User.objects.get(username="editor"), User.objects.get(username="facilitator")
    add_to_workshop(Workshop.objects.first(), facilitator)
    add_to_story(Story.objects.published().first(), editor, facilitator)
    add_imports(Workshop.objects.first(), facilitator)
    editor.user_permissions.add(Permission.objects.get(codename="view_user"))
    Reminder.objects.create(review=Review.objects.first(), due_on=datetime.date(2021, 1, 4))
    ErasedVotes.objects.create(
        practice=Practice.objects.first(), workshop=Workshop.objects.first(), choice="keep", people=1
    )
    Forgotten.objects.create(kind="withdrawal", subject="1" * 64, reference="7kfrw2mn")
    RemovedStory.objects.create(story=Story.objects.last(), day=datetime.date(2021, 1, 4), reach=2)
    ReleaseRequest.objects.create(programme=Programme.objects.first(), fingerprint="1" * 64, asked_by=editor)
    MovedAddress.objects.remember(Theme.objects.first(), "former-theme")
    FreshLook.objects.create(
        insight=Insight.objects.published().first(), looked_on=datetime.date(2022, 1, 13), outcome="holds",
        reason="every hub still does it.", looked_by=editor,
    )  # fmt: skip
    download = Download.objects.create(user=editor, file="archive.zip", purpose="An evaluation")
    download.programmes.add(Programme.objects.first())
    AdministrativeAct.objects.create(by=editor, about=facilitator, kind="given", detail="analyst", programme="Hubs")
    RoleGrant.objects.create(user=facilitator, role="analyst", programme=Programme.objects.first())
    hide_passage(Article.objects.exclude(body="").first(), "body", 0, 60, "Somebody says that it is about them.")
    HousekeepingRun.objects.create(is_running=False, ended_at=timezone.now(), outcome={"ballots": 1})
    add_case(Story.objects.published().first(), editor)
    add_ways_of_signing_in(editor)
    User.objects.update(password="!")


def add_ways_of_signing_in(user):
    TOTPDevice.objects.create(user=user, name="app", key="0" * 40)
    StaticDevice.objects.create(user=user, name="recovery").token_set.create(token="aaaabbbb")
    passkey = WebAuthnCredential.objects.create(user=user, credential_id=b"1", public_key=b"2", aaguid="0")
    WebAuthnAttestation.objects.create(credential=passkey, fmt="none", data=b"3", client_data_json=b"{}")
    WebAuthnUserHandle.objects.create(user=user, handle_hex="0" * 128)
    DirectoryLink.objects.create(user=user, issuer="https://directory.example.org", subject="1")


def add_to_workshop(workshop, facilitator):
    participant, practice = Participant.objects.first(), Practice.objects.first()
    Identity.objects.create(participant=participant, name="Ines Example", contact="ines@example.org")
    Slip.objects.get_or_create(participant=participant, defaults={"fingerprint": "a" * 64})
    ErasureRequest.objects.create(participant=Participant.objects.last(), reference="7kfrw2mn")
    record_private_reading(facilitator, participant=participant, workshop=workshop)
    subscription = UseSubscription.objects.create(participant=participant, address="ines@example.org")
    OutgoingMail.objects.create(to="ines@example.org", subject="A word", about="use", subscription=subscription)
    FailedAttempt.objects.create(address="b" * 64)
    practice.spellings.create(before="Keep teh vans.", after=practice.statement, proposed_by=facilitator)
    merge = PracticeMerge.objects.create(
        ref="P-merged", statement="Keep vans.", into=practice, remembered={}, merged_by=facilitator
    )
    merge.votes.create(participant=participant, workshop=workshop, choice="keep", vote=1, is_of_kept=False)
    note = Note.objects.create(
        workshop=workshop, text="Ring them back.", choice="keep", agreements=2, tags=["phones", "ring back"],
        place=Place.objects.first(), practice=practice,
    )  # fmt: skip
    note.themes.add(Theme.objects.first())
    ballot = Ballot.objects.create(workshop=workshop, seats=30, opened_by=facilitator)
    ballot.practices.add(practice)
    BallotPaper.objects.create(
        ballot=ballot, participant=participant, ticket="c" * 64, newcomer=False, address="d" * 64
    )


def add_to_story(story, editor, facilitator):
    Judgement.objects.create(workshop=story.workshop, mark="name", word="hope", why="A house.", judged_by=editor)
    ContextAnswer.objects.create(story=story, could_tell=False, people=2, fingerprint="e" * 64, answered_by=editor)
    UnjudgedPublication.objects.get_or_create(kind="story", ref=story.ref, defaults={"passages": 1})
    Correction.objects.create(
        story=story, title=story.title, published_text="Better said.", why="A typing error.", suggested_by=facilitator
    )
    BulkTagging.objects.create(by=editor, links={"tags": {"added": [story.story_tags.first().pk], "removed": []}})
    LogEntry.objects.log_actions(editor.pk, [story], 2, change_message="It was published.", single_object=True)


def add_case(story, editor):
    Controller.objects.create(publisher="The Example Foundation", email="privacy@example.org")
    case = open_case(
        Case(kind="objection", way="post", about_kind="story", about_ref=story.ref, words="That is me."),
        name="Ann Example",
        email="ann@example.org",
    )
    CaseReminder.objects.create(case=case, to=editor, due_on=case.due_on, was_overdue=False)
    case.passages.set(HiddenPassage.objects.all())


def add_imports(workshop, facilitator):
    waiting = Import.objects.create(
        kind="stories", workshop=workshop, user=facilitator, file_name="stories.csv", digest="e" * 64, added=1,
        content="ref,title\nnew,Café\n".encode(),
    )  # fmt: skip
    ImportLine.objects.create(of=waiting, line=2, key="new", outcome="added", changes=[["title", "", "Café"]])
    done = Import.objects.create(
        kind="places", user=facilitator, file_name="places.csv", digest="f" * 64, changed=1,
        state="imported", decided_at=timezone.now(),
    )  # fmt: skip
    place = Place.objects.first()
    ImportedRow.objects.create(of=done, line=2, row=place.pk, before={"name": "Before"}, left_as="0" * 64)


def public_files():
    with tempfile.TemporaryDirectory() as folder:
        export_archive(Path(folder))
        return {path.name: path.read_text() for path in sorted(Path(folder).glob("*.csv"))}
