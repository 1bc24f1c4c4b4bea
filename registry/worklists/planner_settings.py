"""What a planner asks of a list: which cases, how many, and which reasons count how much. Kept as JSON."""

import math
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from shapely import from_wkt
from shapely.errors import ShapelyError

from registry.errors import UsageError
from registry.worklists.definitions import UITKOMSTEN, URGENTIES
from registry.worklists.reasons import REASONS

DEFAULT_LENGTH: Final = 8
MOST_ADDRESSES: Final = 20
"""More addresses than this nobody walks in a day; a list must stay readable."""

Days = Annotated[int, Field(ge=0, le=3660)]


class PlannerSettings(BaseModel):
    """One way of making a list. An empty choice leaves nothing out.

    Attributes:
        regels: rule ids.
        uitkomsten: outcomes, from ``definitions.UITKOMSTEN``.
        wijken: names of wijken.
        buurten: names of buurten.
        gebieden: codes of areas, those that the municipality drew itself too.
        polygon: a surface in EPSG:28992 as WKT (POLYGON or MULTIPOLYGON); empty is everywhere.
        urgenties: levels, from ``definitions.URGENTIES``.
        ends_within_days: only cases whose term ends within so many days of the list; null is all.
        unvisited_days: only dwellings that were not visited for so many days, or never; null is all.
        rechthebbende: only dwellings of this owner: RSIN, KvK-nummer or key.
        melding_days: only dwellings with a melding in so many days; null is all.
        aangevraagd: only dwellings with a permit request that waits for a decision.
        length: addresses on the list.
        weights: the reasons that count, by code of ``reasons.REASONS``, with their weight.
        returns: whether the round ends where it began.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    regels: tuple[str, ...] = ("overbewoning",)
    uitkomsten: tuple[str, ...] = ("signaal",)
    wijken: tuple[str, ...] = ()
    buurten: tuple[str, ...] = ()
    gebieden: tuple[str, ...] = ()
    polygon: str = ""
    urgenties: tuple[str, ...] = ()
    ends_within_days: Days | None = None
    unvisited_days: Days | None = None
    rechthebbende: str = ""
    melding_days: Days | None = None
    aangevraagd: bool = False
    length: int = Field(default=DEFAULT_LENGTH, ge=1, le=MOST_ADDRESSES)
    weights: dict[str, float] = Field(default_factory=lambda: {"urgentie": 3.0, "overschrijding": 2.0, "bezoek": 1.0})
    returns: bool = True

    @field_validator("regels")
    @classmethod
    def _some_rule(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError("Kies ten minste één regel.")
        return value

    @field_validator("uitkomsten")
    @classmethod
    def _known_outcomes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return _known("uitkomst", value, UITKOMSTEN)

    @field_validator("urgenties")
    @classmethod
    def _known_levels(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return _known("urgentie", value, URGENTIES)

    @field_validator("weights")
    @classmethod
    def _known_reasons(cls, value: dict[str, float]) -> dict[str, float]:
        _known("reden", tuple(value), tuple(REASONS))
        if any(not math.isfinite(weight) or weight < 0 for weight in value.values()):
            raise ValueError("Een gewicht is een getal van 0 of meer.")
        return dict(sorted(value.items()))

    @field_validator("polygon")
    @classmethod
    def _a_surface(cls, value: str) -> str:
        if not value:
            return value
        try:
            shape = from_wkt(value)
        except ShapelyError as error:
            raise ValueError(
                "De veelhoek is geen leesbare WKT, bijvoorbeeld POLYGON ((x y, x y, x y, x y))."
            ) from error
        if shape.geom_type not in ("Polygon", "MultiPolygon") or not shape.is_valid or shape.is_empty:
            raise ValueError("De veelhoek is geen geldig vlak. Teken haar zonder lijnen die elkaar kruisen.")
        return value

    def to_json(self) -> str:
        """The text that is kept."""
        return self.model_dump_json()

    def describe(self) -> dict[str, str]:
        """What was asked, in Dutch, for page and sheet."""
        named: dict[str, tuple[str, ...]] = {
            "Regel": self.regels,
            "Uitkomst": self.uitkomsten,
            "Wijk": self.wijken,
            "Buurt": self.buurten,
            "Gebied": self.gebieden,
            "Urgentie": self.urgenties,
        }
        texts = {name: ", ".join(values).replace("_", " ") for name, values in named.items() if values}
        if self.polygon:
            texts["Veelhoek"] = "binnen het getekende vlak"
        if self.ends_within_days is not None:
            texts["Termijn"] = f"eindigt binnen {self.ends_within_days} dagen"
        if self.unvisited_days is not None:
            texts["Laatste bezoek"] = f"nooit, of ten minste {self.unvisited_days} dagen geleden"
        if self.rechthebbende:
            texts["Eigenaar"] = "één portefeuille"
        if self.melding_days is not None:
            texts["Melding"] = f"in de laatste {self.melding_days} dagen"
        if self.aangevraagd:
            texts["Vergunning"] = "een aanvraag wacht op een besluit"
        texts["Ten hoogste"] = f"{self.length} adressen"
        texts["Redenen"] = describe_weights(self.weights)
        return texts


def describe_weights(weights: dict[str, float]) -> str:
    """The reasons with their weights, heaviest first: ``Urgentie × 3, Laatste bezoek × 1``."""
    ordered = sorted(weights.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{REASONS[code].title} × {weight:g}" for code, weight in ordered) or "geen: volgorde van adres"


def make_settings(**values: object) -> PlannerSettings:
    """Settings of what somebody typed; what is left out keeps its default.

    Raises:
        UsageError: a value is impossible; the text names every one of them.
    """
    try:
        return PlannerSettings.model_validate(values)
    except ValidationError as error:
        raise UsageError(_in_dutch(error)) from error


def read_settings(text: str) -> PlannerSettings:
    """Settings as they were kept.

    Raises:
        UsageError: the text is not such settings.
    """
    try:
        return PlannerSettings.model_validate_json(text)
    except ValidationError as error:
        raise UsageError(_in_dutch(error)) from error


def given(text: str, what: str) -> str:
    """A text that must not be empty, without the spaces around it.

    Raises:
        UsageError: it is; ``what`` says in Dutch what to mention.
    """
    if not text.strip():
        raise UsageError(f"Vermeld {what}.")
    return text.strip()


def _in_dutch(error: ValidationError) -> str:
    parts = []
    for found in error.errors(include_url=False, include_input=False):
        name = ".".join(map(str, found["loc"])) or "instellingen"
        if found["type"] == "value_error":
            parts.append(str(found["ctx"]["error"]))
        elif found["type"] == "extra_forbidden":
            parts.append(f"De instelling '{name}' bestaat niet.")
        elif name == "length":
            parts.append(f"Een lijst heeft 1 tot en met {MOST_ADDRESSES} adressen.")
        else:
            parts.append(f"De instelling '{name}' heeft een waarde die niet kan.")
    return " ".join(parts)


def _known(name: str, values: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise ValueError(f"Onbekende {name}: {', '.join(unknown)}. Kies uit: {', '.join(known)}.")
    return values
