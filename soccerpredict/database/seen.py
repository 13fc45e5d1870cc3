"""When this process last had an answer of the database, and whether it is missing since."""

import time


class Seen:
    def __init__(self) -> None:
        self._at = time.monotonic()
        self._is_missing = False
        self.outages = 0

    def answered(self) -> None:
        self._at, self._is_missing = time.monotonic(), False

    def missed(self) -> None:
        if not self._is_missing:
            self._is_missing = True
            self.outages += 1

    @property
    def missing_for(self) -> float | None:
        """Seconds; None while it answers."""
        return time.monotonic() - self._at if self._is_missing else None
