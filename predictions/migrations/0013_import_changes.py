from importlib import import_module

from django.db import migrations

# The functions and their conditions are those of the migration that made them.
kept = import_module("livescores.migrations.0010_import_changes")
# Only an import that finds two clubs to be one changes these.
CARRIED = {"update": kept.IMPORTING, "delete": kept.IMPORTING}
# Prices are append-only but for one thing: undoing an import takes them away.
GUARDED = ("odds", "twowayodds")
GUARD = """
    DROP TRIGGER predictions_{name}_append_only ON predictions_{name};
    CREATE TRIGGER predictions_{name}_append_only
        BEFORE UPDATE OR DELETE ON predictions_{name} FOR EACH ROW
        WHEN ({when}) EXECUTE FUNCTION predictions_odds_append_only()
"""
UNLESS_UNDONE = ";".join(GUARD.format(name=name, when=kept.NOT_UNDOING) for name in GUARDED)
ALWAYS = ";".join(GUARD.format(name=name, when="true") for name in GUARDED)


class Migration(migrations.Migration):

    dependencies = [
        ("livescores", "0010_import_changes"),
        ("predictions", "0012_two_way_odds"),
    ]

    operations = [
        kept.keeping("predictions_bookmaker", kept.BY_ANYONE),
        kept.keeping("predictions_oddssource", {"insert": kept.IMPORTING}, key="name"),
        kept.keeping("predictions_odds", kept.BY_IMPORTS),
        kept.keeping("predictions_twowayodds", kept.BY_IMPORTS),
        kept.keeping("predictions_quarantinedodds", kept.BY_ANYONE),
        kept.keeping("predictions_prediction", CARRIED),
        kept.keeping("predictions_teamrating", CARRIED),
        migrations.RunSQL(UNLESS_UNDONE, ALWAYS),
    ]
