"""How far linking reaches between the real files of our sources."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from livescores.linking.coverage import Found, Reach, measure
from livescores.sources.known import SOURCES
from livescores.sources.reading import reading
from livescores.sources.records import FileRejected, MatchRecord
from soccerpredict.management.strict import StrictCommand

OURS = "football-data"
YEARS = {"openfootball": None, "whoscored": range(2015, 2019)}
NOT_SEASONS = ("fixtures", "in-progress", "text", "sample")  # in the names of folders or files


class Command(StrictCommand):
    help = "Link openfootball and WhoScored to football-data.co.uk from files and print the reach."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="it holds a folder for each source")
        parser.add_argument("--verbose", action="store_true", help="each league, link and conflict")

    def handle(self, *, folder: Path, verbose: bool, **options: Any) -> None:
        ours = list(matches_of(OURS, folder))
        for source, years in YEARS.items():
            told = list(matches_of(source, folder))
            start = time.perf_counter()
            found = measure(told, ours, years)
            self.print(source, found, time.perf_counter() - start)
            if verbose:
                self.print_all(found)

    def print(self, source: str, found: Found, seconds: float) -> None:
        reach, halves = found.reach, found.half_times
        states = Counter(link.method or link.state for link in found.clubs)
        write = self.stdout.write
        write(f"{source} to {OURS}, {seconds:.1f} s")
        write(f"  clubs: {', '.join(f'{n} {how}' for how, n in states.most_common())}")
        write(f"  {in_words(reach)}")
        write(
            f"  wrong links {len(found.wrong)}; other final score {len(found.conflicts)}; "
            f"half-time agrees in {halves[True]} of {halves.total()}"
        )

    def print_all(self, found: Found) -> None:
        for (league, season), reach in sorted(found.by_season.items(), key=str):
            self.stdout.write(f"    {league} {season}: {in_words(reach)}")
        for title, pairs in (("wrong", found.wrong), ("score", found.conflicts)):
            for told, ours in pairs:
                self.stdout.write(f"    {title}: {match(told)} | {match(ours)}")
        for told in found.reach.missed:
            self.stdout.write(f"    missed: {match(told)}")


def matches_of(source: str, folder: Path) -> Iterator[MatchRecord]:
    """The source's matches of whole seasons."""
    paths = files(source, folder)
    with reading(source, paths) as contents:
        for path, content in zip(paths, contents, strict=True):
            try:
                yield from content().matches
            except FileRejected as exc:
                raise CommandError(f"{path}: {exc}") from exc


def files(source: str, folder: Path) -> Sequence[Path]:
    base = folder / source
    found = sorted(
        path for path in base.rglob("*") if path.name.lower().endswith(SOURCES[source].SUFFIXES)
    )
    found = [
        one for one in found if not any(no in str(one.relative_to(base)) for no in NOT_SEASONS)
    ]
    if not found:
        raise CommandError(f"There is no file of {source} in {base}.")
    return found


def in_words(reach: Reach) -> str:
    held = reach.played - reach.lacking
    return (
        f"{reach.linked} of {held} matches linked ({reach.share:.2%}), {len(reach.missed)} missed; "
        f"{reach.lacking} more are not in ours (of all {reach.linked / max(1, reach.played):.2%})"
    )


def match(one: MatchRecord) -> str:
    home, away = one.counts[:2]
    return f"{one.start_time_utc:%Y-%m-%d} {one.home} v {one.away} {home}:{away}"
