"""What WhoScored's codes and names stand for."""

# The codes of `status`. Nothing public tells 4 apart from other breaks, so it claims nothing.
EMPTY = 0
STATUSES = {
    1: "scheduled",
    2: "postponed",
    3: "live",
    4: "unknown",
    5: "abandoned",
    6: "finished",
    7: "cancelled",
    8: "unknown",
}

# Tournaments whose region the source does not tell.
REGIONS = {"Netherlands Topklasse": "Netherlands"}

# Regions whose season is the calendar year; elsewhere it starts in July.
CALENDAR_YEAR = frozenset(
    """Argentina;Belarus;Bolivia;Brazil;Canada;Chile;China;Colombia;Ecuador;Estonia;Faroe Islands;
    Finland;Georgia;Iceland;International;Ireland;Japan;Kazakhstan;Kenya;Latvia;Lithuania;Malaysia;
    New Zealand;Norway;Paraguay;Peru;Philippines;Singapore;South America;South Korea;Sweden;
    Thailand;USA;Uruguay;Uzbekistan;Venezuela;Viet Nam""".replace("\n    ", "").split(";")
)
