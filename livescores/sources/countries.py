"""Countries by the codes of FIFA, and the regions above them, where cups and internationals are."""

# Regions that no club plays its league in.
ABOVE_COUNTRIES = frozenset(
    {
        "Africa",
        "Asia Pacific",
        "Europe",
        "International",
        "North & Central America",
        "Oceania",
        "South America",
        "Undefined",
    }
)

_CODES = """
    ALB Albania;AND Andorra;ARG Argentina;ARM Armenia;AUS Australia;AUT Austria;AZE Azerbaijan;
    BEL Belgium;BIH Bosnia and Herzegovina;BLR Belarus;BOL Bolivia;BRA Brazil;BUL Bulgaria;
    CAN Canada;CHI Chile;CHN China;COL Colombia;CRC Costa Rica;CRO Croatia;CYP Cyprus;
    CZE Czech Republic;DEN Denmark;ECU Ecuador;ENG England;ESP Spain;EST Estonia;FIN Finland;
    FRA France;FRO Faroe Islands;GEO Georgia;GER Germany;GIB Gibraltar;GRE Greece;HUN Hungary;
    IRL Ireland;ISL Iceland;ISR Israel;ITA Italy;JPN Japan;KAZ Kazakhstan;KOR South Korea;
    KOS Kosovo;LIE Liechtenstein;LTU Lithuania;LUX Luxembourg;LVA Latvia;MCO France;MDA Moldova;
    MEX Mexico;MKD Macedonia;MLT Malta;MNE Montenegro;NED Netherlands;NIR Northern Ireland;
    NOR Norway;PAR Paraguay;PER Peru;POL Poland;POR Portugal;ROU Romania;RUS Russia;SCO Scotland;
    SMR San Marino;SRB Serbia;SUI Switzerland;SVK Slovakia;SVN Slovenia;SWE Sweden;TUR Turkey;
    UKR Ukraine;URU Uruguay;USA USA;VEN Venezuela;WAL Wales
"""
# Where a country's clubs play their league: Monaco's do in France.
BY_CODE = {line.split()[0]: line.strip()[4:] for line in _CODES.split(";")}
_SOUTH_AMERICA = frozenset({"ARG", "BOL", "BRA", "CHI", "COL", "ECU", "PAR", "PER", "URU", "VEN"})
_ELSEWHERE = frozenset({"AUS", "CAN", "CHN", "CRC", "JPN", "KOR", "MEX", "USA"})
# The countries whose clubs play in a region's cups.
COUNTRIES = {
    "South America": frozenset(BY_CODE[code] for code in _SOUTH_AMERICA),
    "Europe": frozenset(
        name for code, name in BY_CODE.items() if code not in _SOUTH_AMERICA | _ELSEWHERE
    ),
}
