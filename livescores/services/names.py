"""Turn the names of records into rows: regions, tournaments, seasons and teams, made on need."""

from typing import NamedTuple

from livescores.models import Region, Season, Team, TeamAlias, Tournament
from livescores.sources.records import MatchRecord, TournamentRecord


class Placed(NamedTuple):
    """The ids behind a record's names."""

    season_id: int
    home_team_id: int
    away_team_id: int


class Names:
    """What one import has already looked up. Start a new one after a rollback."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._regions: dict[str, int] = {}
        self._tournaments: dict[TournamentRecord, int] = {}
        self._seasons: dict[tuple[int, str], int] = {}
        self._teams: dict[tuple[int, str], int] = {
            (alias.region_id, alias.name): alias.team_id
            for alias in TeamAlias.objects.filter(source=source)
        }

    def place(self, match: MatchRecord) -> Placed:
        tournament_id = self._tournament(match.tournament)
        region_id = self._regions[match.tournament.region]
        return Placed(
            self._season(tournament_id, match.season),
            self._team(region_id, match.home),
            self._team(region_id, match.away),
        )

    def _tournament(self, record: TournamentRecord) -> int:
        if record not in self._tournaments:
            tournament, _ = Tournament.objects.get_or_create(
                region_id=self._region(record),
                name=record.name,
                defaults={"code": record.code, "tier": record.tier},
            )
            self._tournaments[record] = tournament.pk
        return self._tournaments[record]

    def _region(self, record: TournamentRecord) -> int:
        if record.region not in self._regions:
            region, _ = Region.objects.get_or_create(
                name=record.region, defaults={"is_simulated": record.is_simulated}
            )
            self._regions[record.region] = region.pk
        return self._regions[record.region]

    def _season(self, tournament_id: int, name: str) -> int:
        key = tournament_id, name
        if key not in self._seasons:
            season, _ = Season.objects.get_or_create(tournament_id=tournament_id, name=name)
            self._seasons[key] = season.pk
        return self._seasons[key]

    def _team(self, region_id: int, name: str) -> int:
        key = region_id, name
        if key not in self._teams:
            team, _ = Team.objects.get_or_create(region_id=region_id, name=name)
            TeamAlias.objects.get_or_create(
                source=self.source, region_id=region_id, name=name, defaults={"team": team}
            )
            self._teams[key] = team.pk
        return self._teams[key]
