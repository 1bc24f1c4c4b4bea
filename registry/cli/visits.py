"""``bezoek``: what was found at a door, typed or corrected, with its photos, and what its report still lacks."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from importers.bezoeken import LISTS
from registry import clock
from registry.cases.completeness import Completeness, check_completeness
from registry.cli.access import record_access
from registry.cli.dutch import Commands
from registry.cli.shared import (
    ATTENTION,
    DONE,
    ISO,
    AsJson,
    DatabaseUrl,
    day_of,
    open_registry,
    own_cipher,
    remark,
    show,
    show_json,
)
from registry.errors import ExportError, UsageError
from registry.privacy.access import Handeling
from registry.settings import Settings
from registry.store.engine import ReadConnection, Store
from registry.store.queries.runs import last_run
from registry.store.queries.visits import (
    find_visit,
    read_photo_content,
    read_photos,
    read_visit,
    read_visits,
)
from registry.worklists.visits import Recorded, add_photos, correct_visit, record_visits

Bezoek = Annotated[str, typer.Argument(metavar="BEZOEK", help="Het nummer van het bezoek, of het begin ervan.")]
Auteur = Annotated[str, typer.Option(help="Wie het bezoek invoert.")]
Veld = Annotated[
    list[str],
    typer.Option("--veld", metavar="NAAM=WAARDE", help="Een veld van docs/veldformulier.md; mag vaker."),
]
_LISTED = ("inspectie", "adresseerbaar_object_id", "datum", "tijd", "inspecteur", "resultaat", "aantal_personen")
_SUPERVISION = "toezicht_huisvestingswet"
_TYPES = {"image/jpeg": ".jpg", "image/png": ".png"}

bezoek = Commands(help="Bezoeken vastleggen, verbeteren en controleren.", no_args_is_help=True)


@bezoek.command("lijst")
def lijst(
    *,
    woning: Annotated[str | None, typer.Option(metavar="BAG-ID", help="Alleen van dit object.")] = None,
    van: Annotated[datetime | None, typer.Option(help="Eerste dag.", formats=ISO)] = None,
    tot_en_met: Annotated[datetime | None, typer.Option(help="Laatste dag.", formats=ISO)] = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """De bezoeken die in het register staan, het laatste eerst."""
    with open_registry(database_url) as store, store.read() as connection:
        rows = read_visits(
            connection, known=last_run(connection), object_id=woning, since=day_of(van), until=day_of(tot_en_met)
        )
    shown = rows.to_dicts() if as_json else rows.select(_LISTED).to_dicts()
    show(shown, as_json=as_json, title=f"Bezoeken: {rows.height}")


@bezoek.command("leg-vast")
def leg_vast(
    woning: Annotated[str, typer.Argument(metavar="BAG-ID", help="Het verblijfsobject, de lig- of standplaats.")],
    *,
    veld: Veld,
    auteur: Auteur,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Een bezoek vastleggen, zoals een ingevulde werklijst of een veldformulier het zou doen."""
    with open_registry(database_url) as store:
        done = record_visits(
            store,
            [_fields(veld) | {"adresseerbaar_object_id": woning}],
            author=auteur,
            leverdatum=clock.today(),
            cipher=own_cipher(store),
            keep_names=Settings().persoonsgegevens == "namen",
        )
    _tell(done, as_json=as_json)


@bezoek.command("verbeter")
def verbeter(
    nummer: Bezoek, *, veld: Veld, auteur: Auteur, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """Velden van een bezoek verbeteren; wat er eerder stond blijft op te vragen."""
    with open_registry(database_url) as store:
        done = correct_visit(
            store,
            _number(store, nummer),
            _fields(veld),
            author=auteur,
            leverdatum=clock.today(),
            cipher=own_cipher(store),
            keep_names=Settings().persoonsgegevens == "namen",
        )
    _tell(done, as_json=as_json)


@bezoek.command("foto")
def foto(
    nummer: Bezoek,
    bestanden: Annotated[list[Path], typer.Argument(help="JPEG of PNG, ten hoogste 10 MB.")],
    *,
    omschrijving: Annotated[str | None, typer.Option(help="Wat erop staat.")] = None,
    plaats_en_tijd: Annotated[
        bool, typer.Option("--plaats-en-tijd", help="Plaats en tijd van de camera naast de foto bewaren.")
    ] = False,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Foto's bij een bezoek bewaren, zonder wat de camera erin schreef."""
    photos = [(_read(path), omschrijving) for path in bestanden]
    with open_registry(database_url) as store:
        done = add_photos(
            store,
            _number(store, nummer),
            photos,
            leverdatum=clock.today(),
            cipher=own_cipher(store),
            keep_place_and_time=plaats_en_tijd,
        )
    _tell(done, as_json=as_json)


@bezoek.command("toon")
def toon(
    nummer: Bezoek,
    *,
    fotos: Annotated[Path | None, typer.Option(metavar="MAP", help="De foto's in deze map zetten.")] = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Het hele rapport van een bezoek, met zijn foto's."""
    with open_registry(database_url) as store:
        number = _number(store, nummer)
        with store.read() as connection:
            visit = _require(connection, number)
        record_access(
            store, Handeling.INZIEN, _SUPERVISION, objecten=[visit["adresseerbaar_object_id"]], on=visit["datum"]
        )
        with store.read() as connection:
            known = last_run(connection)
            photos = read_photos(connection, number, known=known)
            if fotos is not None:
                for sha256, media_type in photos.select("sha256", "media_type").iter_rows():
                    content = read_photo_content(connection, number, sha256, known=known)
                    _write(fotos / f"{sha256[:16]}{_TYPES[media_type]}", content or b"")
    told = {name: json.loads(value) if name in LISTS and value else value for name, value in visit.items()}
    told |= {"fotos": photos.to_dicts()}
    if as_json:
        show_json(told)
        return
    filled = [{"veld": name, "waarde": value} for name, value in told.items() if value not in (None, [])]
    show(filled, as_json=False, title=f"Bezoek {number}")


@bezoek.command("controleer")
def controleer(nummer: Bezoek, *, database_url: DatabaseUrl = None, as_json: AsJson = False) -> None:
    """Of een bezoek bewijs kan zijn, en wat er in het rapport nog ontbreekt."""
    with open_registry(database_url) as store:
        number = _number(store, nummer)
        with store.read() as connection:
            checked = check_completeness(_require(connection, number))
    if as_json:
        show_json(asdict(checked) | {"bewijs": checked.is_evidence})
    else:
        show(_lines(checked), as_json=False, title=f"Bezoek {number}")
        remark("Het rapport is volledig." if checked.is_evidence else "Het rapport is nog geen bewijs.")
    raise typer.Exit(DONE if checked.is_evidence else ATTENTION)


def _lines(checked: Completeness) -> list[dict[str, str]]:
    return [
        {"soort": kind, "wat": missing.text, "veld": missing.field, "bron": missing.source}
        for kind, found in (("nodig", checked.missing), ("advies", checked.advised))
        for missing in found
    ]


def _fields(texts: list[str]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for text in texts:
        name, found, value = text.partition("=")
        if not found:
            raise UsageError(f"'{text}' is geen veld met een waarde. Schrijf bijvoorbeeld: --veld aantal_personen=5.")
        fields[name.strip()] = _list(value) if name.strip() in LISTS else value
    return fields


def _list(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _number(store: Store, start: str) -> str:
    """The one visit whose number starts so."""
    with store.read() as connection:
        found = find_visit(connection, start, known=last_run(connection))
    if start in found:
        return start
    if len(found) != 1:
        problem = "Er is geen bezoek met" if not found else f"Er zijn {len(found)} bezoeken met"
        raise UsageError(f"{problem} een nummer dat begint met {start}. 'woonregister bezoek lijst' geeft de nummers.")
    return found[0]


def _require(connection: ReadConnection, number: str) -> dict[str, Any]:
    visit = read_visit(connection, number)
    if visit is None:
        raise UsageError(f"Er is geen bezoek met nummer {number}.")
    return visit


def _tell(done: Recorded, *, as_json: bool) -> None:
    if as_json:
        show_json(asdict(done))
    else:
        for text in done.remarks:
            remark(text)
        remark(f"Bezoek {', '.join(done.inspecties)} bewaard (run {done.run_id}).")
    raise typer.Exit(ATTENTION if done.uitval else DONE)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"De foto {path} is niet te lezen: {error.strerror}.") from error


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise ExportError(f"De foto {path} is niet te schrijven: {error.strerror}.") from error
