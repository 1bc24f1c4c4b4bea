"""``zaak``: open a case, put in what was sent, received and decided, check it, report it ready."""

from dataclasses import asdict
from typing import Annotated

import typer

from registry import clock
from registry.cases.file import CaseFile, read_case_file
from registry.cases.fines import calculate_for
from registry.cases.handover import open_points
from registry.cases.kinds import GebeurtenisSoort
from registry.cases.register import add_signals, note_event, open_case
from registry.cases.subject import Subject, subject_of_address, subject_of_case, subject_of_owner
from registry.cli.dossiers import Zaak, find_one
from registry.cli.dutch import Commands
from registry.cli.shared import (
    ATTENTION,
    AsJson,
    DatabaseUrl,
    Peildatum,
    day_of,
    open_registry,
    own_access_log,
    own_user,
    remark,
    show,
    show_json,
)
from registry.errors import UsageError
from registry.exports.release import Release, record_release
from registry.signals.run import known_run
from registry.store.engine import ReadConnection, Store
from registry.store.queries.cases import list_cases

zaak = Commands(help="Zaken: wat er is verzonden, ontvangen, besloten en waargenomen.", no_args_is_help=True)
Auteur = Annotated[str | None, typer.Option(help="Wie dit vastlegt; standaard de gebruiker van deze machine.")]
Reden = Annotated[str, typer.Option(help="Waarom; blijft bij de zaak bewaard.")]


def author_of(auteur: str | None) -> str:
    """Who does it: as given, else the account of the machine."""
    return auteur or own_user().naam


@zaak.command("open")
def open_(
    *,
    aanleiding: Annotated[str, typer.Option(help="Waarom de zaak wordt geopend.")],
    woning: Annotated[str | None, typer.Option(help="Over deze woning: BAG-id of adres.")] = None,
    eigenaar: Annotated[str | None, typer.Option(help="Over deze eigenaar: RSIN, KvK-nummer of sleutel.")] = None,
    bewijs: Annotated[
        list[str] | None, typer.Option(help="Alleen het signaal met dit bewijsnummer (mag vaker); anders alle.")
    ] = None,
    auteur: Auteur = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Een zaak openen over een woning of een eigenaar, met de signalen van de laatste toetsing."""
    if (woning is None) == (eigenaar is None):
        raise UsageError("Geef --woning of --eigenaar, en niet allebei.")
    with open_registry(database_url) as store:
        with store.read() as connection:
            known = known_run(connection, None)
            subject = _about(connection, woning, eigenaar, known)
        found = subject.signals.filter(uitkomst="signaal") if bewijs is None else subject.signals
        pairs = list(found.select("bewijs", "adresseerbaar_object_id").iter_rows())
        if bewijs is not None:
            pairs = [pair for pair in pairs if pair[0] in bewijs]
            missing = set(bewijs) - {pair[0] for pair in pairs}
            if missing:
                raise UsageError(f"Geen signaal bij deze woning of eigenaar: {', '.join(sorted(missing))}.")
        with store.write_transaction() as connection:
            kenmerk = open_case(
                connection,
                aanleiding=aanleiding,
                author=author_of(auteur),
                moment=clock.now(),
                object_id=subject.objects[0] if woning is not None else None,
                rechthebbende=subject.rechthebbenden[0] if eigenaar is not None else None,
                signals=pairs,
            )
    typer.echo(kenmerk)
    remark(f"Zaak {kenmerk} geopend met {len(pairs)} signalen. Daarna: woonregister zaak controle {kenmerk}")


@zaak.command("lijst")
def lijst(*, database_url: DatabaseUrl = None, as_json: AsJson = False) -> None:
    """Alle zaken, de nieuwste eerst, met hun stand."""
    with open_registry(database_url) as store, store.read() as connection:
        rows = [
            {
                "zaak": row["zaak"],
                "over": row["adresseerbaar_object_id"] or f"eigenaar {row['rechthebbende'][:12]}",
                "aanleiding": row["aanleiding"],
                "geopend": f"{clock.to_local(row['geopend_op']):%d-%m-%Y}",
                "auteur": row["auteur"],
                "stand": row["stand"] or "open",
            }
            for row in list_cases(connection)
        ]
    show(rows, as_json=as_json, title=f"Zaken: {len(rows)}")


@zaak.command("toon")
def toon(
    kenmerk: Zaak, *, peildatum: Peildatum = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """De tijdlijn van een zaak: wat registers zeggen, wat is waargenomen, verzonden en besloten."""
    with open_registry(database_url) as store:
        file = _read(store, kenmerk, peildatum, "zaak inzien")
    rows = file.timeline.select("datum", "soort", "adres", "omschrijving", "bron", "run_id").to_dicts()
    show(rows, as_json=as_json, title=f"{file.subject.titel}: {len(rows)} gebeurtenissen")


@zaak.command("signaal")
def signaal(
    kenmerk: Zaak,
    bewijs: Annotated[str, typer.Argument(help="Bewijsnummer van het signaal.")],
    woning: Annotated[str, typer.Argument(help="BAG-id van de woning.")],
    *,
    auteur: Auteur = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Een signaal aan een zaak toevoegen."""
    with open_registry(database_url) as store, store.write_transaction() as connection:
        added = add_signals(connection, kenmerk, [(bewijs, woning)], author=author_of(auteur), moment=clock.now())
    remark("Toegevoegd." if added else "Dit signaal zat al in de zaak.")


@zaak.command("controle")
def controle(
    kenmerk: Zaak, *, peildatum: Peildatum = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """Nagaan waar dossiers in de rechtspraak op strandden, met de uitspraak erachter; code 1 als er iets open staat."""
    with open_registry(database_url) as store:
        file = _read(store, kenmerk, peildatum, "controle voor overdracht")
    rows = [
        {
            "controle": check.controle,
            "woning": check.adresseerbaar_object_id,
            "antwoord": check.antwoord,
            "bevinding": check.bevinding,
            "te doen": check.te_doen,
            "grond": check.grond,
            "uitspraken": check.uitspraken,
        }
        for check in file.checks
    ]
    show(rows, as_json=as_json, title=f"Controle van {kenmerk}: {len(open_points(file.checks))} punten open")
    if open_points(file.checks):
        raise typer.Exit(ATTENTION)


@zaak.command("gereed")
def gereed(
    kenmerk: Zaak,
    *,
    reden: Reden,
    ondanks: Annotated[bool, typer.Option("--ondanks", help="Ook als de controle open punten noemt.")] = False,
    auteur: Auteur = None,
    peildatum: Peildatum = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Een dossier gereed melden voor overdracht; de punten die open stonden worden erbij bewaard."""
    with open_registry(database_url) as store:
        file = _read(store, kenmerk, peildatum, "controle voor overdracht")
        left = open_points(file.checks)
        if left and not ondanks:
            told = "; ".join(f"{check.controle}: {check.antwoord}" for check in left[:5])
            raise UsageError(
                f"{len(left)} punten staan open ({told}). Los ze op, of meld gereed met --ondanks en de reden."
            )
        with store.write_transaction() as connection:
            note_event(
                connection,
                kenmerk,
                GebeurtenisSoort.GEREED,
                reason=reden,
                author=author_of(auteur),
                moment=clock.now(),
                details={"open": [asdict(check) for check in left]},
            )
    remark(f"Zaak {kenmerk} is gereed gemeld, met {len(left)} open punten.")


@zaak.command("sluit")
def sluit(
    kenmerk: Zaak,
    *,
    reden: Reden,
    heropen: Annotated[bool, typer.Option("--heropen", help="De zaak juist weer openen.")] = False,
    auteur: Auteur = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Een zaak sluiten of heropenen, met de reden."""
    what = GebeurtenisSoort.HEROPEND if heropen else GebeurtenisSoort.GESLOTEN
    with open_registry(database_url) as store, store.write_transaction() as connection:
        note_event(connection, kenmerk, what, reason=reden, author=author_of(auteur), moment=clock.now())
    remark(f"Zaak {kenmerk} is {what.value}.")


@zaak.command("boete")
def boete(
    kenmerk: Zaak, *, peildatum: Peildatum = None, database_url: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """Stap voor stap uitrekenen wat een boete mag zijn; een berekening en geen besluit."""
    with open_registry(database_url) as store:
        file = _read(store, kenmerk, peildatum, "boete berekenen")
        with store.read() as connection:
            found = calculate_for(connection, file)
    if found is None:
        raise UsageError("Deze zaak heeft geen signaal waarvoor een bestuurlijke boete mogelijk is.")
    if as_json:
        show_json(asdict(found))
        return
    show([asdict(step) for step in found.stappen], as_json=False, title=f"Boete {found.regel} in {kenmerk}")
    remark(found.waarschuwing)


def _about(connection: ReadConnection, woning: str | None, eigenaar: str | None, known: int) -> Subject:
    if woning is not None:
        return subject_of_address(connection, find_one(connection, woning, known=known), known=known)
    return subject_of_owner(connection, eigenaar or "", day=clock.today(), known=known)


def _read(store: Store, kenmerk: str, peildatum: Peildatum, what: str) -> CaseFile:
    """The file of a case, once it is written down that somebody looks at it."""
    day = day_of(peildatum) or clock.today()
    with store.read() as connection:
        known = known_run(connection, None)
        subject = subject_of_case(connection, kenmerk, day=day, known=known)
        file = read_case_file(connection, subject, peildatum=day, known=known)
    record_release(own_access_log(store), file, Release(own_user(), what, f"zaak {kenmerk}"))
    return file
