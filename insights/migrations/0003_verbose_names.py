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
        ('insights', '0002_article_and_commitment_version'),
        ('workshops', '0005_verbose_names'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        OnlyInState(
            state_operations=[
                migrations.AlterModelOptions(
                    name='article',
                    options={'ordering': ['published_on', 'slug'], 'verbose_name': 'article', 'verbose_name_plural': 'articles'},
                ),
                migrations.AlterModelOptions(
                    name='commitment',
                    options={'ordering': ['made_on', 'ref'], 'verbose_name': 'commitment', 'verbose_name_plural': 'commitments'},
                ),
                migrations.AlterModelOptions(
                    name='evidence',
                    options={'ordering': ['insight', 'order', 'pk'], 'verbose_name': 'evidence', 'verbose_name_plural': 'evidence'},
                ),
                migrations.AlterModelOptions(
                    name='insight',
                    options={'ordering': ['slug'], 'verbose_name': 'insight', 'verbose_name_plural': 'insights'},
                ),
                migrations.AlterModelOptions(
                    name='publication',
                    options={'ordering': ['insight', 'version'], 'verbose_name': 'publication', 'verbose_name_plural': 'publications'},
                ),
                migrations.AlterModelOptions(
                    name='publishedevidence',
                    options={'ordering': ['publication', 'order', 'pk'], 'verbose_name': 'published evidence', 'verbose_name_plural': 'published evidence'},
                ),
                migrations.AlterModelOptions(
                    name='reminder',
                    options={'ordering': ['review', 'due_on'], 'verbose_name': 'reminder', 'verbose_name_plural': 'reminders'},
                ),
                migrations.AlterModelOptions(
                    name='review',
                    options={'ordering': ['commitment', 'due_on'], 'verbose_name': 'review', 'verbose_name_plural': 'reviews'},
                ),
                migrations.AlterField(
                    model_name='article',
                    name='body',
                    field=models.TextField(blank=True, help_text='Markdown: paragraphs, lists, links, ### headings. A line [[key-of-an-insight]] shows its card there.', verbose_name='body'),
                ),
                migrations.AlterField(
                    model_name='article',
                    name='insights',
                    field=models.ManyToManyField(blank=True, related_name='articles', to='insights.insight', verbose_name='insights'),
                ),
                migrations.AlterField(
                    model_name='article',
                    name='programme',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='workshops.programme', verbose_name='programme'),
                ),
                migrations.AlterField(
                    model_name='article',
                    name='published_on',
                    field=models.DateField(blank=True, help_text='Empty while it is a draft.', null=True, verbose_name='published on'),
                ),
                migrations.AlterField(
                    model_name='article',
                    name='saved_at',
                    field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='saved at'),
                ),
                migrations.AlterField(
                    model_name='article',
                    name='saved_by',
                    field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='saved by'),
                ),
                migrations.AlterField(
                    model_name='article',
                    name='slug',
                    field=models.CharField(max_length=100, unique=True, verbose_name='slug'),
                ),
                migrations.AlterField(
                    model_name='article',
                    name='summary',
                    field=models.TextField(blank=True, verbose_name='summary'),
                ),
                migrations.AlterField(
                    model_name='article',
                    name='title',
                    field=models.CharField(max_length=250, verbose_name='title'),
                ),
                migrations.AlterField(
                    model_name='article',
                    name='version',
                    field=models.PositiveIntegerField(default=0, editable=False, verbose_name='version'),
                ),
                migrations.AlterField(
                    model_name='commitment',
                    name='insight',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='insights.insight', verbose_name='insight'),
                ),
                migrations.AlterField(
                    model_name='commitment',
                    name='made_on',
                    field=models.DateField(blank=True, null=True, verbose_name='made on'),
                ),
                migrations.AlterField(
                    model_name='commitment',
                    name='owner_role',
                    field=models.CharField(blank=True, help_text='Who answers for it: a role, never a name.', max_length=200, verbose_name='owner role'),
                ),
                migrations.AlterField(
                    model_name='commitment',
                    name='place',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='commitments', to='workshops.place', verbose_name='place'),
                ),
                migrations.AlterField(
                    model_name='commitment',
                    name='ref',
                    field=models.CharField(max_length=100, unique=True, verbose_name='ref'),
                ),
                migrations.AlterField(
                    model_name='commitment',
                    name='saved_at',
                    field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='saved at'),
                ),
                migrations.AlterField(
                    model_name='commitment',
                    name='saved_by',
                    field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='saved by'),
                ),
                migrations.AlterField(
                    model_name='commitment',
                    name='text',
                    field=models.TextField(verbose_name='text'),
                ),
                migrations.AlterField(
                    model_name='commitment',
                    name='version',
                    field=models.PositiveIntegerField(default=0, editable=False, verbose_name='version'),
                ),
                migrations.AlterField(
                    model_name='evidence',
                    name='excerpt',
                    field=models.TextField(blank=True, help_text='A passage of the published wording, letter by letter.', verbose_name='excerpt'),
                ),
                migrations.AlterField(
                    model_name='evidence',
                    name='excerpt_start',
                    field=models.PositiveIntegerField(blank=True, editable=False, null=True, verbose_name='excerpt start'),
                ),
                migrations.AlterField(
                    model_name='evidence',
                    name='insight',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='insights.insight', verbose_name='insight'),
                ),
                migrations.AlterField(
                    model_name='evidence',
                    name='order',
                    field=models.PositiveIntegerField(default=1, verbose_name='order'),
                ),
                migrations.AlterField(
                    model_name='evidence',
                    name='practice',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='workshops.practice', verbose_name='practice'),
                ),
                migrations.AlterField(
                    model_name='evidence',
                    name='role',
                    field=models.CharField(choices=[('supports', 'Supports'), ('qualifies', 'Qualifies'), ('contradicts', 'Contradicts')], default='supports', max_length=20, verbose_name='role'),
                ),
                migrations.AlterField(
                    model_name='evidence',
                    name='story',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='evidence', to='workshops.story', verbose_name='story'),
                ),
                migrations.AlterField(
                    model_name='historicalevidence',
                    name='insight',
                    field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='insights.insight', verbose_name='insight'),
                ),
                migrations.AlterField(
                    model_name='historicalevidence',
                    name='order',
                    field=models.PositiveIntegerField(default=1, verbose_name='order'),
                ),
                migrations.AlterField(
                    model_name='historicalevidence',
                    name='practice',
                    field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='workshops.practice', verbose_name='practice'),
                ),
                migrations.AlterField(
                    model_name='historicalevidence',
                    name='role',
                    field=models.CharField(choices=[('supports', 'Supports'), ('qualifies', 'Qualifies'), ('contradicts', 'Contradicts')], default='supports', max_length=20, verbose_name='role'),
                ),
                migrations.AlterField(
                    model_name='historicalevidence',
                    name='story',
                    field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='workshops.story', verbose_name='story'),
                ),
                migrations.AlterField(
                    model_name='historicalinsight',
                    name='actions',
                    field=models.TextField(blank=True, help_text='What a big idea asks people to do, one a line.', verbose_name='actions'),
                ),
                migrations.AlterField(
                    model_name='historicalinsight',
                    name='body',
                    field=models.TextField(blank=True, help_text='Markdown: paragraphs, lists, links, ### headings.', verbose_name='body'),
                ),
                migrations.AlterField(
                    model_name='historicalinsight',
                    name='kind',
                    field=models.CharField(choices=[('finding', 'Finding'), ('big idea', 'Big idea'), ('recommendation', 'Recommendation')], default='finding', max_length=20, verbose_name='kind'),
                ),
                migrations.AlterField(
                    model_name='historicalinsight',
                    name='nature',
                    field=models.CharField(blank=True, choices=[('condition', 'Condition'), ('capacity', 'Capacity')], help_text='For a finding: what it is about.', max_length=20, verbose_name='nature'),
                ),
                migrations.AlterField(
                    model_name='historicalinsight',
                    name='programme',
                    field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='workshops.programme', verbose_name='programme'),
                ),
                migrations.AlterField(
                    model_name='historicalinsight',
                    name='slug',
                    field=models.CharField(db_index=True, max_length=100, verbose_name='slug'),
                ),
                migrations.AlterField(
                    model_name='historicalinsight',
                    name='status',
                    field=models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('unpublished', 'Unpublished')], default='draft', editable=False, max_length=20, verbose_name='status'),
                ),
                migrations.AlterField(
                    model_name='historicalinsight',
                    name='summary',
                    field=models.TextField(blank=True, help_text='One or two sentences, for cards and search engines.', verbose_name='summary'),
                ),
                migrations.AlterField(
                    model_name='historicalinsight',
                    name='title',
                    field=models.CharField(help_text='The claim, in words one can dispute.', max_length=250, verbose_name='title'),
                ),
                migrations.AlterField(
                    model_name='insight',
                    name='actions',
                    field=models.TextField(blank=True, help_text='What a big idea asks people to do, one a line.', verbose_name='actions'),
                ),
                migrations.AlterField(
                    model_name='insight',
                    name='body',
                    field=models.TextField(blank=True, help_text='Markdown: paragraphs, lists, links, ### headings.', verbose_name='body'),
                ),
                migrations.AlterField(
                    model_name='insight',
                    name='builds_on',
                    field=models.ManyToManyField(blank=True, related_name='built_on_by', to='insights.insight', verbose_name='builds on'),
                ),
                migrations.AlterField(
                    model_name='insight',
                    name='kind',
                    field=models.CharField(choices=[('finding', 'Finding'), ('big idea', 'Big idea'), ('recommendation', 'Recommendation')], default='finding', max_length=20, verbose_name='kind'),
                ),
                migrations.AlterField(
                    model_name='insight',
                    name='nature',
                    field=models.CharField(blank=True, choices=[('condition', 'Condition'), ('capacity', 'Capacity')], help_text='For a finding: what it is about.', max_length=20, verbose_name='nature'),
                ),
                migrations.AlterField(
                    model_name='insight',
                    name='programme',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='insights', to='workshops.programme', verbose_name='programme'),
                ),
                migrations.AlterField(
                    model_name='insight',
                    name='slug',
                    field=models.CharField(max_length=100, unique=True, verbose_name='slug'),
                ),
                migrations.AlterField(
                    model_name='insight',
                    name='status',
                    field=models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('unpublished', 'Unpublished')], default='draft', editable=False, max_length=20, verbose_name='status'),
                ),
                migrations.AlterField(
                    model_name='insight',
                    name='summary',
                    field=models.TextField(blank=True, help_text='One or two sentences, for cards and search engines.', verbose_name='summary'),
                ),
                migrations.AlterField(
                    model_name='insight',
                    name='themes',
                    field=models.ManyToManyField(blank=True, related_name='insights', to='workshops.theme', verbose_name='themes'),
                ),
                migrations.AlterField(
                    model_name='insight',
                    name='title',
                    field=models.CharField(help_text='The claim, in words one can dispute.', max_length=250, verbose_name='title'),
                ),
                migrations.AlterField(
                    model_name='publication',
                    name='hash',
                    field=models.CharField(max_length=64, verbose_name='hash'),
                ),
                migrations.AlterField(
                    model_name='publication',
                    name='insight',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='publications', to='insights.insight', verbose_name='insight'),
                ),
                migrations.AlterField(
                    model_name='publication',
                    name='published_on',
                    field=models.DateField(verbose_name='published on'),
                ),
                migrations.AlterField(
                    model_name='publication',
                    name='reach',
                    field=models.JSONField(default=dict, verbose_name='reach'),
                ),
                migrations.AlterField(
                    model_name='publication',
                    name='text',
                    field=models.JSONField(verbose_name='text'),
                ),
                migrations.AlterField(
                    model_name='publication',
                    name='version',
                    field=models.PositiveIntegerField(verbose_name='version'),
                ),
                migrations.AlterField(
                    model_name='publishedevidence',
                    name='digest',
                    field=models.CharField(max_length=64, verbose_name='digest'),
                ),
                migrations.AlterField(
                    model_name='publishedevidence',
                    name='excerpt',
                    field=models.TextField(blank=True, verbose_name='excerpt'),
                ),
                migrations.AlterField(
                    model_name='publishedevidence',
                    name='order',
                    field=models.PositiveIntegerField(verbose_name='order'),
                ),
                migrations.AlterField(
                    model_name='publishedevidence',
                    name='practice_ref',
                    field=models.CharField(blank=True, max_length=100, verbose_name='practice ref'),
                ),
                migrations.AlterField(
                    model_name='publishedevidence',
                    name='publication',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='evidence', to='insights.publication', verbose_name='publication'),
                ),
                migrations.AlterField(
                    model_name='publishedevidence',
                    name='role',
                    field=models.CharField(choices=[('supports', 'Supports'), ('qualifies', 'Qualifies'), ('contradicts', 'Contradicts')], max_length=20, verbose_name='role'),
                ),
                migrations.AlterField(
                    model_name='publishedevidence',
                    name='salt',
                    field=models.CharField(blank=True, max_length=32, verbose_name='salt'),
                ),
                migrations.AlterField(
                    model_name='publishedevidence',
                    name='story_ref',
                    field=models.CharField(blank=True, max_length=100, verbose_name='story ref'),
                ),
                migrations.AlterField(
                    model_name='reminder',
                    name='due_on',
                    field=models.DateField(verbose_name='due on'),
                ),
                migrations.AlterField(
                    model_name='reminder',
                    name='review',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='insights.review', verbose_name='review'),
                ),
                migrations.AlterField(
                    model_name='reminder',
                    name='sent_at',
                    field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='sent at'),
                ),
                migrations.AlterField(
                    model_name='review',
                    name='commitment',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviews', to='insights.commitment', verbose_name='commitment'),
                ),
                migrations.AlterField(
                    model_name='review',
                    name='due_on',
                    field=models.DateField(verbose_name='due on'),
                ),
                migrations.AlterField(
                    model_name='review',
                    name='note',
                    field=models.TextField(blank=True, verbose_name='note'),
                ),
                migrations.AlterField(
                    model_name='review',
                    name='reviewed_on',
                    field=models.DateField(blank=True, null=True, verbose_name='reviewed on'),
                ),
                migrations.AlterField(
                    model_name='review',
                    name='state',
                    field=models.CharField(blank=True, choices=[('holding', 'Holding'), ('slipping', 'Slipping'), ('reverted', 'Reverted'), ('embedded', 'Embedded')], max_length=20, verbose_name='state'),
                ),
                migrations.AlterField(
                    model_name='setaside',
                    name='insight',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='set_aside', to='insights.insight', verbose_name='insight'),
                ),
                migrations.AlterField(
                    model_name='setaside',
                    name='reason',
                    field=models.CharField(choices=[('redundant', 'Says what other evidence already says'), ('too old', 'Too old to speak for the time in question'), ('anecdotal', 'Told at second hand, or too slight to lean on'), ('outlier', 'An outlier that no other story is like')], max_length=20, verbose_name='reason'),
                ),
                migrations.AlterField(
                    model_name='setaside',
                    name='story',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='set_aside', to='workshops.story', verbose_name='story'),
                ),
            ],
        ),
    ]
