"""Names of models and fields, written out for translators. The database knows nothing of them."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class OnlyInState(migrations.SeparateDatabaseAndState):
    """Changes what later migrations know of the models, and makes these anew once. Django would do that after each
    operation, which takes ten seconds."""

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)
        super().state_forwards(app_label, state)


class Migration(migrations.Migration):
    dependencies = [
        ('workshops', '0004_plain_names'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        OnlyInState(
            state_operations=[
                migrations.AlterModelOptions(
                    name='ballot',
                    options={'ordering': ['-opened_at', '-pk'], 'verbose_name': 'ballot', 'verbose_name_plural': 'ballots'},
                ),
                migrations.AlterModelOptions(
                    name='ballotpaper',
                    options={'ordering': ['joined_at', 'pk'], 'verbose_name': 'ballot paper', 'verbose_name_plural': 'ballot papers'},
                ),
                migrations.AlterModelOptions(
                    name='bulktagging',
                    options={'verbose_name': 'bulk tagging', 'verbose_name_plural': 'bulk taggings'},
                ),
                migrations.AlterModelOptions(
                    name='correction',
                    options={'ordering': ['-suggested_at', '-pk'], 'verbose_name': 'correction', 'verbose_name_plural': 'corrections'},
                ),
                migrations.AlterModelOptions(
                    name='failedattempt',
                    options={'verbose_name': 'failed attempt', 'verbose_name_plural': 'failed attempts'},
                ),
                migrations.AlterModelOptions(
                    name='note',
                    options={'ordering': ['pk'], 'verbose_name': 'note', 'verbose_name_plural': 'notes'},
                ),
                migrations.AlterModelOptions(
                    name='participant',
                    options={'ordering': ['code'], 'verbose_name': 'participant', 'verbose_name_plural': 'participants'},
                ),
                migrations.AlterModelOptions(
                    name='phase',
                    options={'ordering': ['programme', 'number'], 'verbose_name': 'phase', 'verbose_name_plural': 'phases'},
                ),
                migrations.AlterModelOptions(
                    name='place',
                    options={'ordering': ['name'], 'verbose_name': 'place', 'verbose_name_plural': 'places'},
                ),
                migrations.AlterModelOptions(
                    name='practice',
                    options={'ordering': ['ref'], 'verbose_name': 'practice', 'verbose_name_plural': 'practices'},
                ),
                migrations.AlterModelOptions(
                    name='practicetag',
                    options={'verbose_name': 'practice tag', 'verbose_name_plural': 'practice tags'},
                ),
                migrations.AlterModelOptions(
                    name='programme',
                    options={'ordering': ['started', 'slug'], 'verbose_name': 'programme', 'verbose_name_plural': 'programmes'},
                ),
                migrations.AlterModelOptions(
                    name='servicearea',
                    options={'ordering': ['name'], 'verbose_name': 'service area', 'verbose_name_plural': 'service areas'},
                ),
                migrations.AlterModelOptions(
                    name='slip',
                    options={'verbose_name': 'slip', 'verbose_name_plural': 'slips'},
                ),
                migrations.AlterModelOptions(
                    name='story',
                    options={'ordering': ['ref'], 'verbose_name': 'story', 'verbose_name_plural': 'stories'},
                ),
                migrations.AlterModelOptions(
                    name='storytag',
                    options={'verbose_name': 'story tag', 'verbose_name_plural': 'story tags'},
                ),
                migrations.AlterModelOptions(
                    name='tag',
                    options={'ordering': ['name'], 'verbose_name': 'tag', 'verbose_name_plural': 'tags'},
                ),
                migrations.AlterModelOptions(
                    name='tally',
                    options={'verbose_name': 'tally', 'verbose_name_plural': 'tallies'},
                ),
                migrations.AlterModelOptions(
                    name='theme',
                    options={'ordering': ['name'], 'verbose_name': 'theme', 'verbose_name_plural': 'themes'},
                ),
                migrations.AlterModelOptions(
                    name='vote',
                    options={'verbose_name': 'vote', 'verbose_name_plural': 'votes'},
                ),
                migrations.AlterModelOptions(
                    name='workshop',
                    options={'ordering': ['held_on', 'slug'], 'verbose_name': 'workshop', 'verbose_name_plural': 'workshops'},
                ),
                migrations.AlterField(
                    model_name='ballot',
                    name='closed_at',
                    field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='closed at'),
                ),
                migrations.AlterField(
                    model_name='ballot',
                    name='expires_at',
                    field=models.DateTimeField(editable=False, verbose_name='expires at'),
                ),
                migrations.AlterField(
                    model_name='ballot',
                    name='join_code',
                    field=models.CharField(editable=False, max_length=6, unique=True, verbose_name='join code'),
                ),
                migrations.AlterField(
                    model_name='ballot',
                    name='opened_at',
                    field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='opened at'),
                ),
                migrations.AlterField(
                    model_name='ballot',
                    name='opened_by',
                    field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='opened by'),
                ),
                migrations.AlterField(
                    model_name='ballot',
                    name='practices',
                    field=models.ManyToManyField(help_text='What people vote on.', related_name='ballots', to='workshops.practice', verbose_name='practices'),
                ),
                migrations.AlterField(
                    model_name='ballot',
                    name='salt',
                    field=models.CharField(blank=True, editable=False, max_length=32, verbose_name='salt'),
                ),
                migrations.AlterField(
                    model_name='ballot',
                    name='workshop',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ballots', to='workshops.workshop', verbose_name='workshop'),
                ),
                migrations.AlterField(
                    model_name='ballotpaper',
                    name='address',
                    field=models.CharField(blank=True, max_length=64, verbose_name='address'),
                ),
                migrations.AlterField(
                    model_name='ballotpaper',
                    name='ballot',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='papers', to='workshops.ballot', verbose_name='ballot'),
                ),
                migrations.AlterField(
                    model_name='ballotpaper',
                    name='cast_at',
                    field=models.DateTimeField(blank=True, null=True, verbose_name='cast at'),
                ),
                migrations.AlterField(
                    model_name='ballotpaper',
                    name='joined_at',
                    field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='joined at'),
                ),
                migrations.AlterField(
                    model_name='ballotpaper',
                    name='newcomer',
                    field=models.BooleanField(verbose_name='newcomer'),
                ),
                migrations.AlterField(
                    model_name='ballotpaper',
                    name='oddity',
                    field=models.CharField(blank=True, max_length=300, verbose_name='oddity'),
                ),
                migrations.AlterField(
                    model_name='ballotpaper',
                    name='participant',
                    field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='papers', to='workshops.participant', verbose_name='participant'),
                ),
                migrations.AlterField(
                    model_name='ballotpaper',
                    name='ticket',
                    field=models.CharField(max_length=64, unique=True, verbose_name='ticket'),
                ),
                migrations.AlterField(
                    model_name='ballotpaper',
                    name='voided_at',
                    field=models.DateTimeField(blank=True, null=True, verbose_name='voided at'),
                ),
                migrations.AlterField(
                    model_name='ballotpaper',
                    name='voided_because',
                    field=models.CharField(blank=True, max_length=300, verbose_name='voided because'),
                ),
                migrations.AlterField(
                    model_name='bulktagging',
                    name='by',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
                ),
                migrations.AlterField(
                    model_name='bulktagging',
                    name='links',
                    field=models.JSONField(verbose_name='links'),
                ),
                migrations.AlterField(
                    model_name='bulktagging',
                    name='made_at',
                    field=models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='made at'),
                ),
                migrations.AlterField(
                    model_name='correction',
                    name='answer',
                    field=models.TextField(blank=True, editable=False, verbose_name='answer'),
                ),
                migrations.AlterField(
                    model_name='correction',
                    name='decided_at',
                    field=models.DateTimeField(editable=False, null=True, verbose_name='decided at'),
                ),
                migrations.AlterField(
                    model_name='correction',
                    name='decided_by',
                    field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by'),
                ),
                migrations.AlterField(
                    model_name='correction',
                    name='state',
                    field=models.CharField(choices=[('open', 'Open'), ('taken', 'Taken'), ('declined', 'Declined')], default='open', editable=False, max_length=10, verbose_name='state'),
                ),
                migrations.AlterField(
                    model_name='correction',
                    name='story',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='workshops.story', verbose_name='story'),
                ),
                migrations.AlterField(
                    model_name='correction',
                    name='suggested_at',
                    field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='suggested at'),
                ),
                migrations.AlterField(
                    model_name='correction',
                    name='suggested_by',
                    field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='suggested by'),
                ),
                migrations.AlterField(
                    model_name='correction',
                    name='title',
                    field=models.CharField(max_length=250, verbose_name='title'),
                ),
                migrations.AlterField(
                    model_name='failedattempt',
                    name='address',
                    field=models.CharField(max_length=64, verbose_name='address'),
                ),
                migrations.AlterField(
                    model_name='failedattempt',
                    name='typed_at',
                    field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='typed at'),
                ),
                migrations.AlterField(
                    model_name='historicalpractice',
                    name='entered_by',
                    field=models.ForeignKey(blank=True, db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by'),
                ),
                migrations.AlterField(
                    model_name='historicalpractice',
                    name='ref',
                    field=models.CharField(db_index=True, max_length=100, verbose_name='ref'),
                ),
                migrations.AlterField(
                    model_name='historicalpractice',
                    name='statement',
                    field=models.TextField(help_text='One way of working, in words one can vote on.', verbose_name='statement'),
                ),
                migrations.AlterField(
                    model_name='historicalpractice',
                    name='status',
                    field=models.CharField(choices=[('draft', 'Draft'), ('published', 'Published')], default='draft', max_length=20, verbose_name='status'),
                ),
                migrations.AlterField(
                    model_name='historicalstory',
                    name='agreements',
                    field=models.PositiveIntegerField(default=0, editable=False, help_text="How many others in the room agreed, by the workshop's notes.", verbose_name='agreements'),
                ),
                migrations.AlterField(
                    model_name='historicalstory',
                    name='consent',
                    field=models.PositiveSmallIntegerField(choices=[(0, 'Facilitators only: it stays with those who ran this workshop'), (1, "Project team: the programme's editors and analysts may learn from it; your name is not shown"), (2, 'Public, without my name: we take out names; my service area and place are shown; people who know the work may still recognise it'), (3, 'Public, with the credit I choose')], default=0, verbose_name='consent'),
                ),
                migrations.AlterField(
                    model_name='historicalstory',
                    name='consent_ceiling',
                    field=models.PositiveSmallIntegerField(choices=[(0, 'Facilitators only: it stays with those who ran this workshop'), (1, "Project team: the programme's editors and analysts may learn from it; your name is not shown"), (2, 'Public, without my name: we take out names; my service area and place are shown; people who know the work may still recognise it'), (3, 'Public, with the credit I choose')], default=3, editable=False, verbose_name='consent ceiling'),
                ),
                migrations.AlterField(
                    model_name='historicalstory',
                    name='kind',
                    field=models.CharField(choices=[('innovation', 'Innovation here'), ('elsewhere', 'Example from elsewhere'), ('message', 'Message for the future')], default='innovation', max_length=20, verbose_name='kind'),
                ),
                migrations.AlterField(
                    model_name='historicalstory',
                    name='location',
                    field=models.CharField(blank=True, help_text='Where it happened, for an example from elsewhere.', max_length=250, verbose_name='location'),
                ),
                migrations.AlterField(
                    model_name='historicalstory',
                    name='place',
                    field=models.ForeignKey(blank=True, db_constraint=False, help_text='A wider place may be chosen where the true one would tell who spoke.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='workshops.place', verbose_name='place'),
                ),
                migrations.AlterField(
                    model_name='historicalstory',
                    name='ref',
                    field=models.CharField(db_index=True, help_text="Random, so that it tells nothing; the story's address bears it.", max_length=100, verbose_name='ref'),
                ),
                migrations.AlterField(
                    model_name='historicalstory',
                    name='status',
                    field=models.CharField(choices=[('draft', 'Draft'), ('in review', 'In review'), ('published', 'Published'), ('unpublished', 'Unpublished'), ('withdrawn', 'Withdrawn')], default='draft', max_length=20, verbose_name='status'),
                ),
                migrations.AlterField(
                    model_name='historicalstory',
                    name='title',
                    field=models.CharField(max_length=250, verbose_name='title'),
                ),
                migrations.AlterField(
                    model_name='historicalstory',
                    name='withdrawn_at',
                    field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='withdrawn at'),
                ),
                migrations.AlterField(
                    model_name='historicalstory',
                    name='workshop',
                    field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='workshops.workshop', verbose_name='workshop'),
                ),
                migrations.AlterField(
                    model_name='historicalstorytag',
                    name='content_object',
                    field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='workshops.story', verbose_name='content object'),
                ),
                migrations.AlterField(
                    model_name='historicalstorytag',
                    name='tag',
                    field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='workshops.tag', verbose_name='tag'),
                ),
                migrations.AlterField(
                    model_name='identity',
                    name='contact',
                    field=models.CharField(blank=True, max_length=200, verbose_name='contact'),
                ),
                migrations.AlterField(
                    model_name='identity',
                    name='name',
                    field=models.CharField(blank=True, max_length=200, verbose_name='name'),
                ),
                migrations.AlterField(
                    model_name='identity',
                    name='participant',
                    field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='identity', serialize=False, to='workshops.participant', verbose_name='participant'),
                ),
                migrations.AlterField(
                    model_name='note',
                    name='agreements',
                    field=models.PositiveIntegerField(default=0, help_text='How many others in the room agreed (+1).', verbose_name='agreements'),
                ),
                migrations.AlterField(
                    model_name='note',
                    name='choice',
                    field=models.CharField(blank=True, choices=[('keep', 'Keep'), ('amplify', 'Amplify'), ('discard', 'Discard'), ('create', 'Create')], help_text='Under which heading it stood. It counts as no vote.', max_length=10, verbose_name='choice'),
                ),
                migrations.AlterField(
                    model_name='note',
                    name='place',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='workshops.place', verbose_name='place'),
                ),
                migrations.AlterField(
                    model_name='note',
                    name='practice',
                    field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notes', to='workshops.practice', verbose_name='practice'),
                ),
                migrations.AlterField(
                    model_name='note',
                    name='tags',
                    field=models.TextField(blank=True, help_text='One a line. They become tags when the note becomes a story.', verbose_name='tags'),
                ),
                migrations.AlterField(
                    model_name='note',
                    name='text',
                    field=models.TextField(verbose_name='text'),
                ),
                migrations.AlterField(
                    model_name='note',
                    name='themes',
                    field=models.ManyToManyField(blank=True, related_name='+', to='workshops.theme', verbose_name='themes'),
                ),
                migrations.AlterField(
                    model_name='note',
                    name='workshop',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='workshops.workshop', verbose_name='workshop'),
                ),
                migrations.AlterField(
                    model_name='originaltext',
                    name='story',
                    field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='original_text', serialize=False, to='workshops.story', verbose_name='story'),
                ),
                migrations.AlterField(
                    model_name='participant',
                    name='code',
                    field=models.CharField(help_text="A code that does not tell who it is. The person's slip bears it.", max_length=100, unique=True, verbose_name='code'),
                ),
                migrations.AlterField(
                    model_name='participant',
                    name='consent',
                    field=models.PositiveSmallIntegerField(choices=[(0, 'Facilitators only: it stays with those who ran this workshop'), (1, "Project team: the programme's editors and analysts may learn from it; your name is not shown"), (2, 'Public, without my name: we take out names; my service area and place are shown; people who know the work may still recognise it'), (3, 'Public, with the credit I choose')], default=0, verbose_name='consent'),
                ),
                migrations.AlterField(
                    model_name='participant',
                    name='consent_ceiling',
                    field=models.PositiveSmallIntegerField(choices=[(0, 'Facilitators only: it stays with those who ran this workshop'), (1, "Project team: the programme's editors and analysts may learn from it; your name is not shown"), (2, 'Public, without my name: we take out names; my service area and place are shown; people who know the work may still recognise it'), (3, 'Public, with the credit I choose')], default=3, editable=False, verbose_name='consent ceiling'),
                ),
                migrations.AlterField(
                    model_name='participant',
                    name='place',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='participants', to='workshops.place', verbose_name='place'),
                ),
                migrations.AlterField(
                    model_name='participant',
                    name='pseudonym',
                    field=models.CharField(editable=False, max_length=20, unique=True, verbose_name='pseudonym'),
                ),
                migrations.AlterField(
                    model_name='participant',
                    name='role',
                    field=models.CharField(blank=True, help_text='Frontline practitioner, system leader, resident …', max_length=100, verbose_name='role'),
                ),
                migrations.AlterField(
                    model_name='participant',
                    name='sector',
                    field=models.CharField(blank=True, help_text='Local authority, health, VCSE, police, housing …', max_length=100, verbose_name='sector'),
                ),
                migrations.AlterField(
                    model_name='participant',
                    name='workshops',
                    field=models.ManyToManyField(blank=True, related_name='participants', to='workshops.workshop', verbose_name='workshops'),
                ),
                migrations.AlterField(
                    model_name='phase',
                    name='number',
                    field=models.PositiveSmallIntegerField(verbose_name='number'),
                ),
                migrations.AlterField(
                    model_name='phase',
                    name='programme',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='phases', to='workshops.programme', verbose_name='programme'),
                ),
                migrations.AlterField(
                    model_name='phase',
                    name='question',
                    field=models.CharField(max_length=500, verbose_name='question'),
                ),
                migrations.AlterField(
                    model_name='place',
                    name='aliases',
                    field=models.TextField(blank=True, help_text='Other names people use for it, one a line. Imports and notes understand them.', verbose_name='aliases'),
                ),
                migrations.AlterField(
                    model_name='place',
                    name='code',
                    field=models.CharField(help_text='The official code, such as E08000001 for Bolton.', max_length=100, unique=True, verbose_name='code'),
                ),
                migrations.AlterField(
                    model_name='place',
                    name='name',
                    field=models.CharField(max_length=200, unique=True, verbose_name='name'),
                ),
                migrations.AlterField(
                    model_name='practice',
                    name='entered_by',
                    field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by'),
                ),
                migrations.AlterField(
                    model_name='practice',
                    name='ref',
                    field=models.CharField(max_length=100, unique=True, verbose_name='ref'),
                ),
                migrations.AlterField(
                    model_name='practice',
                    name='saved_at',
                    field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='saved at'),
                ),
                migrations.AlterField(
                    model_name='practice',
                    name='saved_by',
                    field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='saved by'),
                ),
                migrations.AlterField(
                    model_name='practice',
                    name='service_areas',
                    field=models.ManyToManyField(blank=True, related_name='practices', to='workshops.servicearea', verbose_name='service areas'),
                ),
                migrations.AlterField(
                    model_name='practice',
                    name='statement',
                    field=models.TextField(help_text='One way of working, in words one can vote on.', verbose_name='statement'),
                ),
                migrations.AlterField(
                    model_name='practice',
                    name='status',
                    field=models.CharField(choices=[('draft', 'Draft'), ('published', 'Published')], default='draft', max_length=20, verbose_name='status'),
                ),
                migrations.AlterField(
                    model_name='practice',
                    name='stories',
                    field=models.ManyToManyField(blank=True, related_name='practices', to='workshops.story', verbose_name='stories'),
                ),
                migrations.AlterField(
                    model_name='practice',
                    name='themes',
                    field=models.ManyToManyField(blank=True, related_name='practices', to='workshops.theme', verbose_name='themes'),
                ),
                migrations.AlterField(
                    model_name='practice',
                    name='version',
                    field=models.PositiveIntegerField(default=0, editable=False, verbose_name='version'),
                ),
                migrations.AlterField(
                    model_name='practicetag',
                    name='content_object',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='practice_tags', to='workshops.practice', verbose_name='content object'),
                ),
                migrations.AlterField(
                    model_name='practicetag',
                    name='tag',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='practice_tags', to='workshops.tag', verbose_name='tag'),
                ),
                migrations.AlterField(
                    model_name='programme',
                    name='ended',
                    field=models.DateField(blank=True, null=True, verbose_name='ended'),
                ),
                migrations.AlterField(
                    model_name='programme',
                    name='illustrative',
                    field=models.BooleanField(default=False, help_text='Its people, stories and votes are invented. Every page and file then says so.', verbose_name='illustrative'),
                ),
                migrations.AlterField(
                    model_name='programme',
                    name='slug',
                    field=models.CharField(max_length=100, unique=True, verbose_name='slug'),
                ),
                migrations.AlterField(
                    model_name='programme',
                    name='started',
                    field=models.DateField(blank=True, null=True, verbose_name='started'),
                ),
                migrations.AlterField(
                    model_name='programme',
                    name='summary',
                    field=models.TextField(blank=True, verbose_name='summary'),
                ),
                migrations.AlterField(
                    model_name='programme',
                    name='title',
                    field=models.CharField(max_length=200, verbose_name='title'),
                ),
                migrations.AlterField(
                    model_name='servicearea',
                    name='aliases',
                    field=models.TextField(blank=True, help_text='Other names people use for it, one a line. Imports and notes understand them.', verbose_name='aliases'),
                ),
                migrations.AlterField(
                    model_name='servicearea',
                    name='name',
                    field=models.CharField(max_length=200, unique=True, verbose_name='name'),
                ),
                migrations.AlterField(
                    model_name='servicearea',
                    name='slug',
                    field=models.CharField(max_length=100, unique=True, verbose_name='slug'),
                ),
                migrations.AlterField(
                    model_name='slip',
                    name='fingerprint',
                    field=models.CharField(max_length=64, unique=True, verbose_name='fingerprint'),
                ),
                migrations.AlterField(
                    model_name='slip',
                    name='participant',
                    field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='slip', serialize=False, to='workshops.participant', verbose_name='participant'),
                ),
                migrations.AlterField(
                    model_name='story',
                    name='agreements',
                    field=models.PositiveIntegerField(default=0, editable=False, help_text="How many others in the room agreed, by the workshop's notes.", verbose_name='agreements'),
                ),
                migrations.AlterField(
                    model_name='story',
                    name='consent',
                    field=models.PositiveSmallIntegerField(choices=[(0, 'Facilitators only: it stays with those who ran this workshop'), (1, "Project team: the programme's editors and analysts may learn from it; your name is not shown"), (2, 'Public, without my name: we take out names; my service area and place are shown; people who know the work may still recognise it'), (3, 'Public, with the credit I choose')], default=0, verbose_name='consent'),
                ),
                migrations.AlterField(
                    model_name='story',
                    name='consent_ceiling',
                    field=models.PositiveSmallIntegerField(choices=[(0, 'Facilitators only: it stays with those who ran this workshop'), (1, "Project team: the programme's editors and analysts may learn from it; your name is not shown"), (2, 'Public, without my name: we take out names; my service area and place are shown; people who know the work may still recognise it'), (3, 'Public, with the credit I choose')], default=3, editable=False, verbose_name='consent ceiling'),
                ),
                migrations.AlterField(
                    model_name='story',
                    name='credit',
                    field=models.CharField(blank=True, help_text='Shown only if the teller chose to be credited.', max_length=200, verbose_name='credit'),
                ),
                migrations.AlterField(
                    model_name='story',
                    name='kind',
                    field=models.CharField(choices=[('innovation', 'Innovation here'), ('elsewhere', 'Example from elsewhere'), ('message', 'Message for the future')], default='innovation', max_length=20, verbose_name='kind'),
                ),
                migrations.AlterField(
                    model_name='story',
                    name='location',
                    field=models.CharField(blank=True, help_text='Where it happened, for an example from elsewhere.', max_length=250, verbose_name='location'),
                ),
                migrations.AlterField(
                    model_name='story',
                    name='place',
                    field=models.ForeignKey(blank=True, help_text='A wider place may be chosen where the true one would tell who spoke.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='stories', to='workshops.place', verbose_name='place'),
                ),
                migrations.AlterField(
                    model_name='story',
                    name='ref',
                    field=models.CharField(help_text="Random, so that it tells nothing; the story's address bears it.", max_length=100, unique=True, verbose_name='ref'),
                ),
                migrations.AlterField(
                    model_name='story',
                    name='status',
                    field=models.CharField(choices=[('draft', 'Draft'), ('in review', 'In review'), ('published', 'Published'), ('unpublished', 'Unpublished'), ('withdrawn', 'Withdrawn')], default='draft', max_length=20, verbose_name='status'),
                ),
                migrations.AlterField(
                    model_name='story',
                    name='themes',
                    field=models.ManyToManyField(blank=True, related_name='stories', to='workshops.theme', verbose_name='themes'),
                ),
                migrations.AlterField(
                    model_name='story',
                    name='title',
                    field=models.CharField(max_length=250, verbose_name='title'),
                ),
                migrations.AlterField(
                    model_name='story',
                    name='version',
                    field=models.PositiveIntegerField(default=0, editable=False, verbose_name='version'),
                ),
                migrations.AlterField(
                    model_name='story',
                    name='withdrawn_at',
                    field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='withdrawn at'),
                ),
                migrations.AlterField(
                    model_name='story',
                    name='workshop',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stories', to='workshops.workshop', verbose_name='workshop'),
                ),
                migrations.AlterField(
                    model_name='storytag',
                    name='content_object',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='story_tags', to='workshops.story', verbose_name='content object'),
                ),
                migrations.AlterField(
                    model_name='storytag',
                    name='tag',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='story_tags', to='workshops.tag', verbose_name='tag'),
                ),
                migrations.AlterField(
                    model_name='tag',
                    name='key',
                    field=models.CharField(editable=False, max_length=200, unique=True, verbose_name='key'),
                ),
                migrations.AlterField(
                    model_name='tag',
                    name='name',
                    field=models.CharField(max_length=100, verbose_name='name'),
                ),
                migrations.AlterField(
                    model_name='tag',
                    name='slug',
                    field=models.SlugField(allow_unicode=True, editable=False, max_length=110, unique=True, verbose_name='slug'),
                ),
                migrations.AlterField(
                    model_name='tally',
                    name='amplify',
                    field=models.PositiveIntegerField(default=0, verbose_name='amplify'),
                ),
                migrations.AlterField(
                    model_name='tally',
                    name='create',
                    field=models.PositiveIntegerField(default=0, verbose_name='create'),
                ),
                migrations.AlterField(
                    model_name='tally',
                    name='discard',
                    field=models.PositiveIntegerField(default=0, verbose_name='discard'),
                ),
                migrations.AlterField(
                    model_name='tally',
                    name='keep',
                    field=models.PositiveIntegerField(default=0, verbose_name='keep'),
                ),
                migrations.AlterField(
                    model_name='tally',
                    name='practice',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tallies', to='workshops.practice', verbose_name='practice'),
                ),
                migrations.AlterField(
                    model_name='tally',
                    name='workshop',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tallies', to='workshops.workshop', verbose_name='workshop'),
                ),
                migrations.AlterField(
                    model_name='theme',
                    name='aliases',
                    field=models.TextField(blank=True, help_text='Other names people use for it, one a line. Imports and notes understand them.', verbose_name='aliases'),
                ),
                migrations.AlterField(
                    model_name='theme',
                    name='name',
                    field=models.CharField(max_length=200, unique=True, verbose_name='name'),
                ),
                migrations.AlterField(
                    model_name='theme',
                    name='slug',
                    field=models.CharField(max_length=100, unique=True, verbose_name='slug'),
                ),
                migrations.AlterField(
                    model_name='vote',
                    name='choice',
                    field=models.CharField(choices=[('keep', 'Keep'), ('amplify', 'Amplify'), ('discard', 'Discard'), ('create', 'Create')], max_length=10, verbose_name='choice'),
                ),
                migrations.AlterField(
                    model_name='vote',
                    name='participant',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='workshops.participant', verbose_name='participant'),
                ),
                migrations.AlterField(
                    model_name='vote',
                    name='practice',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='workshops.practice', verbose_name='practice'),
                ),
                migrations.AlterField(
                    model_name='vote',
                    name='workshop',
                    field=models.ForeignKey(help_text='Where it was cast.', on_delete=django.db.models.deletion.PROTECT, related_name='votes', to='workshops.workshop', verbose_name='workshop'),
                ),
                migrations.AlterField(
                    model_name='workshop',
                    name='facilitators',
                    field=models.ManyToManyField(blank=True, help_text="They alone see this workshop's notes, drafts and what was told to facilitators only.", related_name='workshops', to=settings.AUTH_USER_MODEL, verbose_name='facilitators'),
                ),
                migrations.AlterField(
                    model_name='workshop',
                    name='format',
                    field=models.CharField(blank=True, help_text='Online, in person, hybrid …', max_length=200, verbose_name='format'),
                ),
                migrations.AlterField(
                    model_name='workshop',
                    name='held_on',
                    field=models.DateField(blank=True, null=True, verbose_name='held on'),
                ),
                migrations.AlterField(
                    model_name='workshop',
                    name='notes',
                    field=models.TextField(blank=True, help_text='As they were taken. Never published.', verbose_name='notes'),
                ),
                migrations.AlterField(
                    model_name='workshop',
                    name='phase',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='workshops', to='workshops.phase', verbose_name='phase'),
                ),
                migrations.AlterField(
                    model_name='workshop',
                    name='places',
                    field=models.ManyToManyField(blank=True, related_name='workshops', to='workshops.place', verbose_name='places'),
                ),
                migrations.AlterField(
                    model_name='workshop',
                    name='service_areas',
                    field=models.ManyToManyField(blank=True, related_name='workshops', to='workshops.servicearea', verbose_name='service areas'),
                ),
                migrations.AlterField(
                    model_name='workshop',
                    name='slug',
                    field=models.CharField(max_length=100, unique=True, verbose_name='slug'),
                ),
                migrations.AlterField(
                    model_name='workshop',
                    name='title',
                    field=models.CharField(max_length=200, verbose_name='title'),
                ),
            ],
        ),
    ]
