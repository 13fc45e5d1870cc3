"""DRF's renderers: JSON for every route; CSV and Parquet name what the big lists offer."""

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer

from soccerpredict.http.output import formats


class JSONRenderer(BaseRenderer):
    media_type = formats.JSON
    format = "json"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else formats.to_json(data)


class CSVRenderer(BaseRenderer):
    """Views of big lists see it in `request.accepted_renderer` and call `formats.to_csv`."""

    media_type = formats.CSV
    format = "csv"
    charset = "utf-8"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        rows = list(data)
        return formats.to_csv(rows, list(rows[0]) if rows else [])


class ParquetRenderer(BaseRenderer):
    """Views of big lists see it in `request.accepted_renderer` and call `formats.to_parquet`."""

    media_type = formats.PARQUET
    format = "parquet"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: bytes,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return data


LIST_RENDERERS = [JSONRenderer, CSVRenderer, ParquetRenderer]
