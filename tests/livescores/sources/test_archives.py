"""Archives of tables: what of them is read, and what is refused before it does harm."""

import io
import zipfile

import pytest

from livescores.sources import archives, content
from livescores.sources.records import FileRejected

TEXT = "Div,Date,HomeTeam,AwayTeam\n" * 40
ENCRYPTED = 1  # of a member's flags


def zipped(**members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return packed.getvalue()


def encrypted(archive):
    """As a packer marks it, at the member and once more in the list at the end."""
    marked = bytearray(archive)
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        marked[archive.index(sign) + place] |= ENCRYPTED
    return bytes(marked)


def damaged(archive):
    """A byte of what is packed, behind the member's head."""
    broken = bytearray(archive)
    broken[archive.index(b"E0.csv") + 20] ^= 0xFF
    return bytes(broken)


def test_tables_are_read_and_all_else_is_left_out():
    archive = zipped(
        **{"2024/E0.csv": "one", "E1.TSV": "two", ".hidden.csv": "", "__MACOSX/E0.csv": ""},
        **{"readme.md": "", "~$E2.xlsx": ""},
    )

    assert list(archives.members(archive)) == [("2024/E0.csv", b"one"), ("E1.TSV", b"two")]


@pytest.mark.parametrize(
    ("archive", "why"),
    [
        (encrypted(zipped(**{"E0.csv": TEXT})), "The archive is encrypted."),
        (damaged(zipped(**{"E0.csv": TEXT})), "The archive is damaged: "),
        (zipped(**{"E0.png": TEXT}), "The archive holds no table."),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(archive, why):
    with pytest.raises(FileRejected, match=why):
        list(archives.members(archive))


def test_more_files_than_anybody_packs_are_refused(monkeypatch):
    monkeypatch.setattr(archives, "MOST_MEMBERS", 1)

    with pytest.raises(FileRejected, match="holds more than 1 files"):
        list(archives.members(zipped(**{"E0.csv": TEXT, "E1.csv": TEXT})))


def test_files_that_are_too_much_together_are_refused(monkeypatch):
    """Each alone would be let through."""
    monkeypatch.setattr(archives, "LONGEST", len(TEXT) + 1)
    read = archives.members(zipped(**{"E0.csv": TEXT, "E1.csv": TEXT}))

    assert next(read) == ("E0.csv", TEXT.encode())
    with pytest.raises(FileRejected, match="unpacks to more than 64 MB"):
        next(read)


def test_a_file_may_be_as_long_as_an_archive_and_no_longer(monkeypatch):
    monkeypatch.setattr(content, "LONGEST", 10)

    assert content.plain(b"0123456789") == b"0123456789"
    with pytest.raises(FileRejected, match="is larger than 64 MB"):
        content.plain(b"0123456789a")
