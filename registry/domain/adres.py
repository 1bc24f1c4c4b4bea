"""Dutch addresses as people write them: folding, reading a line, and writing one.

Folding makes two spellings of the same address equal without guessing: every function here maps a text to a key, and
two texts match only when their keys are equal. Choosing between candidates is the work of ``registry.intake.linking``.
"""

import re
from dataclasses import dataclass

from registry.domain.straatnaam import fold_straat, fold_straat_variant, plain

__all__ = [
    "Adresregel",
    "adres_readings",
    "fold_postcode",
    "fold_straat",
    "fold_straat_variant",
    "fold_suffix",
    "fold_suffix_variant",
    "fold_woonplaats",
    "format_adres",
    "format_postcode_woonplaats",
    "parse_adres",
]

_POSTCODE = r"([1-9][0-9]{3})\s?([A-Za-z]{2})"
_POSTCODE_ONLY = re.compile(rf"{_POSTCODE}")
_POSTCODE_FIRST = re.compile(rf"{_POSTCODE}[\s,]*(\d.*)")
_POSTCODE_INSIDE = re.compile(rf"(.*?)(?<!\w){_POSTCODE}(?!\w)(.*)")
_POSTCODE_LAST = re.compile(rf"(.*)(?<!\w){_POSTCODE}(?!\w)(.*)")
_POSTCODE_GLUED = re.compile(r"(?<!\w)[1-9][0-9]{3}\s?[A-Z]{2}(?=[A-Z][a-z])")  # '1381ABWeesp'
_NUMBER_WORD = re.compile(r"[\s,]+(?:huisnummer|huisnr|nummer|nr|no)\b[.:\s]*(?=\d)", re.IGNORECASE)
_COMMA_NUMBER = re.compile(r"^([^\d,]+),\s*(?=\d)")  # 'Singel, 12'
_PLACE_THEN_STREET = re.compile(r"([^\d,]+),\s*(\D.*\d.*)")
_NUMBERS = (
    # '2e Dwarsstraat' is a name, '2e' alone is a number
    re.compile(r"()(\d{1,5})(?!\d|(?:e|de|ste)\s)(.*)", re.IGNORECASE),
    re.compile(r"(.*?\D)(?<!\d)(\d{1,5})(?!\d)(.*)"),
    re.compile(r"(.*\D)(?<!\d)(\d{1,5})(?!\d)(.*)"),
)
_NOT_ALPHANUMERIC = re.compile(r"[^0-9a-z]+")
_MORE_SUFFIX_WORDS = frozenset({"HOOG", "ETAGE", "VERDIEPING", "VERD", "BEG", "BEGANE", "GROND", "BIS"})
_PLACE_WORDS = frozenset({"DE", "DEN", "HET", "SINT"})
_LETTER_FIRST = re.compile(r"([A-Z]+)([0-9]+)")
_FLOOR = re.compile(r"(0*\d{1,2}|[IVX]{1,4})(?:E|DE|STE)?(?:HOOG|HG|ETAGE|ETG|VERDIEPING|VERD)?")

_ROMAN = {
    "I": 1,
    "II": 2,
    "III": 3,
    "IV": 4,
    "V": 5,
    "VI": 6,
    "VII": 7,
    "VIII": 8,
    "IX": 9,
    "X": 10,
    "XI": 11,
    "XII": 12,
}

# Amsterdam writes the ground floor as H, other lists as hs, huis, bg or 0; the BAG holds one of them at a huisnummer.
_SUFFIX_WORDS = {
    **dict.fromkeys(("H", "HS", "HUIS", "BG", "BGG", "BEGGROND", "BEGANEGROND", "PARTERRE", "0"), "0"),
    **dict.fromkeys(("BEN", "BENEDEN"), "BEN"),
    **dict.fromkeys(("BOV", "BOVEN"), "BOV"),
    **dict.fromkeys(("RD", "ROOD"), "RD"),
    **dict.fromkeys(("ZW", "ZWART"), "ZW"),
}

_WOONPLAATSEN = {"denhaag": "sgravenhage", "denbosch": "shertogenbosch"}


@dataclass(frozen=True, slots=True)
class Adresregel:
    """One reading of an address line; what the line does not say is None."""

    straat: str | None = None
    huisnummer: int | None = None
    suffix: str | None = None
    postcode: str | None = None
    woonplaats: str | None = None


def fold_suffix(*parts: str | None) -> str:
    """Huisletter and huisnummertoevoeging as one key: '12-b', '12 B' and '12b' share 'B'; nothing is ''.

    The split between letter and toevoeging differs between registers and never decides an address (0 of 12,034 in
    Weesp), so the parts are glued.
    """
    return _NOT_ALPHANUMERIC.sub("", plain("".join(part for part in parts if part))).upper()


def fold_suffix_variant(folded: str) -> str:
    """The key under which different spellings of one suffix meet: floors, 'hs', 'bis A' and 'A bis'.

    Coarser than ``fold_suffix`` and so only good for choosing among the suffixes that exist at one huisnummer.

    Args:
        folded: outcome of ``fold_suffix``.
    """
    if folded in _SUFFIX_WORDS:
        return _SUFFIX_WORDS[folded]
    if "BIS" in folded and folded != "BIS":
        return "BIS" + fold_suffix_variant(folded.replace("BIS", "", 1))
    floor = _FLOOR.fullmatch(folded)
    if floor is None:
        return _in_one_order(folded)
    number = floor[1]
    if number.isdigit():
        return str(int(number))
    return str(_ROMAN[number]) if number in _ROMAN else folded


def _in_one_order(folded: str) -> str:
    """Letter and toevoeging in one order, because lists swap them: 'A1' and '1A' give '1A'."""
    swapped = _LETTER_FIRST.fullmatch(folded)
    return folded if swapped is None else swapped[2] + swapped[1]


def fold_woonplaats(naam: str) -> str:
    """A woonplaats without case, spaces and signs; 'Den Haag' is ''s-Gravenhage'."""
    key = fold_straat(naam)
    return _WOONPLAATSEN.get(key, key)


def fold_postcode(text: str) -> str | None:
    """'1381 ab' as '1381AB'; None when it is no postcode."""
    match = _POSTCODE_ONLY.fullmatch(text.strip())
    return None if match is None else (match[1] + match[2]).upper()


def parse_adres(text: str) -> Adresregel:
    """The most likely reading of an address line; see ``adres_readings``."""
    return adres_readings(text)[0]


def adres_readings(text: str) -> tuple[Adresregel, ...]:
    """Every reading of an address line that may be meant, the most likely one first (never empty).

    A line with two numbers has two readings ('Plein 1940 12' is number 12 of 'Plein 1940', or 1940-12 of 'Plein').
    Which one is meant shows only when one of them exists.
    """
    line = " ".join(text.replace("–", "-").split()).strip(" ,;")
    line = _NUMBER_WORD.sub(" ", _POSTCODE_GLUED.sub(r"\g<0> ", line))
    before, postcode, after = _split_postcode(line)
    if before and after is not None:
        part, woonplaats = before, after
    elif postcode is not None and (turned := _PLACE_THEN_STREET.fullmatch(after or "")):
        woonplaats, part = turned[1], turned[2]
    else:
        part, _, woonplaats = _COMMA_NUMBER.sub(r"\1 ", after or before).partition(",")
    place = woonplaats.strip(" ,;") or None
    part = part.strip(" ,;")
    readings = tuple(
        Adresregel(straat, huisnummer, suffix, postcode, place or trailing)
        for straat, huisnummer, suffix, trailing in _numbers(part)
    )
    return readings or (Adresregel(straat=part or None, postcode=postcode, woonplaats=place),)


def _split_postcode(line: str) -> tuple[str, str | None, str | None]:
    """Text before the postcode, the postcode, text after it. '1234 hs' in 'Singel 1234 hs' is no postcode."""
    if first := _POSTCODE_FIRST.fullmatch(line):
        return "", (first[1] + first[2]).upper(), first[3]
    for pattern in (_POSTCODE_LAST, _POSTCODE_INSIDE):
        match = pattern.fullmatch(line)
        if match and (re.search(r"\d", match[1] + match[4]) or not (match[1] + match[4]).strip(" ,;")):
            return match[1].strip(" ,;"), (match[2] + match[3]).upper(), match[4].strip(" ,;")
    return line, None, None


def _numbers(part: str) -> list[tuple[str | None, int, str | None, str | None]]:
    """Street, huisnummer, suffix and trailing woonplaats, for each number that can be the huisnummer."""
    found: list[tuple[str | None, int, str | None, str | None]] = []
    for pattern in _NUMBERS:
        match = pattern.fullmatch(part)
        if match is None:
            continue
        straat = match[1].strip(" ,-") or None
        found.extend((straat, int(match[2]), suffix, place) for suffix, place in _split_suffix(match[3]))
        if found and straat is None:
            break
    return list(dict.fromkeys(found))


def _split_suffix(rest: str) -> list[tuple[str | None, str | None]]:
    """What follows a huisnummer as suffix and woonplaats; empty when it can be neither ('e Dwarsstraat 5')."""
    words = rest.strip(" -/.,").split()
    count = next((index for index, word in enumerate(words) if not _is_suffix_word(word)), len(words))
    # A word of four or five letters may be a woonplaats ('Goes') or a letter with a toevoeging ('ABEN').
    counts = (count, count + 1) if count < len(words) and len(fold_suffix(words[count])) <= 5 else (count,)
    splits = [(" ".join(words[:end]) or None, " ".join(words[end:]) or None) for end in counts]
    return [(suffix, place) for suffix, place in splits if place is None or not re.search(r"\d", place)]


def _is_suffix_word(word: str) -> bool:
    folded = fold_suffix(word)
    if folded in _PLACE_WORDS:
        return False
    return len(folded) <= 3 or any(map(str.isdigit, folded)) or folded in _SUFFIX_WORDS or folded in _MORE_SUFFIX_WORDS


def format_adres(straat: str, huisnummer: int, huisletter: str | None = None, toevoeging: str | None = None) -> str:
    """The address line of NEN 5825:2002 (adresregel5 of the BAG API): 'Bornsesteeg 1-5A3', 'Belgiëlaan 1 A3'."""
    suffix = (huisletter or "") + (toevoeging or "")
    if not suffix:
        return f"{straat} {huisnummer}"
    return f"{straat} {huisnummer}{'-' if suffix[0].isdigit() else ' '}{suffix}"


def format_postcode_woonplaats(postcode: str | None, woonplaats: str) -> str:
    """The second line of NEN 5825:2002 (adresregel6): '1234 AB  WEESP'; without a postcode only the woonplaats."""
    if not postcode:
        return woonplaats.upper()
    return f"{postcode[:4]} {postcode[4:]}  {woonplaats.upper()}"
