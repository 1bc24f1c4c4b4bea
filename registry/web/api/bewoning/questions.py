"""What the Bewoning API can be asked, and what is wrong with a question: every fault at once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from registry.errors import WoonregisterError

OBJECT_PATTERN = r"^(?!0{16})[0-9]{16}$"


class _Question(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, regex_engine="python-re")

    # No BSN and no other number of a person can stand here: the object is asked for, never somebody.
    adresseerbaarObjectIdentificatie: str = Field(pattern=OBJECT_PATTERN)  # noqa: N815 (the published name)


def _day(text: object) -> date:
    """A calendar day, written as in ISO 8601 and in no other way."""
    if not isinstance(text, str) or len(text) != len("2026-11-25"):
        raise ValueError("datum")
    day = date.fromisoformat(text)
    if day == date.max:  # has no day after it, and a period must end
        raise ValueError("datum")
    return day


class BewoningMetPeildatum(_Question):
    """Who inhabits an object on a day."""

    type: Literal["BewoningMetPeildatum"]
    peildatum: date

    _read_day = field_validator("peildatum", mode="before")(_day)

    @property
    def periode(self) -> tuple[date, date]:
        """That one day: its end is exclusive."""
        return self.peildatum, self.peildatum + timedelta(days=1)


class BewoningMetPeriode(_Question):
    """In which compositions an object was inhabited in a period; ``datumTot`` is exclusive."""

    type: Literal["BewoningMetPeriode"]
    datumVan: date  # noqa: N815 (the published name)
    datumTot: date  # noqa: N815 (the published name)

    _read_days = field_validator("datumVan", "datumTot", mode="before")(_day)

    @property
    def periode(self) -> tuple[date, date]:
        """First day, and the day after the last."""
        return self.datumVan, self.datumTot


Question = BewoningMetPeildatum | BewoningMetPeriode
_QUESTIONS: TypeAdapter[Question] = TypeAdapter(
    Annotated[BewoningMetPeildatum | BewoningMetPeriode, Field(discriminator="type")]
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a question, as the published API names it."""

    name: str
    code: str
    reason: str


class QuestionRefusedError(WoonregisterError):
    """A question with faults, or that is no question at all (``readable`` is false)."""

    code = "paramsValidation"

    def __init__(self, faults: Sequence[Fault], *, readable: bool = True) -> None:
        super().__init__("De vraag is niet goed.")
        self.faults = list(faults)
        self.readable = readable


_REASONS = {
    "missing": ("required", "Parameter is verplicht."),
    "extra_forbidden": ("unknownParam", "Parameter is niet verwacht."),
    "value_error": ("date", "Waarde is geen geldige datum."),
    "string_pattern_mismatch": ("pattern", "Waarde voldoet niet aan het patroon van zestien cijfers."),
    "string_type": ("pattern", "Waarde voldoet niet aan het patroon van zestien cijfers."),
    "union_tag_not_found": ("required", "Parameter is verplicht."),
    "union_tag_invalid": ("value", "Waarde is geen geldig zoek type."),
}


def read_question(body: bytes) -> Question:
    """The question in a request body.

    Raises:
        QuestionRefusedError: it cannot be read, or has faults: all of them.
    """
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        raise QuestionRefusedError([], readable=False) from None
    if not isinstance(content, Mapping):
        raise QuestionRefusedError([], readable=False)
    try:
        question = _QUESTIONS.validate_python(content)
    except ValidationError as error:
        raise QuestionRefusedError([_fault(found["type"], found["loc"]) for found in error.errors()]) from None
    van, tot = question.periode
    if tot <= van:
        raise QuestionRefusedError([Fault("datumTot", "date", "datumTot moet na datumVan liggen.")])
    return question


def _fault(kind: str, place: Sequence[int | str]) -> Fault:
    code, reason = _REASONS.get(kind, ("value", "Waarde is niet geldig."))
    # The place starts with the type of question once that is known.
    names = [str(part) for part in place if part not in ("BewoningMetPeildatum", "BewoningMetPeriode")]
    return Fault(_printable(names[-1]) if names else "type", code, reason)


def _printable(name: str) -> str:
    """A name in the signs that the published error body allows; what was sent is not repeated at length.

    That body allows 30 signs, and the published name of the object has 32: the name goes before the limit.
    """
    return "".join(sign for sign in name if sign.isascii() and (sign.isalnum() or sign in "._"))[:32] or "onbekend"
