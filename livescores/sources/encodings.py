"""From bytes to text: UTF-8, UTF-16, or one of the code pages that Windows writes."""

import codecs

CODE_PAGES = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "cp850"]
UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
SAMPLE = 2000  # bytes that show every other one to be 0
MOSTLY = 0.8  # of the places of a byte, for text that is mostly ASCII
ENOUGH = 100_000  # bytes of lines that are not ASCII
# What the six letters of the Turkish code page look like in the Western one, which has no other use
# for them but in Icelandic, and that not without these accents.
TURKISH, ICELANDIC = frozenset("ðþýÐÞÝ"), frozenset("áéíóúæÁÉÍÓÚÆ")
SYMBOLS = frozenset("£¥¹³¼¾¿¶¯\u00b8")  # in no name: letters of the Central European code page


def decoded(content: bytes) -> tuple[str, str]:
    """The text, and the encoding that it was in."""
    wide = utf_16(content)
    if wide:
        return content.decode(wide, errors="replace").removeprefix("\ufeff"), wide
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        encoding = code_page(content)
        return content.decode(encoding, errors="replace"), encoding


def utf_16(content: bytes) -> str:
    """Which UTF-16 it is: by its mark, or because every other byte of the start is 0."""
    for mark, name in UTF_16.items():
        if content.startswith(mark):
            return name
    first, second = content[:SAMPLE:2], content[1:SAMPLE:2]
    if second.count(0) > MOSTLY * len(second) and 0 not in first:
        return "utf-16-le"
    if first.count(0) > MOSTLY * len(first) and 0 not in second:
        return "utf-16-be"
    return ""


def code_page(content: bytes) -> str:
    """Of several that could be, the Western one: the others differ in letters that it lacks."""
    from charset_normalizer import from_bytes  # it takes a while, and few files need it

    lines = b"\n".join(line for line in content.splitlines() if not line.isascii())[:ENOUGH]
    found = from_bytes(lines, cp_isolation=CODE_PAGES)
    likely = {name for one in found for name in (one.encoding, *one.could_be_from_charset)}
    letters = set(lines.decode("cp1252", errors="replace"))
    if "cp1250" in likely and letters & SYMBOLS:
        return "cp1250"
    if "cp1252" in likely:
        return "cp1254" if letters & TURKISH and not letters & ICELANDIC else "cp1252"
    best = found.best()
    return best.encoding if best else "cp1252"
