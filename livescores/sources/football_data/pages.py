"""Where football-data.co.uk keeps its files."""

from livescores.sources.football_data.names import DIVISIONS, EXTRA_FILES
from livescores.sources.queries import Asked, Page

FIXTURES = ("fixtures.csv", "new_league_fixtures.csv")


def pages(asked: Asked) -> list[Page]:
    """A season's file of each league, and for the current one the lists of coming matches.

    The extra leagues' files hold all their seasons, so a past season asks for main leagues only.
    """
    named = bool(asked.leagues)
    codes = asked.of({**DIVISIONS, **EXTRA_FILES})
    if asked.season and not named:
        codes = [code for code in codes if code in DIVISIONS]
    found = [_page(asked, code, is_current=not asked.season) for code in codes]
    return found if named or asked.season else [*found, *price_pages(asked)]


def price_pages(asked: Asked) -> list[Page]:
    """The coming matches with their prices."""
    return [Page(f"{asked.url}/{name}", name) for name in FIXTURES]


def _page(asked: Asked, code: str, *, is_current: bool) -> Page:
    if code in EXTRA_FILES:
        return Page(f"{asked.url}/new/{code}.csv", f"{code}.csv")
    first, last = asked.years()
    season = f"{first % 100:02}{last % 100:02}"
    url = f"{asked.url}/mmz4281/{season}/{code}.csv"
    return Page(url, f"{first}-{last % 100:02}/{code}.csv", may_be_missing=is_current)
