"""What API-Football's numbers and codes stand for."""

from collections.abc import Mapping

from livescores.sources.records import cups, leagues

# Leagues by the provider's numbers; those of ONE_YEAR have a season a calendar year.
LEAGUES = leagues(
    ("39", "England", "Premier League", 1),
    ("40", "England", "Championship", 2),
    ("41", "England", "League One", 3),
    ("42", "England", "League Two", 4),
    ("43", "England", "National League", 5),
    ("61", "France", "Ligue 1", 1),
    ("62", "France", "Ligue 2", 2),
    ("71", "Brazil", "Serie A", 1),
    ("78", "Germany", "Bundesliga", 1),
    ("79", "Germany", "2. Bundesliga", 2),
    ("80", "Germany", "3. Liga", 3),
    ("88", "Netherlands", "Eredivisie", 1),
    ("94", "Portugal", "Primeira Liga", 1),
    ("98", "Japan", "J1 League", 1),
    ("103", "Norway", "Eliteserien", 1),
    ("106", "Poland", "Ekstraklasa", 1),
    ("113", "Sweden", "Allsvenskan", 1),
    ("119", "Denmark", "Superliga", 1),
    ("128", "Argentina", "Liga Profesional", 1),
    ("135", "Italy", "Serie A", 1),
    ("136", "Italy", "Serie B", 2),
    ("140", "Spain", "La Liga", 1),
    ("141", "Spain", "Segunda División", 2),
    ("144", "Belgium", "First Division A", 1),
    ("169", "China", "Super League", 1),
    ("179", "Scotland", "Premiership", 1),
    ("197", "Greece", "Super League", 1),
    ("203", "Turkey", "Süper Lig", 1),
    ("207", "Switzerland", "Super League", 1),
    ("218", "Austria", "Bundesliga", 1),
    ("235", "Russia", "Premier League", 1),
    ("244", "Finland", "Veikkausliiga", 1),
    ("253", "USA", "MLS", 1),
    ("262", "Mexico", "Liga MX", 1),
    ("283", "Romania", "Liga 1", 1),
    ("357", "Ireland", "Premier Division", 1),
)
CUPS = cups(
    ("1", "International", "FIFA World Cup"),
    ("2", "Europe", "UEFA Champions League"),
    ("3", "Europe", "UEFA Europa League"),
    ("4", "International", "European Championship"),
    ("13", "South America", "Copa Libertadores"),
    ("45", "England", "FA Cup"),
    ("48", "England", "League Cup"),
    ("66", "France", "Coupe de France"),
    ("81", "Germany", "DFB Pokal"),
    ("137", "Italy", "Coppa Italia"),
    ("143", "Spain", "Copa del Rey"),
    ("848", "Europe", "UEFA Conference League"),
)
TOURNAMENTS = {**LEAGUES, **CUPS}
FINAL_TOURNAMENTS = {"1": "WC", "4": "EC"}
ONE_YEAR = frozenset({"1", "4", "13", "71", "98", "103", "113", "128", "169", "244", "253", "357"})

STATUSES: Mapping[str, str] = {
    "TBD": "scheduled",  # the hour is not known yet
    "NS": "scheduled",
    "1H": "live",
    "HT": "live",
    "2H": "live",
    "ET": "live",
    "BT": "live",
    "P": "live",
    "INT": "live",
    "LIVE": "live",
    "FT": "finished",
    "AET": "finished",
    "PEN": "finished",
    "SUSP": "abandoned",
    "ABD": "abandoned",
    "PST": "postponed",
    "CANC": "cancelled",
    "AWD": "awarded",
    "WO": "awarded",
}
# What is told of these has gone on after 90 minutes.
BEYOND_90 = frozenset({"ET", "BT", "P", "AET", "PEN"})
