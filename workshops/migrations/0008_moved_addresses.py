"""Keys by which pages were once found, which lead to their rows for ever."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("workshops", "0007_facet_counts")]

    operations = [
        migrations.CreateModel(
            name="MovedAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=50)),
                ("key", models.CharField(max_length=200)),
                ("row", models.PositiveBigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "key"), name="address_leads_to_one_row"),
                    models.CheckConstraint(condition=~Q(key=""), name="moved_address_has_a_key"),
                ],
            },
        ),
    ]
