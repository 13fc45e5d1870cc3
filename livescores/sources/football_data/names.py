"""What football-data.co.uk's codes stand for."""

from livescores.sources.records import TournamentRecord

DIVISIONS = {
    code: TournamentRecord(region, name, code, tier)
    for code, region, name, tier in (
        ("E0", "England", "Premier League", 1),
        ("E1", "England", "Championship", 2),
        ("E2", "England", "League One", 3),
        ("E3", "England", "League Two", 4),
        ("EC", "England", "National League", 5),
        ("SC0", "Scotland", "Premiership", 1),
        ("SC1", "Scotland", "Championship", 2),
        ("SC2", "Scotland", "League One", 3),
        ("SC3", "Scotland", "League Two", 4),
        ("D1", "Germany", "Bundesliga", 1),
        ("D2", "Germany", "2. Bundesliga", 2),
        ("I1", "Italy", "Serie A", 1),
        ("I2", "Italy", "Serie B", 2),
        ("SP1", "Spain", "La Liga", 1),
        ("SP2", "Spain", "Segunda División", 2),
        ("F1", "France", "Ligue 1", 1),
        ("F2", "France", "Ligue 2", 2),
        ("N1", "Netherlands", "Eredivisie", 1),
        ("B1", "Belgium", "First Division A", 1),
        ("P1", "Portugal", "Primeira Liga", 1),
        ("T1", "Turkey", "Süper Lig", 1),
        ("G1", "Greece", "Super League", 1),
    )
}

# The 'extra' files, one a country, each with all its seasons.
EXTRA_FILES = {
    "ARG": "Argentina",
    "AUT": "Austria",
    "BRA": "Brazil",
    "CHN": "China",
    "DNK": "Denmark",
    "FIN": "Finland",
    "IRL": "Ireland",
    "JPN": "Japan",
    "MEX": "Mexico",
    "NOR": "Norway",
    "POL": "Poland",
    "ROU": "Romania",
    "RUS": "Russia",
    "SWE": "Sweden",
    "SWZ": "Switzerland",
    "USA": "USA",
}
# Leagues of the 'extra' files: their name changes over the years, and a space may follow it.
EXTRA_LEAGUES = {
    ("Argentina", "Copa Liga Profesional"): "Copa De La Liga Profesional",
    ("Argentina", "Superliga"): "Liga Profesional",
}
SECOND_TIER = {("Switzerland", "Challenge League")}
CUPS = {("Argentina", "Copa De La Liga Profesional")}
# Countries whose seasons span two calendar years; the others play spring to autumn.
AUTUMN_TO_SPRING = {
    "Austria",
    "Denmark",
    "Mexico",
    "Poland",
    "Romania",
    "Russia",
    "Switzerland",
}

# The same club in another spelling, as the source wrote it over the years: (region, spelling).
# Near misses that are two clubs: Reggiana and Reggina, F Koln (Fortuna) and FC Koln, Extremadura
# and Extremadura UD, Granada and Granada 74, Las Palmas and U.Las Palmas, Leipzig (VfB) and
# RB Leipzig, Northwich and Norwich, Wimbledon and AFC Wimbledon.
SPELLINGS = {
    ("Argentina", "Colon Santa Fe"): "Colon Santa FE",
    ("China", "Guangzhou Evergrande"): "Guangzhou FC",
    ("England", "Middlesboro"): "Middlesbrough",
    ("England", "Telford United"): "AFC Telford United",
    ("France", "Red Star 93"): "Red Star",
    ("Germany", "Dusseldorf"): "Fortuna Dusseldorf",
    ("Germany", "Essen"): "RW Essen",
    ("Germany", "FSV Frankfurt"): "Frankfurt FSV",
    ("Germany", "M'Gladbach"): "M'gladbach",
    ("Germany", "St. Pauli"): "St Pauli",
    ("Greece", "Doxa"): "Doxa Dramas",
    ("Greece", "Eth Asteras"): "Ethnikos Asteras",
    ("Greece", "Ethnikos"): "Ethnikos Piraeus",
    ("Greece", "Giannina"): "Yiannina",
    ("Greece", "Kallithea"): "Kalithea",
    ("Greece", "Levadeiakos"): "Levadiakos",
    ("Greece", "OFI"): "OFI Crete",
    ("Greece", "Proodeytiki"): "Proodeftiki",
    ("Greece", "Veroia"): "Veria",
    # Its list of coming matches shortens them.
    ("Japan", "C-Osaka"): "Cerezo Osaka",
    ("Japan", "G-Osaka"): "Gamba Osaka",
    ("Japan", "Hiroshima"): "Sanfrecce Hiroshima",
    ("Japan", "Kashima"): "Kashima Antlers",
    ("Japan", "Kobe"): "Vissel Kobe",
    ("Japan", "Nagoya"): "Nagoya Grampus",
    ("Japan", "Sapporo"): "Hokkaido Consadole Sapporo",
    ("Japan", "Shimizu"): "Shimizu S-Pulse",
    ("Japan", "Shonan"): "Shonan Bellmare",
    ("Japan", "Urawa"): "Urawa Reds",
    ("Japan", "Yokohama M."): "Yokohama F. Marinos",
    ("Netherlands", "Roda JC"): "Roda",
    ("Netherlands", "Sparta"): "Sparta Rotterdam",
    ("Poland", "Gornik Z."): "Gornik Zabrze",
    ("Portugal", "Campomaior"): "Campomaiorense",
    ("Portugal", "Desp. Chaves"): "Chaves",
    ("Portugal", "Madeira"): "Uniao Madeira",
    ("Scotland", "Edinburgh City"): "FC Edinburgh",
    ("Scotland", "Raith"): "Raith Rvs",
    ("Spain", "AthBilbao B"): "Ath Bilbao B",
    ("Spain", "Lerida"): "Lleida",
    ("Spain", "Orense"): "Ourense",
    ("Spain", "Villareal"): "Villarreal",
    ("Sweden", "Osters"): "Oster",
}

# Prefix of the price columns → (name, kind of Bookmaker, priority on cards).
BOOKMAKERS = {
    "PS": ("Pinnacle", "book", 10),
    "P": ("Pinnacle", "book", 10),
    "B365": ("Bet365", "book", 20),
    "BW": ("bwin", "book", 30),
    "WH": ("William Hill", "book", 40),
    "IW": ("Interwetten", "book", 50),
    "VC": ("BetVictor", "book", 60),
    "LB": ("Ladbrokes", "book", 70),
    "BFE": ("Betfair Exchange", "book", 80),
    "BFD": ("Betfred", "book", 80),
    "BF": ("Betfair", "book", 80),
    "1XB": ("1xBet", "book", 80),
    "BMGM": ("BetMGM", "book", 80),
    "BV": ("BetVictor", "book", 80),
    "CL": ("Coral", "book", 80),
    "SJ": ("Stan James", "book", 90),
    "GB": ("Gamebookers", "book", 90),
    "BS": ("Blue Square", "book", 90),
    "SB": ("Sportingbet", "book", 90),
    "SO": ("Sporting Odds", "book", 90),
    "SY": ("Stanleybet", "book", 90),
    "Avg": ("Market average", "average", 200),
    "BbAv": ("Betbrain average", "average", 201),
    "Max": ("Best of the market", "best", 210),
    "BbMx": ("Betbrain best", "best", 211),
}
SAME_BOOK = {"P": "PS"}
# A header misspelt at the source.
COLUMN_SPELLINGS = {"B36CA": "B365CA"}
