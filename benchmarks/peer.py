"""The benchmark's peer: the same reads and live predictions, written plainly for FastAPI.

It does what a careful FastAPI service would do over the same tables: key check with a short
cache, one metrics counter and histogram, request ids, the bulk list kept as gzip with a strong
ETag, single predictions from an asynchronous pool, live predictions through the same Celery queue.
It exists to be measured beside ours and is never deployed.

Run: DATABASE_URL=… REDIS_URL=… API_KEY_PEPPER=… uvicorn benchmarks.peer:app --workers 2
"""

import asyncio
import gzip
import hashlib
import hmac
import os
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

import orjson
from celery import Celery
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from prometheus_client import Counter, Histogram, generate_latest
from psycopg.rows import dict_row
from psycopg_pool import AsyncConnectionPool

REQUESTS = Counter("http_requests_total", "Requests", ["route", "status"])
SECONDS = Histogram("http_request_duration_seconds", "Seconds a request took", ["route"])
KEY_CACHE_SECONDS = 3

ROWS = """
    SELECT p.match_id, h.name AS "homeTeamName", a.name AS "awayTeamName",
           to_char(p.start_time_utc AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS+00:00')
               AS "startTimeUtc",
           p.proba_home, p.proba_draw, p.proba_away, p.start_time_utc > now() AS is_future,
           b.stage AS model_stage, v.run_id AS model_run_id, b.computed_at
    FROM predictions_publicationpointer t
    JOIN predictions_batchrun b ON b.id = t.batch_id
    JOIN predictions_modelversion v ON v.id = b.model_version_id
    JOIN predictions_prediction p ON p.batch_id = b.id
    JOIN livescores_match m ON m.id = p.match_id
    JOIN livescores_team h ON h.id = m.home_team_id
    JOIN livescores_team a ON a.id = m.away_team_id
    WHERE t.stage = 'champion'
"""

celery = Celery("peer", broker=os.environ["REDIS_URL"], backend=os.environ["REDIS_URL"])
pool = AsyncConnectionPool(
    os.environ["DATABASE_URL"], open=False, min_size=2, max_size=8, kwargs={"row_factory": dict_row}
)
bulk: dict[str, tuple[str, bytes]] = {}  # by `limit`: ETag and gzipped body
known_keys: dict[str, float] = {}


async def load_bulk() -> None:
    async with pool.connection() as connection:
        rows = await (
            await connection.execute(ROWS + " ORDER BY p.start_time_utc, p.match_id")
        ).fetchall()
    bulk[""] = packed(rows)
    bulk["5000"] = packed(rows[:5000])


def packed(rows: list[dict[str, Any]]) -> tuple[str, bytes]:
    body = orjson.dumps(rows)
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"', gzip.compress(body, 6)


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    await pool.open()
    await load_bulk()
    yield
    await pool.close()


app = FastAPI(lifespan=lifespan)


@app.middleware("http")
async def observe(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    began = time.perf_counter()
    response = await call_next(request)
    route = getattr(request.scope.get("route"), "path", "none")
    REQUESTS.labels(route, response.status_code).inc()
    SECONDS.labels(route).observe(time.perf_counter() - began)
    response.headers["X-Request-ID"] = request.headers.get("X-Request-ID") or uuid.uuid4().hex
    return response


async def check_key(x_api_key: Annotated[str, Header()] = "") -> None:
    digest = hmac.new(
        os.environ["API_KEY_PEPPER"].encode(), x_api_key.encode(), "sha256"
    ).hexdigest()
    if known_keys.get(digest, 0) > time.monotonic():
        return
    async with pool.connection() as connection:
        found = await (
            await connection.execute(
                "SELECT 1 FROM access_apikey WHERE digest = %s AND revoked_at IS NULL", (digest,)
            )
        ).fetchone()
    if not found:
        raise HTTPException(401, "Missing or invalid X-API-Key header")
    known_keys[digest] = time.monotonic() + KEY_CACHE_SECONDS


@app.get("/metrics")
def metrics() -> Response:
    return Response(generate_latest(), media_type="text/plain")


@app.get("/predict/predictions/", dependencies=[Depends(check_key)])
async def predictions(limit: str = "", if_none_match: Annotated[str, Header()] = "") -> Response:
    etag, body = bulk[limit]
    headers = {"ETag": etag, "Vary": "Accept-Encoding"}
    if if_none_match == etag:
        return Response(status_code=304, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(body, media_type="application/json", headers=headers)


@app.get("/predict/precomputed/{match_id}", dependencies=[Depends(check_key)])
async def precomputed(match_id: int) -> Response:
    async with pool.connection() as connection:
        row = await (
            await connection.execute(ROWS + " AND p.match_id = %s", (match_id,))
        ).fetchone()
    if row is None:
        raise HTTPException(404, "No prediction for this match")
    return Response(orjson.dumps(row), media_type="application/json")


@app.get("/predict/{match_id}", dependencies=[Depends(check_key)])
async def live(match_id: int) -> Response:
    def ask() -> Any:
        task = celery.send_task(
            "predictions.tasks.predict_match", [match_id, "champion", []], queue="ml"
        )
        return task.get(timeout=30)

    answer = await asyncio.to_thread(ask)
    return Response(orjson.dumps(answer), media_type="application/json")
