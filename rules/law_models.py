"""The shape of the law files: dated values with their legal source, and a municipality's ordinances.

A date is written as the legal text writes it: ``van`` is the day of entry into force (that day counts),
``vervalt_met_ingang_van`` the first day on which it no longer holds.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator

Status = Literal["vastgesteld", "te_bevestigen"]
Soort = Literal["getal", "waarheid", "tekst", "datum"]
Waarde = StrictBool | StrictInt | StrictFloat | StrictStr | date | None
GemeenteCode = Annotated[str, Field(pattern=r"^GM[0-9]{4}$")]


class Strict(BaseModel):
    """A model that knows all its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Dated(Protocol):
    """Something that holds for a half-open period."""

    @property
    def van(self) -> date: ...  # noqa: D102
    @property
    def vervalt_met_ingang_van(self) -> date | None: ...  # noqa: D102


class Period(Strict):
    """A half-open period with its legal source."""

    van: date
    vervalt_met_ingang_van: date | None = None
    bron: str = Field(min_length=1)
    url: str | None = None
    status: Status
    toelichting: str | None = None

    @model_validator(mode="after")
    def _check_order(self) -> "Period":
        if self.vervalt_met_ingang_van is not None and self.vervalt_met_ingang_van <= self.van:
            raise ValueError(f"vervalt_met_ingang_van {self.vervalt_met_ingang_van} ligt niet na van {self.van}")
        return self


def check_sequence(periods: Sequence[Dated], *, gaps_allowed: bool = False) -> None:
    """Refuses periods that are out of order, overlap, or leave a gap between them.

    Raises:
        ValueError: with the Dutch reason and the dates.
    """
    for earlier, later in pairwise(periods):
        if later.van <= earlier.van:
            raise ValueError(f"de perioden staan niet op volgorde: {later.van} komt na {earlier.van}")
        end = earlier.vervalt_met_ingang_van
        if end is None or end > later.van:
            raise ValueError(
                f"de perioden overlappen: de periode van {earlier.van} loopt tot {end or 'onbepaald'}, "
                f"de volgende begint op {later.van}"
            )
        if end < later.van and not gaps_allowed:
            raise ValueError(
                f"er zit een gat tussen {end} en {later.van}: geef voor die tijd een waarde, "
                "of schrijf 'waarde: null' met de reden in 'toelichting'"
            )


_Period = TypeVar("_Period", bound=Dated)


def in_force(periods: Sequence[_Period], on: date) -> _Period | None:
    """The one that holds on a date; None when none does."""
    for period in periods:
        end = period.vervalt_met_ingang_van
        if period.van <= on and (end is None or on < end):
            return period
    return None


class DatedValue(Period):
    """One value of a parameter; ``null`` says that there is no known value in this period, and why."""

    waarde: Waarde

    @model_validator(mode="after")
    def _check_null(self) -> "DatedValue":
        if self.waarde is None and not self.toelichting:
            raise ValueError("'waarde: null' vraagt een reden in 'toelichting'")
        return self


class ParameterEntry(Strict):
    """A parameter of the law: what it is, its unit, its values in time."""

    omschrijving: str = Field(min_length=1)
    eenheid: str | None = None
    soort: Soort
    waarden: tuple[DatedValue, ...]

    @model_validator(mode="after")
    def _check(self) -> "ParameterEntry":
        check_sequence(self.waarden)
        check_values(self.waarden, self.soort)
        return self


def check_values(values: Sequence[DatedValue], soort: Soort) -> None:
    """Refuses a value that is not of the parameter's kind.

    Raises:
        ValueError: with the Dutch reason.
    """
    for value in values:
        content = value.waarde
        fits = (
            content is None
            or (soort == "waarheid" and isinstance(content, bool))
            or (soort == "tekst" and isinstance(content, str))
            or (soort == "datum" and isinstance(content, date))
            or (soort == "getal" and isinstance(content, int | float) and not isinstance(content, bool))
        )
        if not fits:
            raise ValueError(f"de waarde {content!r} van {value.van} is geen {soort}")


class NationalFile(Strict):
    """A file of ``rules/law``: parameters that hold everywhere, unless a municipality sets its own."""

    titel: str
    parameters: dict[str, ParameterEntry]
