"""Invented names: streets, buurten, people and postcodes that exist nowhere, put together from syllables."""

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Final

BUURTEN: Final = (
    "Lantaarnkwartier",
    "Het Ovaal",
    "Vonkenbuurt",
    "Zilverdok",
    "Slingerkwartier",
    "Magneetwijk",
    "Prismapark",
)
WIJK: Final = "Oost"
WOONPLAATS: Final = "Schiedam"

_STREET_HEADS: Final = ("Bro", "Hal", "Kwe", "Lun", "Mer", "Nol", "Pré", "Ru", "Ste", "Tor", "Vel", "We", "Zon", "Drú")
_STREET_TAILS: Final = ("dingh", "mers", "ssinck", "dert", "vinck", "laer", "brecht", "manz", "velt", "horsz", "goyn")
_STREET_KINDS: Final = ("straat", "laan", "plein", "singel", "hof", "pad", "weg")
_TITLES: Final = ("", "", "", "Professor ", "Van ", "Doctor ")

_SYLLABLES: Final = (
    "ba",
    "de",
    "fi",
    "go",
    "ju",
    "ka",
    "le",
    "mi",
    "no",
    "pu",
    "ra",
    "se",
    "ti",
    "vo",
    "wu",
    "za",
    "é",
)
_SURNAME_ENDS: Final = ("ming", "bos", "stra", "dal", "kers", "lund", "nauer", "vic", "poulo", "zade", "sen", "ier")
_PREFIXES: Final = ("", "", "", "", "van", "de", "van der", "el", "ten")

_POSTCODE_LETTERS: Final = "ABCDEGHJKLMNPRSTVWXZ"
_POSTCODE_DIGITS: Final = range(3190, 3200)
_FORBIDDEN_PAIRS: Final = frozenset({"SA", "SD", "SS"})  # never given out, for their history

SHORT_NAME_LENGTH: Final = 24  # NEN 5825, BAG verkorteNaam


def street_names(rng: Random) -> Iterator[str]:
    """Street names without repetition, in a random order."""
    names = [
        f"{_TITLES[number % len(_TITLES)]}{head}{tail}{kind}"
        for number, (head, tail, kind) in enumerate(product(_STREET_HEADS, _STREET_TAILS, _STREET_KINDS))
    ]
    rng.shuffle(names)
    yield from names


def short_name(name: str) -> str:
    """The name in at most 24 characters: titles first become a letter, then the end goes."""
    short = name.replace("Professor ", "Prof ").replace("Doctor ", "Dr ")
    return short[:SHORT_NAME_LENGTH].rstrip()


def postcodes() -> Iterator[str]:
    """Postcodes in order, each once."""
    for digits, first, second in product(_POSTCODE_DIGITS, _POSTCODE_LETTERS, _POSTCODE_LETTERS):
        if first + second not in _FORBIDDEN_PAIRS:
            yield f"{digits}{first}{second}"


def given_name(rng: Random) -> str:
    """A given name of two or three syllables."""
    return "".join(rng.choices(_SYLLABLES, k=rng.choice((2, 2, 3)))).capitalize()


def surname(rng: Random) -> tuple[str, str]:
    """Voorvoegsel (often empty) and geslachtsnaam."""
    return rng.choice(_PREFIXES), "".join(rng.choices(_SYLLABLES, k=2)).capitalize() + rng.choice(_SURNAME_ENDS)
