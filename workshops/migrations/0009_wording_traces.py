"""What stories with nearly the same words have in common. `rebuild_search` fills it for the stories there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workshops", "0008_moved_addresses")]

    operations = [
        migrations.CreateModel(
            name="WordingTrace",
            fields=[
                ("story_id", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("low", models.BigIntegerField(db_index=True)),
                ("high", models.BigIntegerField(db_index=True)),
            ],
        ),
    ]
