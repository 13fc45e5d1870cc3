"""The back office's page of any table: a mapping to begin with, its preview, and the file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from livescores.models import ImportReport, Match
from livescores.sources.mapped import suggesting
from livescores.sources.mapped.mapping import loads
from tests.forms import forms_in
from tests.reading import content_of, text_of

pytestmark = pytest.mark.django_db

TABLE = """Matchday;Home Team;Away Team;HG;AG;B365H;B365D;B365A
16/08/2024;Aldmoor;Brackwell;1;0;1,60;4,20;5,25
17/08/2024;Carsby;Carsby;1;0;1,60;4,20;5,25
"""
NAMED = TABLE.replace("Matchday", "Date")


@pytest.fixture
def send(admin_client):
    """Send the page's form as a browser would, and press a button."""

    def sending(button="preview", table=NAMED, **changes):
        page = admin_client.get(reverse("admin:livescores_table"))
        (form,) = [form for form in forms_in(page) if "mapping" in form.names()]
        sent = form.filled(changes, button)
        file = {"table": SimpleUploadedFile("own.csv", table.encode())} if table else {}
        return admin_client.post(reverse("admin:livescores_table"), {**sent, **file})

    return sending


def mapping_of(answer):
    (form,) = [form for form in forms_in(answer) if "mapping" in form.names()]
    (text,) = form.fields()["mapping"]
    return text


def test_a_table_alone_gets_a_mapping_to_begin_with_and_its_preview(send):
    answer = send()

    text = text_of(answer)
    assert "2 rows: 1 would be read, 1 refused." in text
    assert "cells parted by ;; dates day first; decimals with ,; season 2024-25" in text
    assert "England, Premier League 2024-25 2024-08-16 Aldmoor Brackwell 1–0 finished" in text
    assert "B365 1.6 / 4.2 / 5.25" in text
    assert "3 Carsby plays itself." in text
    assert 'home = "Home Team"' in mapping_of(answer)
    assert not Match.objects.exists()
    assert not ImportReport.objects.exists()


def test_what_the_names_do_not_tell_is_asked_and_then_taken(send):
    asked = send(table=TABLE)

    assert "No column ? for date in the header (Matchday, Home Team" in text_of(asked)
    mapping = mapping_of(asked).replace('"?"', '"Matchday"').replace("Premier League", "League One")
    answer = send(table=TABLE, mapping=mapping)
    assert "England, League One 2024-25 2024-08-16" in text_of(answer)
    assert mapping_of(answer).strip() == mapping.strip()


def test_the_mapping_is_written_as_a_file(send):
    mapping = mapping_of(send()).replace('"own"', '"our-league"')

    answer = send("write", table=None, mapping=mapping)

    assert answer["Content-Disposition"] == 'attachment; filename="our-league.toml"'
    assert loads(content_of(answer).decode()).source == "our-league"


@pytest.mark.parametrize(
    ("button", "table", "mapping", "said"),
    [
        ("preview", None, "", "Choose a table."),
        ("preview", "", "", "The submitted file is empty."),
        ("preview", "<html>", "", "The file is a web page, not a table."),
        ("preview", NAMED, "source = ", "The mapping is no TOML"),
        ("write", None, 'source = "own"', "The mapping is wrong: columns: Field required."),
    ],
)
def test_a_fault_is_told_on_the_page(send, button, table, mapping, said):
    if table == "":
        answer = send(button, table=" ", mapping=mapping)
        said = "The file is empty."
    else:
        answer = send(button, table=table, mapping=mapping)

    assert answer.status_code == 200
    assert said in text_of(answer)


def test_a_table_too_large_is_refused(send, monkeypatch):
    monkeypatch.setattr("livescores.table_page.MOST_MB", 0)

    assert "The table is larger than 0 MB." in text_of(send())


def test_ratings_are_counted(send):
    rating = "Rank,Club,Country,Level,Elo,From,To\n1,Aldmoor,ENG,1,1901,2024-08-10,2024-08-16\n"
    mapping = (
        'source = "elo"\nkind = "ratings"\n[columns]\nclub = "Club"\nregion = "Country"\n'
        'rating = "Elo"\nfirst_day = "From"\n'
    )

    assert "1 rows: 1 would be read, 0 refused." in text_of(send(table=rating, mapping=mapping))


def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get(reverse("admin:livescores_table")).status_code == 302


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (b"Div,Date,HomeTeam,AwayTeam,FTHG,FTAG\n", {"league": "Div", "home_score": "FTHG"}),
        (b"Date,Team 1,FT,HT,Team 2\n", {"home": "Team 1", "away": "Team 2", "score": "FT"}),
        (b'[{"utcDate": "x", "home_team": "y", "id": 1}]', {"date": "utcDate", "away": "?"}),
    ],
)
def test_names_of_columns_that_many_tables_have(content, fields):
    mapping = loads(suggesting.suggest(content, "table.csv"))

    assert fields.items() <= mapping.columns.items()


def test_the_page_costs_no_query_of_its_own(admin_client, django_assert_max_num_queries):
    admin_client.get(reverse("admin:livescores_table"))

    with django_assert_max_num_queries(2):  # who asks
        admin_client.get(reverse("admin:livescores_table"))
