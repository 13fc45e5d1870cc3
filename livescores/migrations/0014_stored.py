from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("livescores", "0013_reviews_of_leagues_and_regions"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE livescores_stored", "DROP SEQUENCE livescores_stored"
        ),
    ]
