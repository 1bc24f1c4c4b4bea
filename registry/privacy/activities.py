"""The register of processing activities (AVG art. 30): for which purposes persons are looked at, and on what ground.

It ships as ``verwerkingen.yml``; a municipality may point to its own file. Each activity is dated: what an old row of
the access log calls its ground is what held on that day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from registry.errors import UsageError
from rules.yaml_files import parse_yaml, read_bytes, validate

SHIPPED = Path(__file__).parent / "verwerkingen.yml"


class Verwerking(BaseModel):
    """One processing activity in one period.

    Attributes:
        code: how the access log names it.
        naam: what people call it.
        doel: what it is for.
        grondslag: the articles on which it rests.
        bron: where the task is laid down.
        betrokkenen: whose data it touches.
        van: first day.
        tot: first day on which it no longer holds; None is open.
        uri: of the activity in the register of the municipality, for the national log.
        regels: the rules that serve it.
        bronnen: the sources that may be used for it; None is every source.
        bronnen_na_besluit: sources that may be used only once the municipality decided so.
        status: whether somebody still has to confirm it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    naam: str
    doel: str
    grondslag: str
    bron: str
    betrokkenen: tuple[str, ...]
    van: date
    tot: date | None = None
    uri: str | None = None
    regels: tuple[str, ...] = ()
    bronnen: tuple[str, ...] | None = None
    bronnen_na_besluit: tuple[str, ...] = ()
    status: Literal["bevestigd", "te_bevestigen"] = "bevestigd"

    def holds_on(self, day: date) -> bool:
        """Whether the activity is in the register on a day."""
        return self.van <= day and (self.tot is None or day < self.tot)

    @property
    def reference(self) -> str:
        """The URI under which the national log knows the activity."""
        return self.uri or f"urn:woonregister:verwerking:{self.code}"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    verwerkingen: tuple[Verwerking, ...]


@dataclass(frozen=True, slots=True)
class Verwerkingsregister:
    """Every processing activity, by code; a code may come back with another period."""

    activities: Mapping[str, tuple[Verwerking, ...]]

    def find(self, code: str, day: date) -> Verwerking:
        """The activity of this code on a day.

        Raises:
            UsageError: there is none: nobody may then look for that purpose.
        """
        for found in self.activities.get(code, ()):
            if found.holds_on(day):
                return found
        known = ", ".join(sorted(self.activities))
        raise UsageError(f"'{code}' is op {day:%d-%m-%Y} geen verwerking in het register. Kies uit: {known}.")

    def all(self) -> tuple[Verwerking, ...]:
        """Every activity, in the order of the file."""
        return tuple(found for group in self.activities.values() for found in group)


def read_activities(path: Path) -> Verwerkingsregister:
    """The register in a file.

    Raises:
        LawFileError: the file cannot be read or does not fit; the text names key and reason.
    """
    content = validate(_File, parse_yaml(read_bytes(path), path.name), path.name)
    found: dict[str, tuple[Verwerking, ...]] = {}
    for activity in content.verwerkingen:
        found[activity.code] = (*found.get(activity.code, ()), activity)
    return Verwerkingsregister(found)


@cache
def shipped_activities() -> Verwerkingsregister:
    """The register that comes with the program."""
    return read_activities(SHIPPED)


def register_of(own: Path | None) -> Verwerkingsregister:
    """The register of the municipality, else the one that ships with the program.

    Args:
        own: the file of the setting ``verwerkingsregister``; None when the municipality has none of its own.

    Raises:
        UsageError: the file is no register.
    """
    return read_activities(own) if own is not None else shipped_activities()
