"""A request as its bytes come in: whether all of it is there, so that no thread waits for the rest.

It looks for ends only: whether what came is well-formed is for gunicorn's parser to say, so what
cannot be followed counts as whole.
"""

import re

END_OF_HEAD = b"\r\n\r\n"
END_OF_LINE = b"\r\n"
MOST_HEAD = 96 * 2**10  # bytes; gunicorn refuses a hundred longest fields, which fit
MOST_BODY = 96 * 2**10  # bytes that are waited for here: of the API's bodies the longest
MOST_LINE = 1024  # of a chunk's length, with whatever stands behind it
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r]*chunked", re.IGNORECASE)
EXPECTS = re.compile(rb"\r\nexpect:", re.IGNORECASE)  # it sends no body before it is told to
SIZE = re.compile(rb"([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?")


class Incoming:
    """What has come of a request, from its first byte on, and of those behind it."""

    def __init__(self, came: bytes = b"") -> None:
        self.content = bytearray()
        self.body_from = 0  # where the head ends, once it does
        self.is_whole = False
        self.is_for_a_thread = False  # which then waits for the rest
        self.length = 0  # of the body, where the head tells it
        self._is_chunked = False
        self._chunk_from = 0
        if came:
            self.take(came)

    def take(self, came: bytes) -> None:
        looked_at = max(0, len(self.content) - len(END_OF_HEAD) + 1)
        self.content += came
        if not self.body_from:
            self._find_head(looked_at)
        if self.body_from and not self.is_whole:
            self._find_body()

    def _find_head(self, looked_at: int) -> None:
        end = self.content.find(END_OF_HEAD, looked_at)
        if end < 0:
            self.is_for_a_thread = len(self.content) > MOST_HEAD
            return
        self.body_from = self._chunk_from = end + len(END_OF_HEAD)
        head = bytes(self.content[: self.body_from])
        self._is_chunked = bool(CHUNKED.search(head))
        told = LENGTH.search(head)
        self.length = int(told[1]) if told and not self._is_chunked else 0
        self.is_for_a_thread = self.length > MOST_BODY or bool(EXPECTS.search(head))

    def _find_body(self) -> None:
        if self._is_chunked:
            self._follow_chunks()
            self.is_for_a_thread |= len(self.content) - self.body_from > MOST_BODY
        else:
            self.is_whole = len(self.content) >= self.body_from + self.length

    def _follow_chunks(self) -> None:
        """From one chunk's length to the next one's, as far as they have come."""
        while not self.is_whole:
            end = self.content.find(END_OF_LINE, self._chunk_from, self._chunk_from + MOST_LINE)
            if end < 0:
                self.is_whole = len(self.content) - self._chunk_from >= MOST_LINE
                return
            told = SIZE.fullmatch(self.content, self._chunk_from, end)
            size = int(told[1], 16) if told else 0
            if not size:
                self.is_whole = told is None or self._has_trailer(end)
                return
            after = end + 2 * len(END_OF_LINE) + size
            if len(self.content) < after:
                return
            self.is_whole = self.content[after - 2 : after] != END_OF_LINE
            self._chunk_from = after

    def _has_trailer(self, end_of_last: int) -> bool:
        return self.content.find(END_OF_HEAD, end_of_last) >= 0
