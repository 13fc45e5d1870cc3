"""Built while odds are written: a plain CREATE INDEX would stop all imports on a large table."""

from django.contrib.postgres.indexes import BrinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False  # Postgres builds no index concurrently inside a transaction

    dependencies = [
        ("livescores", "0005_linking"),
        ("predictions", "0010_edge_returns"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="odds",
            index=BrinIndex(fields=["recorded_at"], name="odds_by_recording"),
        ),
    ]
