"""Store prices: append-only, only those that are news, and impossible ones in quarantine.

All prices come in here, of files, feeds and pages alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from livescores.sources.records import EventRecord, MatchRecord, Rejection
from predictions.models import OddsSource, QuarantinedOdds
from predictions.services.odds import appending, judging
from predictions.services.odds.checking import Bookmakers, CheckedPrices

__all__ = ["Bookmakers", "StoredOdds", "store"]


@dataclass(frozen=True)
class StoredOdds:
    """What became of a file's prices.

    `refused` names each that cannot be true; `contradicted` each, of this file or an earlier one,
    that the match's other prices contradict now: it is stored, and held back.
    """

    read: int
    inserted: int
    refused: list[Rejection]
    contradicted: list[Rejection] = field(default_factory=list)


def store(
    source: str,
    matches: Iterable[MatchRecord | EventRecord],
    ids: Mapping[int, int],
    bookmakers: Bookmakers,
    *,
    file: str = "",
) -> StoredOdds:
    """Append the records' quotes; `ids` gives the match of each line. Inside a transaction.

    Impossible books are quarantined, each once; `file` says where they were read. Then every match
    that got prices is judged anew.
    """
    # The end of a long path tells one file from another.
    found = CheckedPrices(source, file[-300:], bookmakers)
    for match in matches:
        match_id = ids.get(match.line)
        if match_id is None:
            continue
        for quote in match.quotes:
            found.take(match_id, match.line, quote)
        for pair in match.two_way:
            found.take_two_way(match_id, match.line, pair)
    if not found.n_read:
        return StoredOdds(0, 0, [])
    OddsSource.objects.get_or_create(name=source)
    QuarantinedOdds.objects.bulk_create(found.impossible, ignore_conflicts=True)
    news = appending.append(appending.ODDS, source, found.lines)
    two_way = appending.append(appending.TWO_WAY, source, found.two_way_lines)
    held = judging.judge(sorted(news.keys() | two_way.keys()))
    contradicted = [Rejection("odds", row.line, row.reason, f"{row.match}: {row}") for row in held]
    inserted = sum(news.values()) + sum(two_way.values())
    return StoredOdds(found.n_read, inserted, found.refused, contradicted)
