"""Official identifiers: their shape, their check and how they are shown.

Identifiers are text: leading zeros count. No error repeats the text that was refused, because it may be a BSN.
"""

import re
from itertools import pairwise
from typing import Final, NewType

from stdnum.exceptions import ValidationError
from stdnum.nl import bsn as _bsn

from registry.errors import InvalidIdentifierError

Bsn = NewType("Bsn", str)
ANummer = NewType("ANummer", str)
GemeenteCode = NewType("GemeenteCode", str)
WoonplaatsId = NewType("WoonplaatsId", str)
OpenbareRuimteId = NewType("OpenbareRuimteId", str)
NummeraanduidingId = NewType("NummeraanduidingId", str)
PandId = NewType("PandId", str)
VerblijfsobjectId = NewType("VerblijfsobjectId", str)
LigplaatsId = NewType("LigplaatsId", str)
StandplaatsId = NewType("StandplaatsId", str)
AdresseerbaarObjectId = NewType("AdresseerbaarObjectId", str)

# Catalogus BAG 2018, identificatie: positions 5 and 6 tell the kind of object.
VERBLIJFSOBJECT: Final = "01"
LIGPLAATS: Final = "02"
STANDPLAATS: Final = "03"
PAND: Final = "10"
NUMMERAANDUIDING: Final = "20"
OPENBARE_RUIMTE: Final = "30"
ADRESSEERBARE_OBJECTEN: Final = (VERBLIJFSOBJECT, LIGPLAATS, STANDPLAATS)

_NINE_DIGITS = re.compile(r"[0-9]{9}")
_TEN_DIGITS = re.compile(r"[1-9][0-9]{9}")
_SIXTEEN_DIGITS = re.compile(r"[0-9]{16}")
_FOUR_DIGITS = re.compile(r"[0-9]{4}")
_GEMEENTE = re.compile(r"(?:GM)?([0-9]{4})")
_NO_OBJECT: Final = "0" * 16


def parse_bsn(text: str) -> Bsn:
    """A burgerservicenummer: nine digits that pass the elfproef (Wet algemene bepalingen bsn, art. 2).

    Raises:
        InvalidIdentifierError: it is none.
    """
    try:
        if not _NINE_DIGITS.fullmatch(text):
            raise InvalidIdentifierError("Een burgerservicenummer heeft negen cijfers.")
        return Bsn(str(_bsn.validate(text)))
    except ValidationError as error:
        raise InvalidIdentifierError("Het burgerservicenummer voldoet niet aan de elfproef.") from error


def parse_a_nummer(text: str) -> ANummer:
    """An A-nummer (LO BRP 01.01.10): ten digits, no two neighbours alike, and two sums that divide by eleven.

    Raises:
        InvalidIdentifierError: it is none.
    """
    if not _TEN_DIGITS.fullmatch(text):
        raise InvalidIdentifierError("Een A-nummer heeft tien cijfers en begint niet met een nul.")
    digits = [int(digit) for digit in text]
    if (
        any(left == right for left, right in pairwise(digits))
        or sum(digits) % 11 not in (0, 5)
        or sum(digit << place for place, digit in enumerate(digits)) % 11
    ):
        raise InvalidIdentifierError("Het A-nummer voldoet niet aan de controle van de BRP.")
    return ANummer(text)


def mask_bsn(bsn: str) -> str:
    """A BSN as it may be shown: the last three digits, so that two people can tell whether they mean the same one."""
    return f"******{bsn[-3:]}" if _NINE_DIGITS.fullmatch(bsn) else "*********"


def object_type_code(identificatie: str) -> str:
    """The two digits of a BAG id that tell the kind of object.

    Raises:
        InvalidIdentifierError: the text has no sixteen digits, or is the placeholder of sixteen zeros.
    """
    if not _SIXTEEN_DIGITS.fullmatch(identificatie) or identificatie == _NO_OBJECT:
        raise InvalidIdentifierError("Een BAG-identificatie heeft zestien cijfers, niet allemaal nul.")
    return identificatie[4:6]


def _require_type(text: str, kind: str, *codes: str) -> str:
    if object_type_code(text) not in codes:
        raise InvalidIdentifierError(
            f"De identificatie {text} is niet van {kind}: cijfer 5 en 6 horen {' of '.join(codes)} te zijn."
        )
    return text


def parse_verblijfsobject_id(text: str) -> VerblijfsobjectId:
    """The id of a verblijfsobject; raises InvalidIdentifierError."""
    return VerblijfsobjectId(_require_type(text, "een verblijfsobject", VERBLIJFSOBJECT))


def parse_ligplaats_id(text: str) -> LigplaatsId:
    """The id of a ligplaats; raises InvalidIdentifierError."""
    return LigplaatsId(_require_type(text, "een ligplaats", LIGPLAATS))


def parse_standplaats_id(text: str) -> StandplaatsId:
    """The id of a standplaats; raises InvalidIdentifierError."""
    return StandplaatsId(_require_type(text, "een standplaats", STANDPLAATS))


def parse_adresseerbaar_object_id(text: str) -> AdresseerbaarObjectId:
    """The id of a verblijfsobject, ligplaats or standplaats; raises InvalidIdentifierError."""
    return AdresseerbaarObjectId(_require_type(text, "een adresseerbaar object", *ADRESSEERBARE_OBJECTEN))


def parse_pand_id(text: str) -> PandId:
    """The id of a pand; raises InvalidIdentifierError."""
    return PandId(_require_type(text, "een pand", PAND))


def parse_nummeraanduiding_id(text: str) -> NummeraanduidingId:
    """The id of a nummeraanduiding; raises InvalidIdentifierError."""
    return NummeraanduidingId(_require_type(text, "een nummeraanduiding", NUMMERAANDUIDING))


def parse_openbare_ruimte_id(text: str) -> OpenbareRuimteId:
    """The id of an openbare ruimte; raises InvalidIdentifierError."""
    return OpenbareRuimteId(_require_type(text, "een openbare ruimte", OPENBARE_RUIMTE))


def parse_woonplaats_id(text: str) -> WoonplaatsId:
    """The id of a woonplaats: four digits; raises InvalidIdentifierError."""
    if not _FOUR_DIGITS.fullmatch(text) or text == "0000":
        raise InvalidIdentifierError("Een woonplaats-identificatie heeft vier cijfers, niet allemaal nul.")
    return WoonplaatsId(text)


def parse_gemeente_code(text: str) -> GemeenteCode:
    """The four digits of ``0606`` or ``GM0606`` (CBS, Tabel 33).

    Raises:
        InvalidIdentifierError: it is no gemeente code.
    """
    match = _GEMEENTE.fullmatch(text)
    if match is None or match[1] == "0000":
        raise InvalidIdentifierError("Een gemeentecode heeft vier cijfers, met of zonder GM ervoor: GM0606.")
    return GemeenteCode(match[1])
