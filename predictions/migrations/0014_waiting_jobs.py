from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("predictions", "0013_import_changes"),
    ]

    operations = [
        migrations.AddField(
            model_name="predictionjob",
            name="key_id",
            field=models.BigIntegerField(help_text="The API key that it asked with.", null=True),
        ),
        migrations.AddField(
            model_name="predictionjob",
            name="lane",
            field=models.PositiveSmallIntegerField(
                db_default=0, help_text="Where it waits for a worker."
            ),
        ),
        migrations.AddIndex(
            model_name="predictionjob",
            index=models.Index(
                condition=models.Q(("finished_at", None)),
                fields=["key_id", "lane", "expires_at"],
                name="unfinished_job",
            ),
        ),
    ]
