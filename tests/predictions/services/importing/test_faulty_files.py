"""What the import command makes of faulty files, what it says, and what the right file mends."""

import zipfile
from collections import Counter

import pytest
from django.core.management import CommandError

from livescores.models import ImportRejection, ImportReport, Match
from predictions.models import Odds
from tests.livescores.sources.football_data.test_forms import HEADER, N, season
from tests.predictions.commands import run

pytestmark = pytest.mark.django_db


@pytest.fixture
def take(tmp_path):
    """Import these rows by the command; what it says."""

    def importing(rows, *words, name="E0.csv", by=run):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join((HEADER, *rows)) + "\n")
        return by("import_matches", "football-data", str(path), *words)

    return importing


def unsuccessful(*words):
    with pytest.raises(CommandError) as raised:
        run(*words)
    return str(raised.value)


def seasons():
    return Counter(Match.objects.values_list("season__name", flat=True))


def refused():
    return list(ImportRejection.objects.values_list("line", "reason"))


def test_a_mistyped_year_costs_its_row_and_the_right_file_brings_it(take):
    good = list(season(2023))
    bad = [*good]
    bad[4] = bad[4].replace("/2023", "/2022")

    said = take(bad)

    assert f"{N - 1} inserted, 0 updated, 0 unchanged, 1 rejected" in said
    assert "row x 1: … lies outside the season …." in said
    assert refused() == [(6, "2022-08-17 lies outside the season 2023-24.")]
    assert seasons() == {"2023-24": N - 1}
    take(good)
    assert seasons() == {"2023-24": N}


def test_the_year_mistyped_does_no_harm_to_what_was_there(take):
    good = list(season(2023))
    take(good)

    take([row.replace("/08/2023", "/08/2022") for row in good])

    assert seasons() == {"2023-24": N}
    assert "0 inserted, 0 updated" in take(good)


def test_a_file_of_which_nothing_comes_in_has_failed(take):
    rows = [row.replace("E0,", "X9,") for row in season(2023)]

    assert take(rows, by=unsuccessful) == "1 of 1 files were not imported."

    report = ImportReport.objects.get()
    assert (report.status, report.rejected, report.files_failed) == ("failed", N, 1)
    assert (None, f"None of its {N} rows could be imported.") in refused()


def test_a_header_alone_is_no_failure(take):
    assert "0 rows read" in take([])


def test_reasons_are_told_by_rule_with_one_example(take):
    rows = list(season(2023))
    rows = [row.replace("1.60,4.20", f"1.{n + 10},1.4") for n, row in enumerate(rows)]
    rows[3:5] = [row.replace("E0", "X9") for row in rows[3:5]]

    said = take(rows).splitlines()

    told = [line for line in said if " x " in line]
    assert len(told) == 2
    assert told[0].startswith(f"  odds x {N - 2}: The pre_match book of …")
    assert told[1] == "  row x 2: Unknown division …."
    assert len([line for line in said if line.startswith("      ")]) == 2
    assert ":5 Unknown division 'X9'. X9,03/08/2023,15:00," in said[-2]


def test_days_and_months_exchanged_reach_no_match(take):
    take(list(season(2023)))
    wrong = list(season(2023, order="{m:02}/{d:02}/{y}"))
    mixed = [
        other if ",03/" in row else row
        for row, other in zip(season(2023), wrong, strict=True)
    ]  # fmt: skip

    take(mixed, by=unsuccessful)

    assert "Day and month are exchanged in some rows" in refused()[0][1]
    assert seasons() == {"2023-24": N}


def test_the_order_of_a_file_may_be_told(take):
    row = "E0,{},15:00,Aldmoor,Brackwell,1,0,H,1.60,4.20,5.25"

    take([row.format("09/10/2023")], "--date-order", "mdy")

    assert Match.objects.get().start_time_utc.month == 9


@pytest.mark.parametrize("words", [("openfootball", "."), ("football-data",)])
def test_the_order_is_told_of_files_with_dates(words):
    said = unsuccessful("import_matches", *words, "--date-order", "mdy")

    assert said == "Only files of football-data and tables take --date-order."


def test_a_folder_that_says_another_season_holds_the_file_back(take):
    take(season(2023), name="2022-23/E0.csv", by=unsuccessful)

    assert "The file is named for 2022-23, but most matches of E0 are of 2023-24" in refused()[0][1]
    assert not Match.objects.exists()


def test_files_are_found_whatever_the_case_of_their_names(tmp_path, take):
    take(season(2023), name="folder/E0.CSV")
    (tmp_path / "folder" / ".E1.csv").write_text("hidden")
    (tmp_path / "folder" / "~$E2.xlsx").write_text("open in a spreadsheet")

    assert "1 files" in run("import_matches", "football-data", str(tmp_path / "folder"))


def test_a_damaged_file_in_an_archive_is_told_by_the_exit(tmp_path):
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        archive.writestr("E0.csv", "\n".join((HEADER, *season(2023))))
        archive.writestr("E1.csv", "<html>")

    said = unsuccessful("import_matches", "football-data", str(tmp_path))

    assert said == "1 of 1 files were not imported."
    assert Match.objects.count() == N
    assert ImportRejection.objects.get().reason == "E1.csv: The file is a web page, not a table."


def test_a_match_whose_time_is_not_known_keeps_its_day_and_prices(take):
    row = "E0,05/12/2031,{},{},,,,2.10,3.30,3.60"
    times = {"TBC": "Rushden,Selby", "15.30": "Thorne,Ulverby", "4:30 PM": "Yarm,Zeals"}

    take([row.format(time, clubs) for time, clubs in times.items()])

    known = Match.objects.order_by("home_team__name").values_list("has_kickoff_time", flat=True)
    assert list(known) == [False, True, True]
    assert Odds.objects.count() == 3


def test_another_process_is_told_the_order_too(tmp_path):
    for number in range(10):
        file = tmp_path / f"{number}.csv"
        row = f"E0,09/10/20{10 + number},15:00,Aldmoor,Brackwell,1,0,H,1.60,4.20,5.25"
        file.write_text(f"{HEADER}\n{row}\n")

    run("import_matches", "football-data", str(tmp_path), "--date-order", "mdy")

    assert {start.month for start in Match.objects.values_list("start_time_utc", flat=True)} == {9}
