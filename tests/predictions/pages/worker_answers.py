"""A worker's answer on a match, as it comes."""

MATRIX = [[0.10, 0.05], [0.20, 0.0]]


MARKETS = {
    "expected_goals": {"home": 1.5, "away": 0.75},
    "score_matrix": MATRIX,
    "over_under": [
        {"line": 0.5, "over": 0.9, "under": 0.1},
        {"line": 2.5, "over": 0.4, "under": 0.6},
    ],
    "both_teams_to_score": {"yes": 0.5, "no": 0.5},
    "asian_handicap": [
        {"line": -1.0, "home_win": 0.2, "push": 0.2, "home_loss": 0.6},
        {"line": 0.0, "home_win": 0.5, "push": 0.25, "home_loss": 0.25},
    ],
}


def share(name, home, draw, away):
    return {"name": name, "value": 1.0, "home_win": home, "draw": draw, "away_win": away}


EXPLANATION = {
    "average_match": {"home_win": 0.45, "draw": 0.25, "away_win": 0.3},
    "features": [
        share("elo_difference", 0.06, 0.0, -0.06),
        share("away_rest_days", -0.02, -0.01, 0.03),
    ],
    "all_others": {"home_win": 0.01, "draw": 0.0, "away_win": -0.01},
}
