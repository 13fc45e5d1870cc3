"""Fixtures to predict, stored or invented: their form, and whether we know who plays."""

from collections.abc import Iterator, Sequence
from typing import Any, NotRequired, TypedDict

from livescores.models import Match, Team, Tournament
from soccerpredict.errors import FieldError, InvalidInput, NotFound


class Fixture(TypedDict):
    """A match to predict, as it travels to a worker; kick-off in seconds since 1970 UTC."""

    home_team_id: int
    away_team_id: int
    kickoff: int
    stage: str
    tournament_id: NotRequired[int | None]
    neutral_venue: NotRequired[bool]


def checked(bodies: Sequence[dict[str, Any]], *, array: bool) -> list[Fixture]:
    """The fixtures of request bodies, once every team, tournament and match in them is known.

    Raises:
        InvalidInput: naming each unknown one. NotFound: a `match_id` that doesn't exist.
    """
    _check(bodies, array=array)
    return [_fixture(body) for body in bodies]


def _fixture(body: dict[str, Any]) -> Fixture:
    return Fixture(
        home_team_id=body["home_team_id"],
        away_team_id=body["away_team_id"],
        kickoff=int(body["match_datetime_utc"].timestamp()),
        stage=body["stage"],
        tournament_id=body.get("tournament_id"),
        neutral_venue=body["neutral_venue"],
    )


def _check(bodies: Sequence[dict[str, Any]], *, array: bool) -> None:
    wrong = [*_unknown_members(bodies), *_of_other_teams(bodies)]
    errors: list[FieldError] = [
        {"loc": ["body", *([place] if array else []), name], "msg": message, "type": "unknown"}
        for place, name, message in wrong
    ]
    if errors:
        raise InvalidInput(errors[0]["msg"], errors=errors)


def _unknown_members(bodies: Sequence[dict[str, Any]]) -> Iterator[tuple[int, str, str]]:
    teams, tournaments = _known(bodies)
    for place, body in enumerate(bodies):
        for name, message in _unknown(body, teams, tournaments):
            yield place, name, message


def _known(bodies: Sequence[dict[str, Any]]) -> tuple[set[int], set[int]]:
    teams = {body[side] for body in bodies for side in ("home_team_id", "away_team_id")}
    tournaments = {body["tournament_id"] for body in bodies if body.get("tournament_id")}
    known_teams = set(Team.objects.filter(pk__in=teams).values_list("pk", flat=True))
    if not tournaments:
        return known_teams, set()
    found = Tournament.objects.filter(pk__in=tournaments).values_list("pk", flat=True)
    return known_teams, set(found)


def _unknown(
    body: dict[str, Any], teams: set[int], tournaments: set[int]
) -> Iterator[tuple[str, str]]:
    for name in ("home_team_id", "away_team_id"):
        if body[name] not in teams:
            yield name, f"There is no team {body[name]}."
    tournament = body.get("tournament_id")
    if tournament and tournament not in tournaments:
        yield "tournament_id", f"There is no tournament {tournament}."


def _of_other_teams(bodies: Sequence[dict[str, Any]]) -> Iterator[tuple[int, str, str]]:
    asked = {body["match_id"] for body in bodies if body.get("match_id")}
    stored = {found.pk: found for found in Match.objects.filter(pk__in=asked)} if asked else {}
    for place, body in enumerate(bodies):
        match_id = body.get("match_id")
        if match_id is None:
            continue
        if match_id not in stored:
            raise NotFound(f"There is no match {match_id}.")
        sides = stored[match_id].home_team_id, stored[match_id].away_team_id
        if sides != (body["home_team_id"], body["away_team_id"]):
            yield place, "match_id", f"Match {match_id} has other teams."
