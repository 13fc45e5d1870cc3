"""Every route that needs a key, with an example of its path and the scope it asks for."""

from dataclasses import dataclass

JOB = "5f0f8f3c-2c39-4d5a-9c6e-0d8a37c0c5a1"


@dataclass(frozen=True)
class Route:
    method: str
    path: str
    scope: str
    document_path: str = ""

    @property
    def documented_as(self) -> str:
        return self.document_path or self.path

    def __str__(self) -> str:
        return f"{self.method} {self.documented_as}"


READING = [
    Route("get", "/predict/predictions/", "read"),
    Route("get", "/predict/precomputed/1", "read", "/predict/precomputed/{match_id}"),
    Route("get", "/predict/cards/", "read"),
    Route("get", "/predict/region-roi/", "read"),
    Route("get", "/predict/odds/", "read"),
    Route("get", "/predict/model/info", "read"),
]
LISTS = [READING[0], READING[2], READING[4]]
ASKING = [
    Route("get", "/predict/1", "live", "/predict/{match_id}"),
    Route("get", f"/predict/async/{JOB}", "live", "/predict/async/{job_id}"),
]
POSTING = [Route("post", "/predict", "live"), Route("post", "/predict/async", "live")]
GETTING = READING + ASKING
ALL = GETTING + POSTING
