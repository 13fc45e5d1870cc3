"""Names of features as a visitor reads them; one that is not known here is spelt out."""

RATINGS = {
    "goals": "goals",
    "goals_fast": "goals, lately",
    "composite": "play",
    "composite_fast": "play, lately",
    "pressure": "play without goals",
    "pressure_fast": "play without goals, lately",
    "on_target": "shots on target",
    "shots": "shots",
    "corners": "corners",
    "half_time": "first halves",
    "market": "past odds",
    "market_fast": "past odds, lately",
    "market_slow": "past odds over the years",
}
OF_RATING = {
    "ratio": "Balance of {}",
    "total": "Pace of {}",
}
OF_SIDE = {
    "points_fast": "{} points, lately",
    "points_slow": "{} points, long run",
    "surprise": "{} results above expectation",
    "scored": "{} goals scored",
    "conceded": "{} goals conceded",
    "rest_days": "{} days of rest",
    "matches_14_days": "{} matches in 14 days",
    "matches_30_days": "{} matches in 30 days",
    "played": "{} matches known",
    "season_played": "{} matches this season",
    "played_in_league": "{} matches in this league",
    "coverage": "{} statistics known",
    "season_points": "{} points a match this season",
    "priced": "{} odds known",
    "title_stake": "{} title at stake",
    "upper_stake": "{} upper places at stake",
    "lower_stake": "{} lower places at stake",
    "club": "{} club, as old odds saw it",
    "idle": "{} nothing left to play for",
}
OF_CONTEXT = {
    "elo_difference": "Elo difference",
    "ground_edge": "Strength at this ground",
    "head_to_head": "Head to head",
    "meetings": "Meetings known",
    "league_home_rate": "Home wins in the league",
    "league_draw_rate": "Draws in the league",
    "league_goals": "Goals in the league",
    "world_home_edge": "Home advantage everywhere",
    "neutral": "Neutral ground",
    "season_days": "Days into the season",
    "pi_difference": "Pi-rating difference",
    "league_level": "Play in the league",
    "league_home_edge": "Home advantage in the league",
    "kickoff_day": "Day of the match",
    "season_end": "End of the season near",
    "season_end_ratio": "Balance of play at the season's end",
}


def of_feature(name: str) -> str:
    if name in OF_CONTEXT:
        return OF_CONTEXT[name]
    side, _, kind = name.partition("_")
    if side in ("home", "away") and kind in OF_SIDE:
        return OF_SIDE[kind].format(side.capitalize())
    rating, _, kind = name.rpartition("_")
    if rating in RATINGS and kind in OF_RATING:
        return OF_RATING[kind].format(RATINGS[rating])
    return name.replace("_", " ").capitalize()
