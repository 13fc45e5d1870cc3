from django.db import migrations, models
from django.db.models import Q

# As sources and `livescores.sources.countries` had them then.
ABOVE_COUNTRIES = (
    "Africa",
    "Asia Pacific",
    "Europe",
    "International",
    "North & Central America",
    "Oceania",
    "South America",
    "Undefined",
)
NAME = r"cup|copa|coupe|coppa|kupa|pokal|taça|shield|trophy|trophée|friendl|playoff|promotion/"


def know_cups(apps, schema_editor):
    tournaments = apps.get_model("livescores", "Tournament").objects.filter(tier=None)
    cups = Q(region__name__in=ABOVE_COUNTRIES) | Q(name__iregex=NAME)
    tournaments.filter(cups).update(is_cup=True)


class Migration(migrations.Migration):
    dependencies = [("livescores", "0007_told_season_name")]

    operations = [
        migrations.AddField(
            model_name="tournament",
            name="is_cup",
            field=models.BooleanField(
                default=False,
                db_default=False,
                help_text="It has no table, and its clubs have leagues.",
            ),
        ),
        migrations.RunPython(know_cups, migrations.RunPython.noop, elidable=True),
    ]
