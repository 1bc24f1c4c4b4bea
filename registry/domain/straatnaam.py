"""Street names as people write them: folded, reduced to one form, and recognised in a shortened form.

In practice shortenings do not follow NEN 5825 (in 2014, 1,834 long names in the BRP departed from it against 1,926
that did not), so a shortening is recognised token by token instead of being computed.
"""

import re
import unicodedata
from itertools import takewhile

_NOT_ALPHANUMERIC = re.compile(r"[^0-9a-z]+")
_APOSTROPHES = re.compile("['’‘`´ʼ]")

# Both sides are reduced, so that the norm (NEN 5825) and the shortenings of practice meet in one key.
_WORDS = {
    **dict.fromkeys(("burgemeester", "burgem", "burgm", "burg"), "burg"),
    **dict.fromkeys(("dokter", "doctor", "dr"), "dr"),
    **dict.fromkeys(("dominee", "ds"), "ds"),
    **dict.fromkeys(("professor", "prof"), "prof"),
    **dict.fromkeys(("meester", "mr"), "mr"),
    **dict.fromkeys(("ingenieur", "ir"), "ir"),
    **dict.fromkeys(("generaal", "gen"), "gen"),
    **dict.fromkeys(("admiraal", "adm"), "adm"),
    **dict.fromkeys(("president", "pres"), "pres"),
    **dict.fromkeys(("pastoor", "past"), "past"),
    **dict.fromkeys(("kapitein", "kapt"), "kapt"),
    **dict.fromkeys(("luitenant", "luit", "lt"), "luit"),
    **dict.fromkeys(("kolonel", "kol"), "kol"),
    **dict.fromkeys(("commandant", "cmdt"), "cmdt"),
    **dict.fromkeys(("monseigneur", "mgr"), "mgr"),
    **dict.fromkeys(("jonkheer", "jhr"), "jhr"),
    **dict.fromkeys(("wethouder", "weth"), "weth"),
    **dict.fromkeys(("minister", "min"), "min"),
    **dict.fromkeys(("prins", "pr"), "pr"),
    **dict.fromkeys(("koningin", "kon"), "kon"),
    **dict.fromkeys(("sint", "st"), "st"),
    **dict.fromkeys(("nieuwe", "nwe"), "nwe"),
    **dict.fromkeys(("grote", "groot", "grt"), "grt"),
    **dict.fromkeys(("eerste", "1e", "1ste"), "1e"),
    **dict.fromkeys(("tweede", "2e", "2de"), "2e"),
    **dict.fromkeys(("derde", "3e", "3de"), "3e"),
    **dict.fromkeys(("vierde", "4e", "4de"), "4e"),
    **dict.fromkeys(("vijfde", "5e", "5de"), "5e"),
    **dict.fromkeys(("van", "v"), "v"),
    **dict.fromkeys(("de", "der", "den", "d"), "d"),
    **dict.fromkeys(("vd", "vdr"), "vd"),
    **dict.fromkeys(("aan", "a"), "a"),
    **dict.fromkeys(("het", "t"), "t"),
}
_ENDINGS = (  # longest first: dwstr also ends in str
    ("zijstr", "zijstraat"),
    ("plnts", "plantsoen"),
    ("plants", "plantsoen"),
    ("dwstr", "dwarsstraat"),
    ("blvd", "boulevard"),
    ("strwg", "straatweg"),
    ("sngl", "singel"),
    ("sing", "singel"),
    ("grcht", "gracht"),
    ("str", "straat"),
    ("pln", "plein"),
    ("prk", "park"),
    ("stg", "steeg"),
    ("mrkt", "markt"),
    ("drf", "dreef"),
    ("hvn", "haven"),
    ("ln", "laan"),
    ("wg", "weg"),
    ("kd", "kade"),
    ("dk", "dijk"),
    ("pd", "pad"),
)
_TYPES = (*(long for _, long in _ENDINGS), "hof", "erf", "wal", "ring", "veld", "brug", "baan", "berg", "dam", "burg")
_SMALL = frozenset({"v", "d", "t", "a", "op", "in", "bij", "te", "ter", "ten", "en", "s"})
_LETTERS_OF_A_WORD = 3
_LETTERS_WITHOUT_A_WORD = 10
_LEAST_LETTERS = 5
_LETTERS_OF_A_STEM, _LETTERS_OF_AN_ENDING = 4, 5
_LEAST_SHARE = 0.35


def plain(text: str) -> str:
    """Lower case without diacritics and apostrophes."""
    decomposed = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def fold_straat(naam: str) -> str:
    """A street name without case, spaces, hyphens, dots, apostrophes and diacritics."""
    return _NOT_ALPHANUMERIC.sub("", plain(naam))


def fold_straat_variant(naam: str) -> str:
    """A street name with titles, numerals, prepositions and endings reduced to one form.

    'Burg. v. Eertenstr' meets 'Burgemeester van Eertenstraat'. Two streets may share this key; then it identifies
    neither.
    """
    return "".join(_reduced(naam))


def shortens(short: str, full: str) -> bool:
    """Whether ``short`` can be a shortening of the street name ``full``: 'H Roland Holsthof', 'Sbn Doormansingel'.

    Its tokens must stand, in order, for the words of the full name: whole, reduced, as their first letters, or several
    words in one token ('vd', 'Sbn'). Prepositions may be left out. A shortening of which hardly anything is left is
    none.
    """
    tokens, words = tuple(_reduced(short)), tuple(_reduced(full))
    letters, whole = sum(map(len, tokens)), sum(map(len, words))
    if letters < _LEAST_LETTERS or letters < _LEAST_SHARE * whole:
        return False
    recognised = any(len(token) >= _LETTERS_OF_A_WORD and token in words for token in tokens)
    return (recognised or letters >= _LETTERS_WITHOUT_A_WORD) and _stands_for(tokens, words)


def shares_stem(key: str, own: str) -> bool:
    """Whether two folded names differ in nothing but a garbled ending: 'kikkentsr' and 'kikkenstraat'.

    An ending that is a street type itself is not garbled: 'kikkenhof' is another street.
    """
    stem = next((end for end, (one, other) in enumerate(zip(key, own, strict=False)) if one != other), len(key))
    rest = key[stem:]
    return stem >= _LETTERS_OF_A_STEM and len(rest) <= _LETTERS_OF_AN_ENDING and not key.endswith(_TYPES)


def shortening_starts(full: str) -> list[tuple[str, str]]:
    """The letters with which a shortening of a street name can begin, each with the reduced name from there on.

    More than one, because a preposition in front may be left out.
    """
    words = _reduced(full)
    starts = []
    for place, word in enumerate(words):
        starts.append((word[:1], "".join(words[place:])))
        if word not in _SMALL:
            break
    return starts


def _reduced(naam: str) -> list[str]:
    words = [_WORDS.get(word, word) for word in _NOT_ALPHANUMERIC.split(plain(naam)) if word]
    return [_long_ending(word) for word in words]


def _long_ending(word: str) -> str:
    for short, long in _ENDINGS:
        if word.endswith(short) and len(word) > len(short):
            return word.removesuffix(short) + long
        if word == short:
            return long
    return word


def _stands_for(tokens: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether the tokens can be read, from left to right, as the words."""
    if not words:
        return not tokens
    word, rest = words[0], words[1:]
    if tokens:
        token, later = tokens[0], tokens[1:]
        if word.startswith(token) and _stands_for(later, rest):
            return True
        # One token for several words: what is left of it stands for the next.
        ends = takewhile(lambda end: word.startswith(token[:end]), range(1, len(token)))
        if any(_stands_for((token[end:], *later), rest) for end in ends):
            return True
    return word in _SMALL and _stands_for(tokens, rest)
