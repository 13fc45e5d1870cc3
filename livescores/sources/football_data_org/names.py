"""What football-data.org's codes stand for, and where its finals are played."""

from livescores.sources.records import cups, leagues

LEAGUES = leagues(
    ("PL", "England", "Premier League", 1),
    ("ELC", "England", "Championship", 2),
    ("EL1", "England", "League One", 3),
    ("EL2", "England", "League Two", 4),
    ("BL1", "Germany", "Bundesliga", 1),
    ("BL2", "Germany", "2. Bundesliga", 2),
    ("SA", "Italy", "Serie A", 1),
    ("SB", "Italy", "Serie B", 2),
    ("PD", "Spain", "La Liga", 1),
    ("SD", "Spain", "Segunda División", 2),
    ("FL1", "France", "Ligue 1", 1),
    ("FL2", "France", "Ligue 2", 2),
    ("DED", "Netherlands", "Eredivisie", 1),
    ("PPL", "Portugal", "Primeira Liga", 1),
    ("BSA", "Brazil", "Serie A", 1),
)
# Clubs and nations of several countries; those of cups of one country have their league there.
CUPS = cups(
    ("CL", "Europe", "UEFA Champions League"),
    ("EL", "Europe", "UEFA Europa League"),
    ("CLI", "South America", "Copa Libertadores"),
    ("EC", "International", "European Championship"),
    ("WC", "International", "FIFA World Cup"),
    ("FAC", "England", "FA Cup"),
    ("DFB", "Germany", "DFB Pokal"),
)
COMPETITIONS = {**LEAGUES, **CUPS}

# Whose final, one match, is on ground that is nobody's: cups, and the play-offs at Wembley.
NEUTRAL_FINAL = frozenset({*CUPS, "ELC", "EL1", "EL2"})
FINAL_TOURNAMENTS = frozenset({"EC", "WC"})
