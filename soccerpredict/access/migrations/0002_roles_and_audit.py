"""The three roles, and an audit log that nobody can change; their rights come with each migrate."""

from django.db import migrations

ROLES = ("viewer", "operator", "administrator")
KEPT = """
    CREATE FUNCTION access_audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        RAISE EXCEPTION 'The audit log is append-only: % of row % refused.', TG_OP, OLD.id
            USING ERRCODE = 'restrict_violation';
    END $$;
    CREATE TRIGGER access_audit_is_kept BEFORE UPDATE OR DELETE ON django_admin_log
        FOR EACH ROW EXECUTE FUNCTION access_audit_is_kept();
"""
NOT_KEPT = """
    DROP TRIGGER access_audit_is_kept ON django_admin_log;
    DROP FUNCTION access_audit_is_kept();
"""


def make_roles(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects
    for name in ROLES:
        groups.get_or_create(name=name)


class Migration(migrations.Migration):

    dependencies = [
        ("access", "0001_initial"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.RunPython(make_roles, migrations.RunPython.noop),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
