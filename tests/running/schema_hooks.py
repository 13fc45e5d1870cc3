"""What an OpenAPI document cannot say of members that belong together, for Schemathesis.

Requests that keep to the document are made to keep to these rules as well, and to name teams that
there are. Requests that are meant to be wrong stay as they are.
"""

import json
import os

import schemathesis

TEAMS, TOURNAMENTS = (json.loads(os.environ[name]) for name in ("STACK_TEAMS", "STACK_TOURNAMENTS"))


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if isinstance(case.query, dict):
        keep_to_rules_of_queries(case.query)
    for body in case.body if isinstance(case.body, list) else [case.body]:
        if isinstance(body, dict) and "home_team_id" in body:
            keep_to_rules_of_fixtures(body)


def keep_to_rules_of_queries(query):
    if "year" not in query:
        query.pop("month", None)
    elif "date" in query:
        del query["date"]
    if query.get("market", "1x2") == "1x2":
        query.pop("line", None)
    if query.keys() >= {"date_from", "date_to"}:
        query["date_from"], query["date_to"] = sorted((query["date_from"], query["date_to"]))
    for name in ("min_edge", "line"):
        if isinstance(query.get(name), float):
            query[name] = f"{query[name]:.6f}"  # no exponent, and not too many digits


def keep_to_rules_of_fixtures(body):
    home = body["home_team_id"] % len(TEAMS)
    step = 1 + body["away_team_id"] % (len(TEAMS) - 1)
    body["home_team_id"], body["away_team_id"] = TEAMS[home], TEAMS[(home + step) % len(TEAMS)]
    if "tournament_id" in body:
        body["tournament_id"] = TOURNAMENTS[body["tournament_id"] % len(TOURNAMENTS)]
    body.pop("match_id", None)  # it must be of a match of these two
