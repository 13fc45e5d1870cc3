"""Names of clubs without what spells them differently, and how alike two of them are.

Names of one script are compared by their letters, names of two ('Хельсингборг' and 'Helsingborg')
by their sound, since transcription keeps no more than that.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz import fuzz

# ruff: noqa: RUF001 - letters of other alphabets are meant
NOT_LATIN = re.compile(r"[\u0370-\u1cff\u2e80-\ud7ff]")  # Greek to Asia's, without signs
SIGNS = re.compile(r"['’`´\"]|(?<=\b[a-z])\.(?=[a-z]\b)")
# What kind of club it is says little of which.
KINDS = frozenset(
    """1 1o 1st a ac acd ad aep af afc ael afk aj aka as asd asv athletic b bk bsc bsv bv bvsc c ca
    calcio cd cf cfc cfr club cp cs csd dsc ec esporte ev f fbk fc fcm ff fh fk fsv fv gd gf gfk gnk
    hsc if ifk ik il jk jks js kf kfc ks ksc kv kvc lks losc mfk mks msv nd nk ogc os osc pae
    pfc pfk rc rcd rfc rks rsc rw s sad sc sd sfc sg sk ssc ssv sv svg tsg tsv ud uc us usl v vfb
    vfl vfr vv ss sportivo de do da du der la le los las el e y and the of""".split()  # noqa: SIM905
)
NUMBER = re.compile(r"^(0?\d|\d\d|1[89]\d\d)$")  # of a foundation, as in Schalke 04 or Mainz 05
WORDS = {"utd": "united", "st": "saint", "sankt": "saint", "wolves": "wolverhampton"}
UMLAUTS = re.compile(r"(?<=[aou])e")  # Saarbruecken is Saarbrücken
# What is written in several ways and said, or transcribed, in one; in this order.
SOUNDS = tuple(
    pair.split(">")
    for pair in "shch>sh kh>h ck>k dj>i ph>f w>v x>ks q>k sch>sh tz>c ts>c c>k y>i j>i".split()  # noqa: SIM905
)
# A second, young or women's team is another team, whatever the rest of its name.
MARKS = tuple(
    (mark, re.compile(pattern))
    for mark, pattern in (
        ("women", r"\((?:w|ж|жен)\.?\)|\b(?:women|ladies|feminin\w*|frauen|femenino|женщины)\b"),
        ("youth", r"\bu-?\d\d\b|\bдо \d\d\b|\(мол\.?\)|\b(?:youth|juvenil|primavera|academy)\b"),
        ("third", r"(?<=\s)(?:iii|c|3)$"),
        (
            "second",
            r"(?<=[\s-])(?:ii|ll|b|б|2)$|\((?:р|рез|r|res|ii|a|b)\.?\)|-[2-5]\b"
            r"|\b(?:reserves?|jong|amateure|castilla)\b",
        ),
    )
)


@lru_cache(maxsize=65536)
def plain(name: str) -> str:
    """Small Latin letters without accents and signs."""
    text = SIGNS.sub("", anyascii(name).casefold())
    return " ".join(re.sub(r"[^\w]+", " ", text).split())


@lru_cache(maxsize=65536)
def mark(name: str) -> str:
    """What sets a team apart from the club's first one: second, third, youth, women or nothing."""
    text = name.casefold()
    return next((mark for mark, pattern in MARKS if pattern.search(text)), "")


@lru_cache(maxsize=65536)
def essence(name: str) -> tuple[str, ...]:
    """The words that say which club it is, in the order of the alphabet."""
    words = [WORDS.get(word, word) for word in plain(name).split()]
    kept = [word for word in words if word not in KINDS and not NUMBER.match(word)]
    # Without the words left, a name of nothing but kinds and years would be like any other.
    return tuple(sorted(UMLAUTS.sub("", word) for word in kept or words))


@lru_cache(maxsize=65536)
def bare(name: str) -> str:
    """What is left without case, spaces, accents and punctuation: Ham-Kam is HamKam.

    A second, young or women's team keeps its mark, which may be punctuation alone.
    """
    return f"{mark(name)} {plain(name).replace(' ', '').replace('_', '')}".strip()


def is_exact(one: str, other: str) -> bool:
    return plain(one) == plain(other)


def is_same(one: str, other: str) -> bool:
    """Whether only the kind of club or a year tells the names apart."""
    return essence(one) == essence(other) and mark(one) == mark(other)


@lru_cache(maxsize=65536)
def sound(name: str) -> tuple[str, ...]:
    """The same words as they are heard, roughly: vowels are not told apart."""
    return tuple(sorted(map(_heard, essence(name))))


def _heard(word: str) -> str:
    for spelt, said in SOUNDS:
        word = word.replace(spelt, said)
    word = re.sub("[aeiou]+", "a", word)
    return re.sub(r"(.)\1+", r"\1", word)


@lru_cache(maxsize=262144)
def likeness(one: str, other: str) -> float:
    """0 to 1; 0 where one is a second team and the other is not."""
    if mark(one) != mark(other):
        return 0.0
    # Letters tell more than sounds do, as long as both names are written in the same ones.
    words = essence if _is_latin(one) == _is_latin(other) else sound
    left, right = words(one), words(other)
    whole = fuzz.ratio(" ".join(left), " ".join(right))
    return max(whole, 0.95 * _abbreviated(left, right)) / 100


def _is_latin(name: str) -> bool:
    return not NOT_LATIN.search(name)


def _abbreviated(one: Sequence[str], other: Sequence[str]) -> float:
    """How far the words of the shorter name stand in the longer one, begun at least: Man Utd."""
    left, right = sorted((one, other), key=lambda words: (len(words), sum(map(len, words))))
    return sum(max(_word(word, there) for there in right) for word in left) / max(1, len(left))


def _word(word: str, there: str) -> float:
    # One letter begins too many words to say which is meant.
    if len(word) > 1 and there.startswith(word):
        return 100.0
    return fuzz.ratio(word, there)
