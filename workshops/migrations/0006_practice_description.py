from django.db import migrations, models

DESCRIPTION = {
    "blank": True,
    "help_text": "What it is and what it takes, in two or three sentences, for readers who were not in the room.",
    "verbose_name": "description",
}


class Migration(migrations.Migration):
    dependencies = [("workshops", "0005_verbose_names")]

    operations = [
        migrations.AddField("practice", "description", models.TextField(**DESCRIPTION)),
        migrations.AddField("historicalpractice", "description", models.TextField(**DESCRIPTION)),
    ]
