"""Imports in the admin: what they refused, and what they changed row by row."""

from html import unescape

import pytest
from django.db import transaction
from django.urls import reverse

from livescores.models import ClubRating, ImportChange, ImportRejection, ImportReport, Team
from livescores.services import import_changes
from tests.factories import NOON, make_region, make_team

CHANGES = reverse("admin:livescores_importchange_changelist")
pytestmark = pytest.mark.django_db


def imported(*work):
    """A report of an import that did this, each by a statement of its own."""
    report = ImportReport.objects.create(source="test")
    with transaction.atomic(), import_changes.named(report):
        for one in work:
            one()
    return report


def new_clubs(region, *ids):
    return lambda: Team.objects.bulk_create(
        Team(pk=pk, region=region, name=f"Club {pk}") for pk in ids
    )


def shown(admin_client, **asked):
    """Table, kind and rows of each change in the list."""
    found = admin_client.get(CHANGES, asked).context["cl"]
    page = found.model_admin
    return [
        (one.table.removeprefix("livescores_"), one.kind, page.rows(one))
        for one in found.result_list
    ]


def test_an_import_shows_ten_of_its_refusals_at_a_time(admin_client):
    report = ImportReport.objects.create(source="test")
    ImportRejection.objects.bulk_create(
        ImportRejection(
            report=report, what="row", file="E0.csv", line=line, reason=f"bad {line:03}"
        )
        for line in range(1, 31)
    )

    answer = admin_client.get(reverse("admin:livescores_importreport_change", args=[report.pk]))

    text = answer.content.decode()
    assert [line for line in range(1, 31) if f"bad {line:03}" in text] == list(range(21, 31))


def test_an_import_leads_to_its_changes(admin_client):
    region = make_region()
    one, other = (imported(new_clubs(region, pk)) for pk in (9_000_001, 9_000_002))

    text = admin_client.get(
        reverse("admin:livescores_importreport_change", args=[one.pk])
    ).content.decode()
    address = f"{CHANGES}?report__id__exact={one.pk}"

    assert address in unescape(text)
    assert shown(admin_client, report__id__exact=one.pk) == [("team", "insert", "9000001")]
    assert shown(admin_client, report__id__exact=other.pk) == [("team", "insert", "9000002")]


def test_an_import_that_keeps_no_changes_leads_to_none(admin_client):
    report = ImportReport.objects.create(source="test", keeps_changes=False)

    text = admin_client.get(
        reverse("admin:livescores_importreport_change", args=[report.pk])
    ).content.decode()

    assert "not kept" in text
    assert "report__id__exact" not in text


def test_what_no_import_changed_says_so(admin_client):
    club = make_team(name="Roma")
    club.name = "AS Roma"
    club.save()

    text = admin_client.get(CHANGES).content.decode()

    assert "none: a person, or a job" in text


def test_rows_are_told_as_ranges(admin_client):
    region = make_region()
    imported(new_clubs(region, 9_000_001, 9_000_002, 9_000_003, 9_000_007))
    imported(new_clubs(region, *range(9_100_000, 9_100_014, 2)))

    told = [rows for _, _, rows in shown(admin_client)]

    assert told == [
        "9100000, 9100002, 9100004, 9100006, 9100008 and 2 more",
        "9000001 to 9000003, 9000007",
    ]


def test_a_change_is_found_by_its_row_and_its_table(admin_client):
    region, club = make_region(), make_team(pk=9_000_005, name="Roma")
    club.name = "AS Roma"
    imported(new_clubs(region, 9_000_001, 9_000_002, 9_000_003), club.save)

    assert shown(admin_client, q="9000002") == [("team", "insert", "9000001 to 9000003")]
    assert shown(admin_client, q="9000005 team") == [("team", "update", "9000005")]
    assert shown(admin_client, q="9000004") == shown(admin_client, q="9000005 season") == []


@pytest.mark.parametrize("words", ["9" * 5000, "-1", "%", "'", "\\", "ü", "x " * 200])
def test_odd_words_find_no_change(admin_client, words):
    imported(new_clubs(make_region(), 9_000_001))

    assert shown(admin_client, q=words) == []


def test_an_update_tells_what_was_and_what_became_of_it(admin_client):
    club = make_team(name="Roma")
    club.name = "AS Roma"
    imported(club.save)

    change = ImportChange.objects.get()
    answer = admin_client.get(reverse("admin:livescores_importchange_change", args=[change.pk]))
    text = " ".join(answer.content.decode().split())

    assert text.index("Was") < text.index(">Roma<") < text.index("Became") < text.index(">AS Roma<")


def test_others_ratings_are_found_by_the_club(admin_client):
    rated, _ = (
        ClubRating.objects.create(
            team=make_team(name=name), source="test", rating=1700, first_day=NOON.date()
        )
        for name in ("Rovers United", "Rovers")
    )

    answer = admin_client.get(reverse("admin:livescores_clubrating_changelist"), {"q": "unit rov"})

    assert list(answer.context["cl"].result_list) == [rated]
