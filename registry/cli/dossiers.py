"""``export dossier``, ``brief`` and ``bundel``: what leaves the registry about a case, each time written down first."""

import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from registry import clock
from registry.cases.file import CaseFile, read_case_file
from registry.cases.fines import calculate_for
from registry.cases.letters import LetterInput, letter_context
from registry.cases.subject import (
    Selection,
    Subject,
    subject_of_address,
    subject_of_case,
    subject_of_owner,
    subject_of_selection,
)
from registry.cli.shared import (
    ISO,
    BekendOp,
    DatabaseUrl,
    Peildatum,
    day_of,
    open_registry,
    own_access_log,
    own_user,
    progress,
    remark,
)
from registry.errors import UsageError
from registry.exports.bundle import write_bundle, write_photos
from registry.exports.dossier import CLASSIFICATION, DossierMaker, write_dossier
from registry.exports.letters import find_template, write_letter
from registry.exports.protect import decrypt_workbook, encrypt_workbook
from registry.exports.release import Release, people_in, record_release
from registry.settings import Settings
from registry.signals.run import known_run
from registry.store.engine import ReadConnection, Store
from registry.store.queries.huisdossier import find_objects

Doel = Annotated[str, typer.Option(help="Waarvoor het bestand is; komt in het toegangslog.")]
Namen = Annotated[
    bool, typer.Option("--namen", help="Met namen van natuurlijke personen, als de gemeente die bewaart.")
]
Zaak = Annotated[str, typer.Argument(help="Kenmerk van de zaak, bijvoorbeeld Z-2026-0001.")]


def export_dossier(
    *,
    uit: Annotated[Path, typer.Option(help="Het Excelbestand om te maken.")],
    doel: Doel,
    zaak: Annotated[str | None, typer.Option(help="Van deze zaak.")] = None,
    woning: Annotated[str | None, typer.Option(help="Van deze woning: BAG-id of adres.")] = None,
    eigenaar: Annotated[str | None, typer.Option(help="Van deze eigenaar: RSIN, KvK-nummer of sleutel.")] = None,
    regel: Annotated[list[str] | None, typer.Option(help="Selectie: deze regel (mag vaker).")] = None,
    uitkomst: Annotated[list[str] | None, typer.Option(help="Selectie: deze uitkomst (mag vaker).")] = None,
    wijk: Annotated[list[str] | None, typer.Option(help="Selectie: deze wijk (mag vaker).")] = None,
    buurt: Annotated[list[str] | None, typer.Option(help="Selectie: deze buurt (mag vaker).")] = None,
    aantal: Annotated[int | None, typer.Option(help="Selectie: ten hoogste zoveel woningen.")] = None,
    fotos: Annotated[Path | None, typer.Option(help="Ook de foto's, als zip met kenmerken.")] = None,
    namen: Namen = False,
    wachtwoordbestand: Annotated[
        Path | None, typer.Option(help="Bestand met het wachtwoord dat op het werkboek komt.")
    ] = None,
    peildatum: Peildatum = None,
    bekend_op: BekendOp = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Het handhavingsdossier van een zaak, woning, eigenaar of selectie als Excelbestand."""
    if sum(one is not None for one in (zaak, woning, eigenaar)) > 1:
        raise UsageError("Kies één van --zaak, --woning en --eigenaar, of geen ervan voor een selectie.")
    password = None if wachtwoordbestand is None else _password(wachtwoordbestand)
    day = day_of(peildatum) or clock.today()
    chosen = Selection(
        tuple(regel or ()), tuple(uitkomst or ("signaal",)), tuple(wijk or ()), tuple(buurt or ()), aantal
    )
    with open_registry(database_url) as store, progress() as shown:
        shown.add_task("dossier maken", total=None)
        with store.read() as connection:
            known = known_run(connection, day_of(bekend_op))
            subject = _subject(connection, zaak, woning, eigenaar, chosen, day=day, known=known)
            file = read_case_file(connection, subject, peildatum=day, known=known, with_names=_names(asked=namen))
        _written_down(store, file, "dossier", doel)
        counts = _write(uit, file, _maker(namen), password)
        if fotos is not None:
            with store.read() as connection:
                remark(f"{write_photos(connection, fotos, file)} foto's in {fotos}")
    remark(
        f"{counts['Overzicht']} woningen, {counts['Signalen']} uitkomsten en {people_in(file)} betrokkenen in {uit}"
        + (", met wachtwoord" if password else "")
    )


def _write(uit: Path, file: CaseFile, maker: DossierMaker, password: str | None) -> dict[str, int]:
    """The workbook; with a password the open version never reaches the folder of the user."""
    if password is None:
        return write_dossier(uit, file, maker)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "dossier.xlsx"
        counts = write_dossier(plain, file, maker)
        encrypt_workbook(plain, uit, password)
        if decrypt_workbook(uit, password) != plain.read_bytes():
            raise UsageError("Het versleutelde werkboek komt niet gelijk terug. Maak het opnieuw.")
    return counts


def brief(
    zaak: Zaak,
    soort: Annotated[
        str,
        typer.Argument(help="informatiebrief, vooraankondiging, last-onder-dwangsom, boetebesluit of intrekking."),
    ],
    *,
    uit: Annotated[Path, typer.Option(help="Het Wordbestand om te maken.")],
    datum: Annotated[datetime | None, typer.Option(help="Dag van verzending; anders open.", formats=ISO)] = None,
    behandelaar: Annotated[str | None, typer.Option(help="Wie de zaak behandelt; anders open.")] = None,
    vul: Annotated[
        list[str] | None, typer.Option(help="Een veld invullen: NAAM=TEKST, bijvoorbeeld last='…' (mag vaker).")
    ] = None,
    namen: Namen = False,
    peildatum: Peildatum = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Een brief in concept: feiten ingevuld, open plekken waar een mens beslist of een feit ontbreekt."""
    settings = Settings()
    template = find_template(soort, settings.briefsjablonen)
    day = day_of(peildatum) or clock.today()
    given = LetterInput(
        datum=day_of(datum),
        sender={
            "naam": f"het college van burgemeester en wethouders van {settings.gemeente_naam}",
            "adres": settings.afzender_adres or "",
            "rekening": settings.afzender_rekening or "",
        },
        official=behandelaar,
        texts=dict(_field(one) for one in vul or ()),
    )
    with open_registry(database_url) as store:
        with store.read() as connection:
            known = known_run(connection, None)
            subject = subject_of_case(connection, zaak, day=day, known=known)
            file = read_case_file(connection, subject, peildatum=day, known=known, with_names=_names(asked=namen))
            calculation = calculate_for(connection, file)
        context = letter_context(soort, file, given, calculation=calculation)
        _written_down(store, file, f"brief {soort}", f"brief in zaak {zaak}")
        write_letter(uit, template, context)
    remark(f"Concept {soort} in {uit}: vul de open plekken in en laat het besluit aan een mens.")


def bundel(
    zaak: Zaak,
    *,
    uit: Annotated[Path, typer.Option(help="Het zipbestand om te maken.")],
    doel: Doel,
    namen: Namen = False,
    peildatum: Peildatum = None,
    bekend_op: BekendOp = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Alles wat in een zaak is verzonden, besloten en waargenomen, op volgorde in één zip met inhoud en kenmerken."""
    day = day_of(peildatum) or clock.today()
    with open_registry(database_url) as store:
        with store.read() as connection:
            known = known_run(connection, day_of(bekend_op))
            subject = subject_of_case(connection, zaak, day=day, known=known)
            file = read_case_file(connection, subject, peildatum=day, known=known, with_names=_names(asked=namen))
        _written_down(store, file, "bundel", doel)
        with store.read() as connection:
            made = write_bundle(connection, uit, file, _maker(namen))
    remark(f"{made.parts} onderdelen in {uit}; kenmerk van het manifest: {made.manifest_sha256}")


def find_one(connection: ReadConnection, text: str, *, known: int) -> str:
    """The one object that a BAG id or an address denotes.

    Raises:
        UsageError: none, or more than one.
    """
    objects = find_objects(connection, text, known=known)["adresseerbaar_object_id"].unique().sort().to_list()
    if len(objects) != 1:
        told = f": {', '.join(objects)}" if objects else ""
        raise UsageError(f"'{text}' is {len(objects)} woningen{told}. Geef een BAG-id.")
    return str(objects[0])


def _subject(
    connection: ReadConnection,
    zaak: str | None,
    woning: str | None,
    eigenaar: str | None,
    chosen: Selection,
    *,
    day: date,
    known: int,
) -> Subject:
    if zaak is not None:
        return subject_of_case(connection, zaak, day=day, known=known)
    if woning is not None:
        return subject_of_address(connection, find_one(connection, woning, known=known), known=known)
    if eigenaar is not None:
        return subject_of_owner(connection, eigenaar, day=day, known=known)
    return subject_of_selection(connection, chosen, day=day, known=known)


def _names(*, asked: bool) -> bool:
    if asked and Settings().persoonsgegevens != "namen":
        raise UsageError(
            "Deze gemeente bewaart geen namen van bewoners (persoonsgegevens = minimaal); laat --namen weg."
        )
    return asked


def _maker(namen: bool) -> DossierMaker:
    user = own_user()
    classification = Settings().rubricering or CLASSIFICATION
    return DossierMaker(f"{user.naam} (opdrachtregel)", clock.local_now(), classification, with_names=namen)


def _written_down(store: Store, file: CaseFile, what: str, reason: str) -> None:
    record_release(own_access_log(store), file, Release(own_user(), what, reason))


def _password(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"Het wachtwoordbestand {path.name} is niet te lezen.") from error


def _field(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise UsageError("Een veld vult u in als NAAM=TEKST.")
    return name, value
