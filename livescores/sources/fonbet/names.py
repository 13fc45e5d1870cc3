"""What Fonbet's numbers and words stand for."""

FOOTBALL = 1  # the root of the sport tree
HOME, DRAW, AWAY = SIDES = 921, 922, 923  # factors of the 1X2 market
BOOKMAKERS = {"FON": ("Fonbet", "book", 90)}

# Segments carry ISO 3166 numbers; the United Kingdom's associations stand in the name.
REGIONS = {
    8: "Albania",
    31: "Azerbaijan",
    32: "Argentina",
    36: "Australia",
    40: "Austria",
    51: "Armenia",
    56: "Belgium",
    70: "Bosnia and Herzegovina",
    76: "Brazil",
    100: "Bulgaria",
    112: "Belarus",
    152: "Chile",
    156: "China",
    170: "Colombia",
    191: "Croatia",
    196: "Cyprus",
    203: "Czech Republic",
    208: "Denmark",
    233: "Estonia",
    246: "Finland",
    250: "France",
    268: "Georgia",
    276: "Germany",
    300: "Greece",
    348: "Hungary",
    352: "Iceland",
    372: "Ireland",
    376: "Israel",
    380: "Italy",
    392: "Japan",
    398: "Kazakhstan",
    410: "South Korea",
    428: "Latvia",
    440: "Lithuania",
    484: "Mexico",
    498: "Moldova",
    528: "Netherlands",
    578: "Norway",
    604: "Peru",
    616: "Poland",
    620: "Portugal",
    642: "Romania",
    643: "Russia",
    682: "Saudi Arabia",
    688: "Serbia",
    703: "Slovakia",
    705: "Slovenia",
    724: "Spain",
    752: "Sweden",
    756: "Switzerland",
    792: "Turkey",
    804: "Ukraine",
    840: "USA",
    858: "Uruguay",
}
HOME_NATIONS = {
    "Англия": "England",
    "Шотландия": "Scotland",
    "Уэльс": "Wales",
    "Сев. Ирландия": "Northern Ireland",
    "Северная Ирландия": "Northern Ireland",
}
# Words of a comment, or of an event's parts.
OVER = "ИТОГ"
BEYOND_90 = ("серия пенальти", "доп. время", "дополнительное время", "овертайм")
