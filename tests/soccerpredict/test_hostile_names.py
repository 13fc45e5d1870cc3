"""Countries, leagues and clubs named for an attack stay text on every page and in every export."""

import csv
import io
import json
from datetime import timedelta

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from pyarrow import parquet

from livescores.models import Match, Region, Season, Team, Tournament
from predictions.models import Prediction
from predictions.services.betting import export
from predictions.services.importing import files
from predictions.services.publishing import published
from predictions.services.training import fixture_files
from soccerpredict.access import services
from soccerpredict.http.output.formats import FORMULA_STARTS
from tests.factories import (
    make_bookmaker,
    make_publication,
    make_rating,
    make_region_return,
    make_tournament_return,
)
from tests.hostile_names import NAMES, Page
from tests.soccerpredict.back_office.admin_pages import list_of, page
from tests.soccerpredict.test_hostile_visitors import FIELDS

pytestmark = [pytest.mark.django_db, pytest.mark.fault]
HEADER = next(csv.reader(["Country,League,Season,Date,Time,Home,Away,HG,AG,Res,AvgCH,AvgCD,AvgCA"]))
PRICES = ["1.1", "8.0", "15.0"]
API = ("/predict/predictions/", "/predict/cards/", "/livescores/")
FORMS = ("csv", "parquet")


@pytest.fixture
def imported(tmp_path):
    """A country, a league and a club of each name, with a match played and one to come."""
    path = tmp_path / "extra.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(rows())
    report = files.import_files("football-data", [path])
    assert report.inserted == 2 * len(NAMES), [one.reason for one in report.rejections.all()]
    make_publication(*((match, (0.5, 0.3, 0.2)) for match in Match.objects.all()))
    published.forget()
    for team in Team.objects.all():
        for days in (40, 10):
            make_rating(team, at=timezone.now() - timedelta(days=days))
    yield report
    published.forget()


def rows():
    now = timezone.now()
    played, coming = now - timedelta(days=9), now + timedelta(days=2)
    for name in NAMES:
        for day, result in ((played, ["2", "1", "H"]), (coming, ["", "", ""])):
            when = [str(day.year), f"{day:%d/%m/%Y}", "15:00"]
            yield [name, name, *when, name, "Plain FC", *result, *PRICES]


@pytest.fixture
def client(client, admin_user):
    client.force_login(admin_user)
    return client


def read(client, address, **query):
    """The names that a page shows, all of them as text."""
    answer = client.get(address, query, headers={"Accept": "text/html"})
    assert answer.status_code == 200, address
    found = Page(answer.content.decode())
    assert found.faults == [], address
    return found.names()


def test_the_reader_sees_what_a_browser_would_run():
    """Each name as it stands does harm in one place or another."""
    for name in NAMES:
        places = (name, f'<a href="{name}">', f"<a onclick='{name}'>", f"<script>{name}</script>")
        assert any(Page(place).faults for place in places), name


def test_every_name_is_imported_as_it_stands(imported):
    for model in (Region, Tournament, Team):
        assert set(NAMES) <= set(model._default_manager.values_list("name", flat=True))


def test_pages_of_visitors(client, imported):
    seen = set()
    for match in Match.objects.settled().select_related("season"):
        ids = {
            "match": match.pk,
            "league": match.season.tournament_id,
            "team": match.home_team_id,
        }
        for address in FIELDS:
            if "{" in address and "insight" not in address:
                seen |= read(client, address.format(**ids))
    assert seen == set(NAMES)
    for address in ("/", "/explorer", "/scores", "/record"):
        assert read(client, address) or address == "/record"
    for name in NAMES:
        assert name in read(client, "/search", q=name), name


def test_lists_of_the_back_office(client, imported):
    read(client, list_of(Team), q=NAMES[5])
    seen = {}
    for model in admin.site._registry:
        address = list_of(model)
        seen[model] = read(client, address)
    for model in (Region, Tournament, Team, Match, Season, Prediction):
        assert len(seen[model]) >= len(NAMES) // 2, model


def test_rows_of_the_back_office(client, imported):
    for model in admin.site._registry:
        each = model in (Region, Tournament, Team)
        for row in model._default_manager.order_by("pk")[: len(NAMES) if each else 2]:
            shown = read(client, page(row))
            assert not each or getattr(row, "name", "") in (*shown, "Plain FC")


def cells(content):
    return [cell for row in csv.reader(io.StringIO(content.decode())) for cell in row]


def assert_disarmed(content):
    """Each name is there; none begins as a formula, and nor does any cell but a number's."""
    found = cells(content)
    for name in NAMES:
        assert name in found or f"'{name}" in found, name
    for cell in found:
        assert not cell.lstrip().startswith(FORMULA_STARTS) or is_number(cell), cell


def is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def assert_whole(content):
    table = parquet.read_table(io.BytesIO(content))
    texts = [value for column in table.columns for value in column.to_pylist()]
    assert set(NAMES) <= set(filter(lambda value: isinstance(value, str), texts))


CHECKS = {"csv": assert_disarmed, "parquet": assert_whole}


@pytest.fixture
def key(db):
    return services.issue(client=services.client_named("tests")).text


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("address", API[:2])
def test_exports_of_the_api(client, imported, key, address, form):
    answer = client.get(address, {"format": form}, headers={"X-API-Key": key})

    CHECKS[form](answer.getvalue())


@pytest.mark.parametrize("address", API)
def test_answers_of_the_api_are_no_pages(client, imported, key, address):
    answer = client.get(address, headers={"X-API-Key": key})

    assert answer["Content-Type"] == "application/json"
    assert answer["X-Content-Type-Options"] == "nosniff"
    told = {row["homeTeamName"] for row in json.loads(answer.getvalue())}
    assert set(NAMES) <= told


@pytest.mark.parametrize("form", FORMS)
def test_downloads_of_the_explorer(client, imported, form):
    answer = client.get("/explorer/download", {"format": form, "future_only": "true"})

    CHECKS[form](answer.getvalue())


@pytest.mark.parametrize("form", FORMS)
def test_exports_of_the_back_office(client, imported, form):
    chosen = [row.pk for row in Prediction.objects.all()]
    sent = {"action": f"export_{form}", "_selected_action": chosen}

    answer = client.post(reverse("admin:predictions_prediction_changelist"), sent)

    CHECKS[form](answer.getvalue())


def test_returns_of_the_betting_simulation(imported, tmp_path):
    book = make_bookmaker("B365")
    made = None
    for league in Tournament.objects.select_related("region"):
        fields = {"run": made.run} if made else {}
        made = make_region_return(region=league.region, bookmaker=book, **fields)
        make_tournament_return(tournament=league, bookmaker=book, run=made.run)

    assert_disarmed(export.write(made.run, tmp_path / "returns.csv").read_bytes())


def test_what_is_predicted_of_a_file(tmp_path):
    path = tmp_path / "out.csv"

    fixture_files.write(path, ["home", "line"], ({"home": name, "line": "-0.5"} for name in NAMES))

    assert_disarmed(path.read_bytes())
    assert "-0.5" in cells(path.read_bytes())
