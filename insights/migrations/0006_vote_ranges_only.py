import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Results hold ranges alone; what the first rule kept beside them goes."""

    dependencies = [("insights", "0005_vote_ranges_filled")]

    operations = [
        *(
            migrations.RemoveConstraint("releasedgroup", name)
            for name in [
                "one_released_row_a_practice_and_group",
                "released_base_is_ten_or_more",
                "released_keep_is_five_or_more",
                "released_amplify_is_five_or_more",
                "released_discard_is_five_or_more",
                "released_create_is_five_or_more",
                "released_hands_are_five_or_more",
            ]
        ),
        migrations.AlterModelOptions("releasedgroup", {"ordering": ["pk"]}),
        *(
            migrations.RemoveField("releasedgroup", name)
            for name in ["practice", "release", "base", "keep", "amplify", "discard", "create", "hands"]
        ),
        *(
            migrations.RemoveField("releasedpractice", name)
            for name in ["consensus", "divergence", "apart", "stability"]
        ),
        migrations.RemoveField("turnout", "people"),
        migrations.AlterModelOptions(
            name='exactcounts',
            options={'verbose_name': 'exact counts', 'verbose_name_plural': 'exact counts'},
        ),
        migrations.AlterModelOptions(
            name='release',
            options={'ordering': ['released_on', 'pk'], 'verbose_name': 'release', 'verbose_name_plural': 'releases'},
        ),
        migrations.AlterModelOptions(
            name='releasedgroup',
            options={'ordering': ['result', 'group'], 'verbose_name': 'released group', 'verbose_name_plural': 'released groups'},
        ),
        migrations.AlterModelOptions(
            name='releasedpractice',
            options={'ordering': ['practice', 'programme', 'pk'], 'verbose_name': 'released practice', 'verbose_name_plural': 'released practices'},
        ),
        migrations.AlterModelOptions(
            name='turnout',
            options={'verbose_name': 'turnout', 'verbose_name_plural': 'turnouts'},
        ),
        migrations.AlterField(
            model_name='exactcounts',
            name='result',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='exact', to='insights.releasedpractice', verbose_name='released practice'),
        ),
        migrations.AlterField(
            model_name='exactcounts',
            name='salt',
            field=models.CharField(max_length=64, verbose_name='salt'),
        ),
        migrations.AlterField(
            model_name='exactcounts',
            name='table',
            field=models.JSONField(help_text='{service area: [keep, amplify, discard, create, of them hands]}', verbose_name='table'),
        ),
        migrations.AlterField(
            model_name='release',
            name='least_voters',
            field=models.PositiveIntegerField(default=10, help_text='The fewest people in a group when this was released.', validators=[django.core.validators.MinValueValidator(10)], verbose_name='least voters'),
        ),
        migrations.AlterField(
            model_name='release',
            name='programme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='workshops.programme', verbose_name='programme'),
        ),
        migrations.AlterField(
            model_name='release',
            name='released_on',
            field=models.DateField(verbose_name='released on'),
        ),
        migrations.AlterField(
            model_name='releasedgroup',
            name='amplify_high',
            field=models.PositiveIntegerField(verbose_name='amplify, at most'),
        ),
        migrations.AlterField(
            model_name='releasedgroup',
            name='amplify_low',
            field=models.PositiveIntegerField(verbose_name='amplify, at least'),
        ),
        migrations.AlterField(
            model_name='releasedgroup',
            name='base_high',
            field=models.PositiveIntegerField(verbose_name='voters, at most'),
        ),
        migrations.AlterField(
            model_name='releasedgroup',
            name='base_low',
            field=models.PositiveIntegerField(verbose_name='voters, at least'),
        ),
        migrations.AlterField(
            model_name='releasedgroup',
            name='create_high',
            field=models.PositiveIntegerField(verbose_name='create, at most'),
        ),
        migrations.AlterField(
            model_name='releasedgroup',
            name='create_low',
            field=models.PositiveIntegerField(verbose_name='create, at least'),
        ),
        migrations.AlterField(
            model_name='releasedgroup',
            name='discard_high',
            field=models.PositiveIntegerField(verbose_name='discard, at most'),
        ),
        migrations.AlterField(
            model_name='releasedgroup',
            name='discard_low',
            field=models.PositiveIntegerField(verbose_name='discard, at least'),
        ),
        migrations.AlterField(
            model_name='releasedgroup',
            name='group',
            field=models.TextField(verbose_name='group'),
        ),
        migrations.AlterField(
            model_name='releasedgroup',
            name='hands_high',
            field=models.PositiveIntegerField(default=4, verbose_name='hands, at most'),
        ),
        migrations.AlterField(
            model_name='releasedgroup',
            name='hands_low',
            field=models.PositiveIntegerField(default=0, verbose_name='hands, at least'),
        ),
        migrations.AlterField(
            model_name='releasedgroup',
            name='keep_high',
            field=models.PositiveIntegerField(verbose_name='keep, at most'),
        ),
        migrations.AlterField(
            model_name='releasedgroup',
            name='keep_low',
            field=models.PositiveIntegerField(verbose_name='keep, at least'),
        ),
        migrations.AlterField(
            model_name='releasedgroup',
            name='result',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='groups', to='insights.releasedpractice', verbose_name='released practice'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='corrected_on',
            field=models.DateField(blank=True, null=True, verbose_name='corrected on'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='correction',
            field=models.TextField(blank=True, help_text='Why it was corrected, for everyone.', verbose_name='correction'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='digest',
            field=models.CharField(blank=True, help_text='SHA-256 over the salt and the exact counts.', max_length=64, verbose_name='digest'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='direction',
            field=models.CharField(blank=True, choices=[('retain', 'Keep or build on'), ('discard', 'Discard'), ('create', 'Create'), ('split', 'Split')], max_length=20, verbose_name='direction'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='gap',
            field=models.FloatField(help_text='Between the groups most and least in favour, likewise.', null=True, verbose_name='gap'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='is_by_first_rule',
            field=models.BooleanField(default=False, verbose_name='by the rule until 2026'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='is_current',
            field=models.BooleanField(default=True, verbose_name='is current'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='is_taken_back',
            field=models.BooleanField(default=False, verbose_name='taken back'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='joined',
            field=models.TextField(blank=True, help_text='Service areas that are shown only together with others.', verbose_name='shown only together'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='least_share',
            field=models.FloatField(help_text='In the group least in favour, by the middles of the ranges.', null=True, verbose_name='least share'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='less',
            field=models.TextField(blank=True, verbose_name='chose it less'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='more',
            field=models.TextField(blank=True, verbose_name='chose it more'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='practice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='workshops.practice', verbose_name='practice'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='programme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='results', to='workshops.programme', verbose_name='programme'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='release',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='practices', to='insights.release', verbose_name='release'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='share',
            field=models.CharField(blank=True, choices=[('nearly everyone', 'nearly everyone'), ('most', 'most'), ('more than half', 'more than half'), ('about half', 'about half'), ('no majority', 'no majority')], max_length=20, verbose_name='share'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='silent',
            field=models.TextField(blank=True, help_text='Service areas of these workshops from which nobody voted.', verbose_name='silent'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='statement',
            field=models.TextField(help_text='The words people voted on.', verbose_name='statement'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='verdict',
            field=models.CharField(blank=True, choices=[('agree', 'The services agree'), ('mixed', 'No clear agreement and no clear difference'), ('differ', 'The services differ'), ('not compared', 'The services are not compared')], max_length=20, verbose_name='verdict'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='voters_high',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='voters, at most'),
        ),
        migrations.AlterField(
            model_name='releasedpractice',
            name='voters_low',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='voters, at least'),
        ),
        migrations.AlterField(
            model_name='turnout',
            name='hands',
            field=models.PositiveIntegerField(verbose_name='hands'),
        ),
        migrations.AlterField(
            model_name='turnout',
            name='participants',
            field=models.JSONField(help_text='Primary keys.', verbose_name='participants'),
        ),
        migrations.AlterField(
            model_name='turnout',
            name='practice',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='turnouts', to='workshops.practice', verbose_name='practice'),
        ),
        migrations.AlterField(
            model_name='turnout',
            name='programme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='workshops.programme', verbose_name='programme'),
        ),
        migrations.AlterField(
            model_name='turnout',
            name='voters',
            field=models.PositiveIntegerField(verbose_name='voters'),
        ),
        migrations.AddConstraint(
            model_name='releasedgroup',
            constraint=models.UniqueConstraint(fields=('result', 'group'), name='one_released_row_a_result_and_group'),
        ),
        migrations.AddConstraint(
            model_name='releasedgroup',
            constraint=models.CheckConstraint(condition=models.Q(('base_high__gte', models.F('base_low')), ('base_low__gte', 10)), name='released_base_is_ten_or_more'),
        ),
        migrations.AddConstraint(
            model_name='releasedgroup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('keep_high', 4), ('keep_low', 0)), models.Q(('keep_high__gte', models.F('keep_low')), ('keep_low__gte', 5)), _connector='OR'), name='released_keep_is_few_or_five_or_more'),
        ),
        migrations.AddConstraint(
            model_name='releasedgroup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amplify_high', 4), ('amplify_low', 0)), models.Q(('amplify_high__gte', models.F('amplify_low')), ('amplify_low__gte', 5)), _connector='OR'), name='released_amplify_is_few_or_five_or_more'),
        ),
        migrations.AddConstraint(
            model_name='releasedgroup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('discard_high', 4), ('discard_low', 0)), models.Q(('discard_high__gte', models.F('discard_low')), ('discard_low__gte', 5)), _connector='OR'), name='released_discard_is_few_or_five_or_more'),
        ),
        migrations.AddConstraint(
            model_name='releasedgroup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('create_high', 4), ('create_low', 0)), models.Q(('create_high__gte', models.F('create_low')), ('create_low__gte', 5)), _connector='OR'), name='released_create_is_few_or_five_or_more'),
        ),
        migrations.AddConstraint(
            model_name='releasedgroup',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('hands_high', 4), ('hands_low', 0)), models.Q(('hands_high__gte', models.F('hands_low')), ('hands_low__gte', 5)), _connector='OR'), name='released_hands_is_few_or_five_or_more'),
        ),
        migrations.AddConstraint(
            model_name='releasedpractice',
            constraint=models.UniqueConstraint(condition=models.Q(('is_current', True)), fields=('practice', 'programme'), name='one_current_result_a_practice_and_programme'),
        ),
        migrations.AddConstraint(
            model_name='releasedpractice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrected_on__isnull', True), ('correction', ''), ('is_taken_back', False)), models.Q(('corrected_on__isnull', False), models.Q(('correction', ''), _negated=True)), _connector='OR'), name='correction_has_a_day_and_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='turnout',
            constraint=models.UniqueConstraint(fields=('practice', 'programme'), name='one_turnout_a_practice_and_programme'),
        ),
    ]
