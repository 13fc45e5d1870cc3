"""Whether two names of clubs sound alike, across alphabets: 'Хельсингборг' and 'Helsingborg'."""

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
SOUNDS = "a b v g d e e zh z i i k l m n o p r s t u f h c ch sh sh - i - e u a".split()  # noqa: SIM905
LATIN = str.maketrans({r: s.strip("-") for r, s in zip(RUSSIAN, SOUNDS, strict=True)})
OTHERS = str.maketrans({"ø": "o", "æ": "e", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "t"})
# What kind of club it is says little of which.
KINDS = frozenset("ac af afc afk as bk cf fc fk if ik ifk nk sc sk sv vfb vfl 04 05 08".split())  # noqa: SIM905
SPELT = (("kh", "h"), ("ck", "k"), ("dj", "i"), ("ph", "f"), ("w", "v"), ("x", "ks"), ("q", "k"))
SAME = (("sch", "sh"), ("tz", "c"), ("ts", "c"), ("c", "k"), ("y", "i"), ("j", "i"))
# ruff: noqa: RUF001 - Russian letters are meant
# A second, young or women's team is another team, whatever the rest of its name.
MARK = re.compile(r"\((?:р|р\.|ж|жен|рез|мол|w|r)\)|\bu-?\d\d\b|\bдо \d\d\b|-[2-5]\b|\bii\b|\bb$")


@lru_cache(maxsize=65536)
def mark(name: str) -> str:
    found = MARK.search(name.casefold())
    return found[0] if found else ""


@lru_cache(maxsize=65536)
def sound(name: str) -> tuple[str, ...]:
    """A name's words as they sound, roughly, without vowels' differences."""
    text = unicodedata.normalize("NFKD", name.casefold().translate(LATIN).translate(OTHERS))
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    words = re.sub(r"[^a-z0-9]+", " ", text).split()
    kept = [word for word in words if word not in KINDS] or words
    return tuple(map(_heard, kept))


def _heard(word: str) -> str:
    for spelt, said in (*SPELT, *SAME):
        word = word.replace(spelt, said)
    word = re.sub("[aeiou]+", "a", word)
    return re.sub(r"(.)\1+", r"\1", word)


@lru_cache(maxsize=65536)
def likeness(one: str, other: str) -> float:
    """0 to 1; 0 where one is a second team and the other is not."""
    if bool(mark(one)) != bool(mark(other)):
        return 0.0
    left, right = sorted((sound(one), sound(other)), key=len)
    if not left:
        return 0.0
    whole = SequenceMatcher(None, "".join(left), "".join(right)).ratio()
    words = sum(max(_alike(word, there) for there in right) for word in left) / len(left)
    return max(whole, 0.95 * words)


def _alike(word: str, there: str) -> float:
    if there.startswith(word) or (len(there) > 2 and word.startswith(there)):
        return 1.0
    return SequenceMatcher(None, word, there).ratio()
