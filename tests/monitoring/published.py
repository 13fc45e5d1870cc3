"""A published prediction, as long before now as a test wants."""

from predictions.models import Publication
from tests.factories import (
    DAY,
    NOON,
    make_batch,
)


def make_published(stage="champion", at=NOON - DAY):
    batch = make_batch(stage)
    Publication.objects.create(
        stage=stage,
        batch=batch,
        published_at=at,
        n_predictions=0,
        etag="0",
        played=b"",
        played_crc=0,
        played_bytes=0,
        coming=b"[]",
    )
    return batch
