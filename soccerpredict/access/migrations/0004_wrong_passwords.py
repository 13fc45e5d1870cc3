from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("access", "0003_key_usage"),
    ]

    operations = [
        migrations.CreateModel(
            name="WrongPasswords",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "account",
                    models.CharField(help_text="A digest; empty: of all accounts.", max_length=64),
                ),
                (
                    "place",
                    models.CharField(
                        help_text="An address, or a browser that is known.", max_length=64
                    ),
                ),
                ("n_tries", models.PositiveIntegerField(default=0)),
                ("last_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "verbose_name": "wrong passwords",
                "verbose_name_plural": "wrong passwords",
                "ordering": ("-last_at", "-id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=["account", "place"], name="wrong_passwords_once"
                    ),
                ],
            },
        ),
    ]
