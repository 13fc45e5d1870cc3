"""An import taken back: everything is as it was before it, or a sentence says who builds on it."""

import pytest
from django.db import transaction
from django.utils import timezone

from livescores.models import (
    ImportChange,
    ImportReport,
    Match,
    Team,
    TeamAlias,
    WaitingEvent,
)
from livescores.services import corrections, import_changes
from predictions.models import Odds, OddsSource, Prediction, QuarantinedOdds, TwoWayOdds
from predictions.services.importing import files
from predictions.services.odds import quarantine
from predictions.services.undoing import service
from predictions.services.undoing.refusals import BuiltUpon, CannotUndo
from soccerpredict.jobs import locks
from tests.factories import DAY, make_batch, make_odds, make_prediction, make_two_way_odds
from tests.predictions.commands import failed, run
from tests.predictions.services.undoing.stored import stored
from tests.soccerpredict.back_office.admin_pages import (
    make_club_rating,
    make_team_alias,
    make_waiting_event,
)

pytestmark = pytest.mark.django_db

HEADER = "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H,B365D,B365A"
ROW = "E0,14/08/21,Brentford,Arsenal,2,0,H,4.0,3.4,1.95"
FIXTURE = "E0,21/08/21,Arsenal,Chelsea,,,,3.5,3.4,2.1"
PLAYED = FIXTURE.replace(",,,,", ",0,2,A,")
ASIDE = ("id", "updated_at", "created_at", "recorded_at", "first_seen_at", "found_at")
GOALS = HEADER.replace("B365H,B365D,B365A", "B365>2.5,B365<2.5,AHh,B365AHH,B365AHA")
OTHER = "D1,14/08/21,Bayern Munich,Dortmund,2,0,H,4.0,3.4,1.95"


@pytest.fixture
def take(tmp_path):
    def run(*rows: str, name: str = "E0.csv", header: str = HEADER) -> ImportReport:
        path = tmp_path / name
        path.write_text("\n".join((header, *rows)))
        return files.import_files("football-data", [path])

    return run


def undo(report, **how):
    return service.undo(report.pk, by="ann", **how)


def test_what_it_inserted_goes(take):
    before = stored()
    report = take(ROW, FIXTURE, "E0,28/08/21,Leeds,Everton,1,1,D,1.01,1.02,1.03")
    assert QuarantinedOdds.objects.exists()

    undo(report)

    assert stored() == before
    assert not ImportChange.objects.exists()


def test_what_it_updated_is_as_before(take):
    take(ROW, FIXTURE)
    before = stored()
    report = take(
        ROW, PLAYED, FIXTURE.replace("21/08/21,Arsenal,Chelsea", "21/08/21,Leeds,Everton")
    )

    undo(report)

    assert stored() == before


def test_the_same_file_again_gives_the_same(take):
    first = take(ROW, FIXTURE)
    before = stored(aside=ASIDE)
    undo(first)

    again = take(ROW, FIXTURE)

    assert (again.inserted, again.odds_inserted) == (first.inserted, first.odds_inserted)
    assert stored(aside=ASIDE) == before


def test_twice_is_refused(take):
    report = take(ROW)
    run("undo_import", report.pk)

    assert "was undone already, by" in failed("undo_import", report.pk)
    assert failed("undo_import", "999999") == "There is no import 999999."


def test_an_import_says_how_to_take_it_back_and_the_last_ones_are_listed(tmp_path):
    file = tmp_path / "E0.csv"
    file.write_text(f"{HEADER}\n{ROW}\n")

    said = run("import_matches", "football-data", str(file))

    report = ImportReport.objects.get()
    assert f"To take it back: manage.py undo_import {report.pk}" in said
    assert "To take it back" not in run("import_matches", "football-data", str(file))
    run("undo_import", str(report.pk), "--with-later")
    listed = run("undo_import").splitlines()
    assert listed[-1].startswith(f"{report.pk}  football-data, ")
    assert listed[-1].endswith("1 files, 1 matches inserted, 0 updated, 1 prices, undone")


def test_who_and_why_is_kept(take):
    report = take(ROW)

    said = run("undo_import", report.pk, "--reason", "The wrong season.")

    assert "is undone: 1 matches and 1 prices are gone" in said
    report.refresh_from_db()
    assert (report.status, report.undone_why) == ("undone", "The wrong season.")
    assert report.undone_by
    assert timezone.now() - report.undone_at < DAY


def test_prices_of_goals_count_with_the_others(take):
    header = f"{HEADER},{GOALS.removeprefix(HEADER[: HEADER.index('B365H')])}"
    report = take(f"{ROW},1.9,1.95,-0.5,1.85,2.05", header=header)

    [undone] = undo(report)

    assert undone.undone_what.startswith("1 matches and 3 prices are gone")


def test_who_offers_and_tells_prices_of_goals_stays_with_them(take):
    before = stored()
    first = take(ROW)
    second = take(OTHER.replace("4.0,3.4,1.95", "1.9,1.95,-0.5,1.85,2.05"), header=GOALS)

    undo(first)

    assert list(TwoWayOdds.objects.values_list("bookmaker__code", "source").distinct()) == [
        ("B365", "football-data")
    ]
    assert OddsSource.objects.filter(name="football-data").exists()
    undo(second)
    assert stored() == before


def test_a_match_of_which_a_feed_tells_prices_of_goals_is_voided(take):
    report = take(ROW)
    match = Match.objects.get()
    told = make_two_way_odds(match, source="fonbet")

    undo(report)

    assert (Match.objects.get().pk, Match.objects.get().status) == (match.pk, "cancelled")
    assert TwoWayOdds.objects.get() == told


def test_a_later_import_that_builds_on_it_is_named(take):
    first = take(FIXTURE)
    second = take(PLAYED)
    before = stored()

    with pytest.raises(BuiltUpon, match=f"import {second.pk} .* builds on it"):
        undo(first)

    assert stored() == before


def test_one_that_changed_nothing_builds_on_it_too(take):
    """Without the first it would have inserted the match."""
    first = take(ROW)
    second = take(ROW)
    assert second.unchanged == 1

    with pytest.raises(BuiltUpon, match=f"import {second.pk} "):
        undo(first)


def test_with_later_all_go(take):
    before = stored()
    first, second = take(FIXTURE), take(PLAYED)
    other = take(OTHER, name="D1.csv")

    undone = undo(first, with_later=True)

    assert [one.pk for one in undone] == [second.pk, first.pk]
    assert list(Team.objects.values_list("name", flat=True)) == ["Bayern Munich", "Dortmund"]
    undo(other)
    assert stored() == before


def test_an_earlier_one_goes_where_no_later_one_builds_on_it(take):
    first = take(ROW)
    take(OTHER, name="D1.csv")

    undo(first)

    assert [str(match.home_team) for match in Match.objects.all()] == ["Bayern Munich"]
    assert TeamAlias.objects.filter(source="football-data").count() == 2
    assert set(TeamAlias.objects.values_list("region__name", flat=True)) == {"Germany"}


def test_a_correction_is_not_lost_unasked(take):
    report = take(ROW)
    match = Match.objects.get()
    match.home_score = 3
    corrections.correct(Match.objects.get(), match)
    match.save()

    with pytest.raises(CannotUndo, match="match Brentford v Arsenal, 2021-08-14 was changed by"):
        undo(report)


def test_a_decision_on_prices_is_not_lost_unasked(take):
    report = take(ROW.replace("4.0,3.4,1.95", "1.44,3,1.57"))
    quarantine.release(QuarantinedOdds.objects.get().pk, by="ann", reason="They are right.")

    with pytest.raises(CannotUndo, match="was changed by hand on"):
        undo(report)


def test_a_renamed_club_is_not_lost_unasked(take):
    report = take(ROW)
    Team.objects.filter(name="Arsenal").update(name="The Arsenal")

    with pytest.raises(CannotUndo, match="team The Arsenal was changed by hand"):
        undo(report)


def test_one_that_still_runs_is_waited_for_and_one_that_was_killed_is_not():
    report = ImportReport.objects.create(source="test")

    with locks.held(files.lock_of(report)), pytest.raises(CannotUndo, match="still runs: wait"):
        undo(report)

    assert [one.status for one in undo(report)] == ["undone"]


def test_a_score_that_has_gone_on_since_is_not_lost_unasked(take):
    """Of live scores nobody keeps what was before."""
    take(FIXTURE)
    report = take(PLAYED)
    Match.objects.update(home_score=1)

    with pytest.raises(CannotUndo, match="was changed again since, by no import that is kept"):
        undo(report)

    assert Match.objects.get().home_score == 1


def test_a_price_that_was_added_since_is_not_lost_unasked(take):
    report = take(ROW)
    added = make_odds(Match.objects.get(), (2.0, 3.0, 4.0))

    with pytest.raises(CannotUndo, match="was added since and needs what would go"):
        undo(report)

    assert added in Odds.objects.all()


def test_what_waits_for_a_person_outlives_the_match_that_it_may_be(take):
    report = take(ROW)
    event = make_waiting_event()
    WaitingEvent.objects.update(candidate=Match.objects.get(away_team__name="Arsenal"))

    undo(report)

    event.refresh_from_db()
    assert (event.candidate, event.state) == (None, "waiting")


def test_what_it_deleted_is_there_again_with_all_it_held():
    """As an import does that finds two clubs to be one."""
    alias = make_team_alias()
    rated = make_club_rating()
    before = stored()
    report = ImportReport.objects.create(source="test", status="done")
    with transaction.atomic(), import_changes.named(report):
        alias.delete()
        rated.delete()

    [undone] = undo(report)

    assert stored() == before
    assert undone.status == "undone"


def issue(match, *, days_before=1):
    batch = make_batch(computed_at=match.start_time_utc - days_before * DAY)
    return make_prediction(match, batch=batch)


def test_a_match_with_an_issued_prediction_is_voided(take):
    report = take(ROW, PLAYED)
    match = Match.objects.get(away_team__name="Chelsea")
    said = issue(match)
    issue(Match.objects.get(away_team__name="Arsenal"), days_before=-1)  # worked out afterwards

    [undone] = undo(report)

    kept = Match.objects.get()
    assert (kept.pk, kept.status, kept.home_score) == (match.pk, "cancelled", None)
    assert Prediction.objects.get() == said
    assert not Odds.objects.exists()
    assert "1 matches stay, cancelled" in undone.undone_what


def test_a_voided_match_is_told_again_as_it_was(take):
    take(ROW, PLAYED)
    match = Match.objects.get(away_team__name="Chelsea")
    issue(match)
    before = stored(aside=ASIDE)
    undo(ImportReport.objects.get())

    again = take(ROW, PLAYED)

    assert (again.inserted, again.updated) == (1, 1)
    assert Match.objects.get(pk=match.pk).home_score == 0
    assert stored(aside=ASIDE) == before


def test_an_import_before_changes_were_kept_is_refused(take):
    report = take(ROW)
    ImportReport.objects.update(keeps_changes=False)

    assert "was done before changes were kept" in failed("undo_import", report.pk)


def written_by():
    """The transaction that wrote the match: builds of features look for younger ones."""
    return Match.objects.extra(select={"by": "xmin::text::bigint"}).get().by  # type: ignore[attr-defined]


def test_a_match_that_lost_prices_counts_as_written(take):
    take(ROW)
    report = take(ROW.replace("4.0,3.4,1.95", "4.2,3.4,1.9"))
    before = written_by()

    undo(report)

    assert Odds.objects.count() == 1
    assert written_by() > before
