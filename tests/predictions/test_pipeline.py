"""The whole pipeline by DVC, on a small world written as football-data.co.uk writes its files."""

import csv
import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from predictions.modelling import world
from tests.predictions.pipeline import SEED

ROOT = Path(__file__).parents[2]
RUN_SECONDS = 500
PARTS = ("goals", "half_time_goals", "shots", "shots_on_target", "corners")
COLUMNS = ["FTHG", "FTAG", "HTHG", "HTAG", "HS", "AS", "HST", "AST", "HC", "AC"]
PRICES = {"pre_match": ("B365H", "B365D", "B365A"), "closing": ("B365CH", "B365CD", "B365CA")}
STAGES = {
    "import": "files, ",
    "features": "matches, walked all matches",
    "train": "Registered past_odds as version 1",
    "gate-champion": "Version 1 is champion now.",
    "gate-challenger": "Version 2 is challenger now.",
    "batch-champion": "predictions of the champion",
    "batch-challenger": "predictions of the challenger",
    "simulation-champion": "Simulated",
    "simulation-challenger": "Simulated",
    "ratings": "ratings",
    "report-quality": "log-loss",
    "report-drift": "features drifted",
}


def write_seasons(folder, last_year=2025):
    """A file a season and division of one region's two tiers."""
    for year, played in world.seasons(world.leagues(SEED)[0], SEED, last_year):
        for tier in (0, 1):
            path = folder / f"{year}-{(year + 1) % 100:02d}" / f"E{tier}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            rows = [row_of(match) for match in played if match.tier == tier]
            with path.open("w", newline="") as file:
                writer = csv.DictWriter(file, rows[0])
                writer.writeheader()
                writer.writerows(rows)


def row_of(match):
    home, away = match.goals
    counts = [count for part in PARTS for count in getattr(match, part)]
    book = {price.kind: price for price in match.prices if price.bookmaker == "SIMS"}
    return {
        "Div": f"E{match.tier}",
        "Date": f"{match.kickoff:%d/%m/%Y}",
        "Time": f"{match.kickoff:%H:%M}",
        "HomeTeam": match.home,
        "AwayTeam": match.away,
        "FTR": "H" if home > away else "A" if home < away else "D",
        **dict(zip(COLUMNS, counts, strict=True)),
        **{
            name: odd
            for kind, names in PRICES.items()
            for name, odd in zip(names, book[kind][3:], strict=True)
        },
    }


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    """A folder with the pipeline, small data, and a database of its own; runs commands there."""
    monkeypatch.setattr(world, "FIRST_YEAR", 2022)
    monkeypatch.setattr(world, "N_TEAMS", 18)
    write_seasons(tmp_path / "data")
    shutil.copy(ROOT / "dvc.yaml", tmp_path)
    facts = {"python": sys.executable, "project": ROOT, "data": "data"}
    lines = [*(f"{name}: {value}" for name, value in facts.items()), 'as_of: "--as-of 2026-02-20"']
    (tmp_path / "params.yaml").write_text("\n".join(lines))
    name = f"pipeline_{uuid.uuid4().hex[:12]}"
    administer("CREATE DATABASE {}", name)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "soccerpredict.settings",
        "DATABASE_URL": urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl(),
        "MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path / 'mlflow.db'}",
        "SOCCERPREDICT_VAR": str(tmp_path / "var"),
        "DVC_NO_ANALYTICS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",  # the code is a dependency, to the last file
    }

    def run(*words):
        done = subprocess.run(
            [sys.executable, *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=RUN_SECONDS,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
        return done.stdout

    yield run
    administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def administer(statement, name):
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(sql.Identifier(name)))


def test_the_pipeline_runs_once_and_then_does_nothing(workplace, tmp_path):
    workplace(str(ROOT / "manage.py"), "migrate", "--verbosity", "0")
    workplace("-m", "dvc", "init", "--no-scm", "--quiet")

    first = workplace("-m", "dvc", "repro")
    told = {path.stem: path.read_text() for path in (tmp_path / "var/pipeline").iterdir()}
    second = workplace("-m", "dvc", "repro")

    assert first.count("Running stage") == len(STAGES)
    assert {name: words in told.get(name, "") for name, words in STAGES.items()} == dict.fromkeys(
        STAGES, True
    ), told
    assert "Running stage" not in second
    assert "Data and pipelines are up to date." in second
