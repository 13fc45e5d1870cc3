"""What openfootball's file names stand for, and where its local times are.

A file of another name is refused: nothing inside tells which league it is.
"""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from livescores.sources.records import cups, leagues

LEAGUES = leagues(
    ("ar.1", "Argentina", "Liga Profesional", 1),
    ("at.1", "Austria", "Bundesliga", 1),
    ("at.2", "Austria", "2. Liga", 2),
    ("au.1", "Australia", "A-League", 1),
    ("be.1", "Belgium", "First Division A", 1),
    ("br.1", "Brazil", "Serie A", 1),
    ("br.2", "Brazil", "Serie B", 2),
    ("ch.1", "Switzerland", "Super League", 1),
    ("ch.2", "Switzerland", "Challenge League", 2),
    ("cn.1", "China", "Super League", 1),
    ("co.1", "Colombia", "Primera A", 1),
    ("cz.1", "Czech Republic", "First League", 1),
    ("de.1", "Germany", "Bundesliga", 1),
    ("de.2", "Germany", "2. Bundesliga", 2),
    ("de.3", "Germany", "3. Liga", 3),
    ("dz.1", "Algeria", "Ligue 1", 1),
    ("eg.1", "Egypt", "Premier League", 1),
    ("en.1", "England", "Premier League", 1),
    ("en.2", "England", "Championship", 2),
    ("en.3", "England", "League One", 3),
    ("en.4", "England", "League Two", 4),
    ("en.5", "England", "National League", 5),
    ("es.1", "Spain", "La Liga", 1),
    ("es.2", "Spain", "Segunda División", 2),
    ("fr.1", "France", "Ligue 1", 1),
    ("fr.2", "France", "Ligue 2", 2),
    ("gr.1", "Greece", "Super League", 1),
    ("hu.1", "Hungary", "Nemzeti Bajnokság I", 1),
    ("it.1", "Italy", "Serie A", 1),
    ("it.2", "Italy", "Serie B", 2),
    ("jp.1", "Japan", "J1 League", 1),
    ("ma.1", "Morocco", "Botola Pro", 1),
    ("mls", "USA", "MLS", 1),
    ("mx.1", "Mexico", "Liga MX", 1),
    ("nl.1", "Netherlands", "Eredivisie", 1),
    ("pt.1", "Portugal", "Primeira Liga", 1),
    ("ru.1", "Russia", "Premier League", 1),
    ("ru.2", "Russia", "First League", 2),
    ("sco.1", "Scotland", "Premiership", 1),
    ("tr.1", "Turkey", "Süper Lig", 1),
    ("tr.2", "Turkey", "1. Lig", 2),
)
CUPS = cups(
    ("at.cup", "Austria", "ÖFB Cup"),
    ("de.cup", "Germany", "DFB Pokal"),
    ("copa.l", "South America", "Copa Libertadores"),
    ("uefa.cl", "Europe", "UEFA Champions League"),
    ("uefa.el", "Europe", "UEFA Europa League"),
    ("uefa.conf", "Europe", "UEFA Conference League"),
)
TOURNAMENTS = {**LEAGUES, **CUPS}
# Their seasons of today are of one calendar year.
OF_ONE_YEAR = frozenset({"ar.1", "br.1", "br.2", "cn.1", "co.1", "copa.l", "jp.1", "mls"})

# The one match of a round named Final is played on ground that is nobody's: of these.
NEUTRAL_FINAL = frozenset({*CUPS, "en.2", "en.3", "en.4", "tr.2"})


class Bubble(NamedTuple):
    """Rounds of a season that were all played in one place."""

    code: str
    season: str
    rounds: frozenset[str]


# In the pandemic: Lisbon; Suzhou and Dalian.
BUBBLES = (
    Bubble("uefa.cl", "2019-20", frozenset({"Quarterfinals", "Semifinals"})),
    Bubble("cn.1", "2020", frozenset()),  # all of them
)
# Each pair meets once, so extra time follows a draw.
ONE_LEG = frozenset({"at.cup", "de.cup"})
# Penalties follow after 90 minutes; elsewhere after extra time.
NO_EXTRA_TIME = frozenset({"mx.1", "mls", "co.1", "copa.l"})

# Where a country has several, its most populous clubs' zone; the day is what matters most.
ZONES = {
    "ar": ZoneInfo("America/Argentina/Buenos_Aires"),
    "at": ZoneInfo("Europe/Vienna"),
    "au": ZoneInfo("Australia/Sydney"),
    "be": ZoneInfo("Europe/Brussels"),
    "br": ZoneInfo("America/Sao_Paulo"),
    "ch": ZoneInfo("Europe/Zurich"),
    "cn": ZoneInfo("Asia/Shanghai"),
    "co": ZoneInfo("America/Bogota"),
    "copa": ZoneInfo("America/Sao_Paulo"),
    "cz": ZoneInfo("Europe/Prague"),
    "de": ZoneInfo("Europe/Berlin"),
    "dz": ZoneInfo("Africa/Algiers"),
    "eg": ZoneInfo("Africa/Cairo"),
    "en": ZoneInfo("Europe/London"),
    "es": ZoneInfo("Europe/Madrid"),
    "fr": ZoneInfo("Europe/Paris"),
    "gr": ZoneInfo("Europe/Athens"),
    "hu": ZoneInfo("Europe/Budapest"),
    "it": ZoneInfo("Europe/Rome"),
    "jp": ZoneInfo("Asia/Tokyo"),
    "ma": ZoneInfo("Africa/Casablanca"),
    "mls": ZoneInfo("America/New_York"),
    "mx": ZoneInfo("America/Mexico_City"),
    "nl": ZoneInfo("Europe/Amsterdam"),
    "pt": ZoneInfo("Europe/Lisbon"),
    "ru": ZoneInfo("Europe/Moscow"),
    "sco": ZoneInfo("Europe/London"),
    "tr": ZoneInfo("Europe/Istanbul"),
    "uefa": ZoneInfo("Europe/Paris"),
}
