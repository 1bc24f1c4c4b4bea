"""The shape of a municipality's own file: its values of parameters and its ordinances, with areas and limits."""

from typing import Literal

from pydantic import Field, field_validator, model_validator

from rules.law_models import DatedValue, GemeenteCode, Period, Strict, check_sequence

Operator = Literal["<", "<="]
OrdinanceRule = Literal["opkoopbescherming", "omzetting", "zelfbewoningsplicht"]
WozReference = Literal["at_registration", "latest_known"]


class Bereik(Strict):
    """A limit of which only the range is known (euro)."""

    min: int
    max: int

    @model_validator(mode="after")
    def _check(self) -> "Bereik":
        if self.max <= self.min:
            raise ValueError(f"max {self.max} is niet groter dan min {self.min}")
        return self


class Grens(Period):
    """A WOZ limit in a period (euro); ``operator`` null = the text does not say whether the limit itself is in."""

    grens: int | Bereik | None
    operator: Operator | None = None
    woz_reference: WozReference = "at_registration"
    gebieden: tuple[str, ...] | None = None  # only where limits differ per area

    @model_validator(mode="after")
    def _check_areas(self) -> "Grens":
        if self.gebieden is not None and not self.gebieden:
            raise ValueError("'gebieden' is leeg: noem de gebieden van deze grens, of laat 'gebieden' weg")
        wrong = [code for code in self.gebieden or () if not code.isalnum()]
        if wrong:
            raise ValueError(f"'gebieden': '{wrong[0]}' is geen code van een gebied (letters en cijfers, als WK060601)")
        if self.grens is None and not self.toelichting:
            raise ValueError("'grens: null' vraagt een reden in 'toelichting'")
        return self


class Gebieden(Period):
    """The areas that an ordinance designates in a period; ``codes`` null = not known which."""

    codes: tuple[str, ...] | None
    namen: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _check_null(self) -> "Gebieden":
        if self.codes is None and not self.toelichting:
            raise ValueError("'codes: null' vraagt een reden in 'toelichting'")
        return self


class Regeling(Period):
    """One ordinance (or the part of it) that a rule of this registry tests."""

    naam: str
    artikel: str | None = None
    gebieden: tuple[Gebieden, ...] = ()
    grenzen: tuple[Grens, ...] = ()
    overgangsrecht: bool | None = None
    bestaand_alleen: bool | None = None
    aantal_personen: int | None = Field(default=None, ge=1)
    aantal_personen_elders: int | None = Field(default=None, ge=1)  # null = no permit needed outside the areas
    extra_gronden: tuple[str, ...] = ()
    boete_tot: int | None = None  # euro

    @field_validator("gebieden")
    @classmethod
    def _check_gebieden(cls, value: tuple[Gebieden, ...]) -> tuple[Gebieden, ...]:
        check_sequence(value)
        return value

    @field_validator("grenzen")
    @classmethod
    def _check_grenzen(cls, value: tuple[Grens, ...]) -> tuple[Grens, ...]:
        check_sequence([grens for grens in value if grens.gebieden is None])
        for area in sorted({code for grens in value for code in grens.gebieden or ()}):
            try:
                check_sequence([grens for grens in value if area in (grens.gebieden or ())])
            except ValueError as error:
                raise ValueError(f"gebied {area}: {error}") from error
        return value


class Geen(Strict):
    """The municipality has no such ordinance, and says where that can be read."""

    geen: Literal[True]
    bron: str = Field(min_length=1)
    status: Literal["vastgesteld", "te_bevestigen"]


Regelingen = dict[OrdinanceRule, Geen | tuple[Regeling, ...]]


class MunicipalFile(Strict):
    """A file ``verordeningen/gmNNNN.yml``.

    ``regelingen`` maps a rule to its ordinances in order of time (gaps may be: then none was in force), or to
    ``{geen: true, bron: …}``. A rule that is not named is unknown for this municipality.
    """

    gemeente: GemeenteCode
    naam: str
    parameters: dict[str, tuple[DatedValue, ...]] = Field(default_factory=dict)
    regelingen: Regelingen = Field(default_factory=dict)
    path: str = Field(default="", exclude=True)

    @field_validator("parameters")
    @classmethod
    def _check_parameters(cls, value: dict[str, tuple[DatedValue, ...]]) -> dict[str, tuple[DatedValue, ...]]:
        for name, values in value.items():
            try:
                check_sequence(values)
            except ValueError as error:
                raise ValueError(f"{name}: {error}") from error
        return value

    @field_validator("regelingen")
    @classmethod
    def _check_regelingen(cls, value: Regelingen) -> Regelingen:
        for name, regelingen in value.items():
            if isinstance(regelingen, tuple):
                try:
                    check_sequence(regelingen, gaps_allowed=True)
                except ValueError as error:
                    raise ValueError(f"{name}: {error}") from error
        return value
