"""The timetable of a new installation.

`schedule_jobs` puts it into django-celery-beat's tables, once; there it is edited. Times are UTC,
as in a crontab: minute, hour, day of month, month, day of week. `needs` names a source of
FETCH_SOURCES, without which the job starts switched off.
"""

from typing import Any

TIMETABLE: list[dict[str, Any]] = [
    {
        "name": "Fetch matches of football-data",
        "task": "predictions.tasks.fetch_matches",
        "kwargs": {"source": "football-data"},
        "crontab": "7 * * * *",
        "needs": "football-data",
    },
    {
        "name": "Fetch matches of openfootball",
        "task": "predictions.tasks.fetch_matches",
        "kwargs": {"source": "openfootball"},
        "crontab": "27 3 * * *",
        "needs": "openfootball",
    },
    {
        "name": "Fetch matches and live scores of football-data.org",
        "task": "predictions.tasks.fetch_matches",
        "kwargs": {"source": "football-data-org"},
        "crontab": "* * * * *",
        "expires": 50,
        "needs": "football-data-org",
    },
    # Three answers each time: 72 of the free plan's 100 a day.
    {
        "name": "Fetch matches and live scores of API-Football",
        "task": "predictions.tasks.fetch_matches",
        "kwargs": {"source": "api-football"},
        "crontab": "37 * * * *",
        "needs": "api-football",
    },
    {
        "name": "Fetch matches and live scores of OpenLigaDB",
        "task": "predictions.tasks.fetch_matches",
        "kwargs": {"source": "openligadb"},
        "crontab": "*/10 * * * *",
        "expires": 500,
        "needs": "openligadb",
    },
    {
        "name": "Fetch prices and live scores of Fonbet",
        "task": "predictions.tasks.fetch_odds",
        "kwargs": {"source": "fonbet"},
        "crontab": "* * * * *",
        "expires": 50,
        "needs": "fonbet",
    },
    # Each answer costs of a plan's requests: leagues and times are a matter of the plan.
    {
        "name": "Fetch prices of The Odds API",
        "task": "predictions.tasks.fetch_odds",
        "kwargs": {"source": "the-odds-api", "leagues": ["soccer_epl"]},
        "crontab": "11 */6 * * *",
        "needs": "the-odds-api",
    },
    {
        "name": "Fetch live scores of The Odds API",
        "task": "predictions.tasks.fetch_scores",
        "kwargs": {"source": "the-odds-api", "leagues": ["soccer_epl"]},
        "crontab": "*/30 12-23 * * 6,0",
        "needs": "the-odds-api",
    },
    {
        "name": "Close live matches that fell silent",
        "task": "predictions.tasks.run_close_silent_matches",
        "crontab": "*/10 * * * *",
        "expires": 500,
    },
    {
        "name": "Go on with the simulated world",
        "task": "predictions.tasks.run_simulated_world",
        "crontab": "3 * * * *",
    },
    {
        "name": "Rebuild features",
        "task": "predictions.tasks.run_features",
        "crontab": "15 * * * *",
    },
    {
        "name": "Rate teams",
        "task": "predictions.tasks.run_ratings",
        "crontab": "18 * * * *",
    },
    *(
        {
            "name": f"Predict with the {stage}",
            "task": "predictions.tasks.run_batch_inference",
            "kwargs": {"stage": stage},
            "crontab": "20 * * * *",
        }
        for stage in ("champion", "challenger")
    ),
    *(
        {
            "name": f"Simulate betting on the {stage}",
            "task": "predictions.tasks.run_betting_simulation",
            "kwargs": {"stage": stage},
            "crontab": "47 4 * * *",
        }
        for stage in ("champion", "challenger")
    ),
    {
        "name": "Report quality",
        "task": "monitoring.tasks.run_quality_report",
        "crontab": "17 5 * * *",
    },
    {
        "name": "Report drift",
        "task": "monitoring.tasks.run_drift_report",
        "crontab": "37 5 * * *",
    },
    {
        "name": "Train candidates on drift or decay",
        "task": "monitoring.tasks.run_retraining_if_needed",
        "crontab": "7 6 * * *",
    },
    {
        "name": "Train candidates every month",
        "task": "predictions.tasks.run_retraining",
        "crontab": "13 2 1 * *",
    },
    {
        "name": "Forget events that waited in vain",
        "task": "predictions.tasks.run_forget_waiting_events",
        "crontab": "29 4 * * *",
    },
    {
        "name": "Forget expired prediction jobs",
        "task": "predictions.tasks.run_expire_jobs",
        "crontab": "27 4 * * *",
    },
]
