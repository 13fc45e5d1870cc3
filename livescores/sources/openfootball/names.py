"""What openfootball's file names stand for, and where its local times are."""

from zoneinfo import ZoneInfo

from livescores.sources.records import TournamentRecord

TOURNAMENTS = {
    code: TournamentRecord(region, name, tier=tier)
    for code, region, name, tier in (
        ("at.1", "Austria", "Bundesliga", 1),
        ("at.2", "Austria", "2. Liga", 2),
        ("at.cup", "Austria", "ÖFB Cup", None),
        ("be.1", "Belgium", "First Division A", 1),
        ("br.1", "Brazil", "Serie A", 1),
        ("ch.1", "Switzerland", "Super League", 1),
        ("ch.2", "Switzerland", "Challenge League", 2),
        ("cz.1", "Czech Republic", "First League", 1),
        ("de.1", "Germany", "Bundesliga", 1),
        ("de.2", "Germany", "2. Bundesliga", 2),
        ("de.3", "Germany", "3. Liga", 3),
        ("de.cup", "Germany", "DFB Pokal", None),
        ("en.1", "England", "Premier League", 1),
        ("en.2", "England", "Championship", 2),
        ("en.3", "England", "League One", 3),
        ("en.4", "England", "League Two", 4),
        ("es.1", "Spain", "La Liga", 1),
        ("es.2", "Spain", "Segunda División", 2),
        ("fr.1", "France", "Ligue 1", 1),
        ("fr.2", "France", "Ligue 2", 2),
        ("gr.1", "Greece", "Super League", 1),
        ("hu.1", "Hungary", "Nemzeti Bajnokság I", 1),
        ("it.1", "Italy", "Serie A", 1),
        ("it.2", "Italy", "Serie B", 2),
        ("mx.1", "Mexico", "Liga MX", 1),
        ("nl.1", "Netherlands", "Eredivisie", 1),
        ("pt.1", "Portugal", "Primeira Liga", 1),
        ("ru.1", "Russia", "Premier League", 1),
        ("sco.1", "Scotland", "Premiership", 1),
        ("tr.1", "Turkey", "Süper Lig", 1),
    )
}

# Where a country has several, its most populous clubs' zone; the day is what matters most.
ZONES = {
    "at": ZoneInfo("Europe/Vienna"),
    "be": ZoneInfo("Europe/Brussels"),
    "br": ZoneInfo("America/Sao_Paulo"),
    "ch": ZoneInfo("Europe/Zurich"),
    "cz": ZoneInfo("Europe/Prague"),
    "de": ZoneInfo("Europe/Berlin"),
    "en": ZoneInfo("Europe/London"),
    "es": ZoneInfo("Europe/Madrid"),
    "fr": ZoneInfo("Europe/Paris"),
    "gr": ZoneInfo("Europe/Athens"),
    "hu": ZoneInfo("Europe/Budapest"),
    "it": ZoneInfo("Europe/Rome"),
    "mx": ZoneInfo("America/Mexico_City"),
    "nl": ZoneInfo("Europe/Amsterdam"),
    "pt": ZoneInfo("Europe/Lisbon"),
    "ru": ZoneInfo("Europe/Moscow"),
    "sco": ZoneInfo("Europe/London"),
    "tr": ZoneInfo("Europe/Istanbul"),
}
