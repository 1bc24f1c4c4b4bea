"""The law as dated data: strict loading, and the value of a parameter on a date, for one date or a column of dates."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

import polars as pl

from registry.errors import LawFileError
from rules.law_models import DatedValue, NationalFile, ParameterEntry, Waarde, check_values, in_force
from rules.ordinance_parameters import compile_ordinances, ordinance_parameters
from rules.ordinances import Geen, MunicipalFile, Regeling
from rules.yaml_files import parse_yaml, read_bytes, validate

PREFIX = "wet:"
LAW_FOLDER = Path(__file__).parent / "law"
DTYPES: dict[str, pl.DataType] = {
    "getal": pl.Float64(),
    "waarheid": pl.Boolean(),
    "tekst": pl.String(),
    "datum": pl.Date(),
}


def param(name: str) -> pl.Expr:
    """The column that holds the value of a parameter for each case."""
    return pl.col(PREFIX + name)


@dataclass(frozen=True, slots=True)
class Law:
    """All law files of one state: parameters, municipalities' own values, ordinances, and the files themselves.

    ``files`` maps the relative path of a file to its bytes, so that a receipt can be reproduced years later.
    """

    parameters: Mapping[str, ParameterEntry]
    gemeenten: Mapping[str, MunicipalFile]
    files: Mapping[str, bytes]
    _timelines: dict[tuple[str, str | None], tuple[DatedValue, ...]] = field(default_factory=dict, repr=False)

    def _file_of(self, gemeente: str | None) -> MunicipalFile | None:
        return None if gemeente is None else self.gemeenten.get(gemeente)

    def timeline(self, name: str, gemeente: str | None) -> tuple[DatedValue, ...]:
        """The values of a parameter for a municipality, in order; its own values go before the national ones.

        Raises:
            KeyError: no law file defines the parameter.
        """
        key = (name, gemeente)
        if key not in self._timelines:
            national = self.parameters[name].waarden
            file = self._file_of(gemeente)
            own = () if file is None else file.parameters.get(name, ())
            self._timelines[key] = _overlay(national, own)
        return self._timelines[key]

    def value_at(self, name: str, gemeente: str | None, on: date) -> DatedValue | None:
        """The value in force on a date, with its source; None when no value is in force."""
        return in_force(self.timeline(name, gemeente), on)

    def regelingen(self, rule: str, gemeente: str | None) -> Geen | tuple[Regeling, ...] | None:
        """The ordinances of a municipality that a rule tests, in order of time; None = not known."""
        file = self._file_of(gemeente)
        found = {} if file is None else {str(name): value for name, value in file.regelingen.items()}
        return found.get(rule)

    def regeling_at(self, rule: str, gemeente: str | None, on: date) -> Regeling | None:
        """The ordinance in force on a date, with its areas and limits; None when none is known to be."""
        found = self.regelingen(rule, gemeente)
        return None if found is None or isinstance(found, Geen) else in_force(found, on)

    def days_of_change(self, names: Iterable[str], gemeenten: Iterable[str | None]) -> tuple[date, ...]:
        """The days on which one of these parameters gets another value in one of these municipalities, sorted."""
        codes = set(gemeenten)
        days: set[date | None] = set()
        for name in names:
            for code in codes:
                for value in self.timeline(name, code):
                    days |= {value.van, value.vervalt_met_ingang_van}
        return tuple(sorted(day for day in days if day is not None))

    def hash_for(self, gemeente: str | None) -> str:
        """The content hash (sha256, hex) of the national files and the municipality's own file.

        The files of other municipalities are left out: a change there is no change of law here.
        """
        digest = hashlib.sha256()
        for path, text in self.files_for(gemeente).items():
            digest.update(f"{path}\0{hashlib.sha256(text).hexdigest()}\n".encode())
        return digest.hexdigest()

    def files_for(self, gemeente: str | None) -> dict[str, bytes]:
        """The files that ``hash_for`` covers, to be kept under that hash."""
        file = self._file_of(gemeente)
        own = None if file is None else file.path
        return {path: text for path, text in sorted(self.files.items()) if "/" not in path or path == own}

    def attach(self, frame: pl.DataFrame, parameters: Mapping[str, str], *, gemeente: str = "gemeente") -> pl.DataFrame:
        """The frame with a column ``wet:<name>`` for each parameter.

        Args:
            frame: one row per case, with the date columns and the column of the municipality.
            parameters: name of the parameter -> the date column that picks its version.
            gemeente: the column that holds the municipality's code (null = unknown).
        """
        for column in sorted(set(parameters.values())):
            names = sorted(name for name, by in parameters.items() if by == column)
            keys = frame.select(gemeente, column).unique()
            columns = self._columns(keys.get_column(gemeente).to_list(), keys.get_column(column).to_list(), names)
            if keys.height == 1:
                frame = frame.with_columns(
                    pl.lit(columns[name].item(0), dtype=columns[name].dtype).alias(name) for name in columns
                )
            else:
                values = keys.with_columns(columns.values())
                frame = frame.join(values, on=[gemeente, column], how="left", nulls_equal=True, maintain_order="left")
        return frame

    def _columns(
        self, gemeenten: list[str | None], dates: list[date | None], names: Iterable[str]
    ) -> dict[str, pl.Series]:
        result = {}
        for name in names:
            found = [
                None if on is None else self.value_at(name, code, on) for code, on in zip(gemeenten, dates, strict=True)
            ]
            values = [None if value is None else value.waarde for value in found]
            dtype = DTYPES[self.parameters[name].soort]
            result[PREFIX + name] = pl.Series(PREFIX + name, _as(values, dtype), dtype=dtype)
        return result

    def evidence(self, parameters: Mapping[str, date | None], gemeente: str | None) -> str:
        """The values of parameters with their legal source, as canonical JSON (sorted keys, no spaces).

        Args:
            parameters: name -> the date that picks the version.
            gemeente: code of the municipality, None if unknown.
        """
        listed = {}
        for name in sorted(parameters):
            on = parameters[name]
            value = None if on is None else self.value_at(name, gemeente, on)
            listed[name] = _evidence(self.parameters[name], value)
        return json.dumps(listed, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def replace(self, values: Mapping[str, Waarde]) -> "Law":
        """The same law with other values, everywhere and always: the what-if of a policy maker.

        Raises:
            LawFileError: a parameter does not exist or the value is not of its kind.
        """
        parameters = dict(self.parameters)
        for name, waarde in values.items():
            if name not in parameters:
                raise LawFileError(f"De parameter {name} bestaat niet. Bekend zijn: {', '.join(sorted(parameters))}.")
            entry = parameters[name]
            value = DatedValue(
                van=date.min, waarde=waarde, bron="wat-als", status="te_bevestigen", toelichting="wat-als"
            )
            try:
                check_values((value,), entry.soort)
            except ValueError as error:
                raise LawFileError(f"{name}: {error}") from error
            parameters[name] = entry.model_copy(update={"waarden": (value,)})
        gemeenten = {
            code: file.model_copy(update={"parameters": {k: v for k, v in file.parameters.items() if k not in values}})
            for code, file in self.gemeenten.items()
        }
        marker = json.dumps(dict(values), sort_keys=True).encode()
        return Law(MappingProxyType(parameters), MappingProxyType(gemeenten), {**self.files, "wat-als": marker})


def _as(values: list[Waarde], dtype: pl.DataType) -> list[Waarde]:
    return (
        [float(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in values]
        if dtype == pl.Float64
        else values
    )


def _evidence(entry: ParameterEntry, value: DatedValue | None) -> dict[str, Waarde]:
    if value is None:
        return {"waarde": None, "eenheid": entry.eenheid, "omschrijving": entry.omschrijving, "soort": entry.soort}
    end = value.vervalt_met_ingang_van
    return {
        "waarde": value.waarde.isoformat() if isinstance(value.waarde, date) else value.waarde,
        "eenheid": entry.eenheid,
        "omschrijving": entry.omschrijving,
        "soort": entry.soort,
        "van": value.van.isoformat(),
        "tot": None if end is None else end.isoformat(),
        "bron": value.bron,
        "status": value.status,
    }


def _overlay(national: tuple[DatedValue, ...], own: tuple[DatedValue, ...]) -> tuple[DatedValue, ...]:
    """The national values, cut away where the municipality has its own."""
    result = list(own)
    for value in national:
        pieces = [value]
        for mine in own:
            pieces = [part for piece in pieces for part in _cut(piece, mine)]
        result += pieces
    return tuple(sorted(result, key=lambda value: value.van))


def _cut(value: DatedValue, hole: DatedValue) -> list[DatedValue]:
    end = value.vervalt_met_ingang_van
    hole_end = hole.vervalt_met_ingang_van
    if (end is not None and end <= hole.van) or (hole_end is not None and hole_end <= value.van):
        return [value]
    parts = []
    if value.van < hole.van:
        parts.append(value.model_copy(update={"vervalt_met_ingang_van": hole.van}))
    if hole_end is not None and (end is None or hole_end < end):
        parts.append(value.model_copy(update={"van": hole_end}))
    return parts


def load_law(folder: Path = LAW_FOLDER) -> Law:
    """All law files of a folder: ``*.yml`` (national) and ``verordeningen/gmNNNN.yml``.

    Raises:
        LawFileError: a file is wrong; the text names file, key and reason.
    """
    paths = sorted(folder.glob("*.yml")) + sorted((folder / "verordeningen").glob("*.yml"))
    return parse_law({path.relative_to(folder).as_posix(): read_bytes(path) for path in paths})


@cache
def shipped_law() -> Law:
    """The law files that ship with the project."""
    return load_law()


def parse_law(files: Mapping[str, bytes]) -> Law:
    """The law of a set of files, for instance those kept under the hash of an old receipt.

    Raises:
        LawFileError: a file is wrong; the text names file, key and reason.
    """
    parameters: dict[str, ParameterEntry] = {}
    home: dict[str, str] = {}
    for path in sorted(path for path in files if "/" not in path):
        for name, entry in validate(NationalFile, parse_yaml(files[path], path), path).parameters.items():
            if name in parameters:
                raise LawFileError(f"{path}: parameters.{name}: staat ook al in {home[name]}")
            parameters[name], home[name] = entry, path
    gemeenten: dict[str, MunicipalFile] = {}
    for path in sorted(path for path in files if "/" in path):
        content = parse_yaml(files[path], path)
        municipal = validate(MunicipalFile, content, path).model_copy(update={"path": path})
        _check_municipal(municipal, parameters, path)
        own = {**municipal.parameters, **compile_ordinances(municipal)}
        gemeenten[municipal.gemeente] = municipal.model_copy(update={"parameters": own})
    parameters |= ordinance_parameters()
    return Law(MappingProxyType(parameters), MappingProxyType(gemeenten), MappingProxyType(dict(files)))


def _check_municipal(municipal: MunicipalFile, parameters: Mapping[str, ParameterEntry], path: str) -> None:
    expected = f"{municipal.gemeente.lower()}.yml"
    if Path(path).name != expected:
        raise LawFileError(f"{path}: gemeente: het bestand van {municipal.gemeente} moet {expected} heten")
    for name, values in municipal.parameters.items():
        if name not in parameters:
            raise LawFileError(f"{path}: parameters.{name}: deze parameter staat in geen landelijk bestand")
        try:
            check_values(values, parameters[name].soort)
        except ValueError as error:
            raise LawFileError(f"{path}: parameters.{name}: {error}") from error
