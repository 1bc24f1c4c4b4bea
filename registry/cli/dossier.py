"""``dossier`` and ``terugmelding``: the life of one dwelling, and where the registers contradict each other."""

from pathlib import Path
from typing import Annotated

import typer

from registry import clock
from registry.cli.access import record_access
from registry.cli.shared import AsJson, BekendOp, DatabaseUrl, Peildatum, day_of, open_registry, remark, show, show_json
from registry.errors import UsageError
from registry.exports.notes import source_notes
from registry.exports.terugmelding import write_terugmelding
from registry.intake.contradictions import find_contradictions
from registry.privacy.access import Handeling
from registry.signals.run import known_run
from registry.store.queries.huisdossier import find_objects, read_timeline
from registry.store.queries.runs import imported_sources


def terugmelding(
    *,
    uit: Annotated[Path | None, typer.Option(help="Het Excelbestand om te maken.")] = None,
    peildatum: Peildatum = None,
    bekend_op: BekendOp = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Waar de registers elkaar tegenspreken, en aan welk register dat is terug te melden."""
    day = day_of(peildatum) or clock.today()
    with open_registry(database_url) as store, store.read() as connection:
        known = known_run(connection, day_of(bekend_op))
        found = find_contradictions(connection, peildatum=day, known=known)
        sources = source_notes(imported_sources(connection, known=known))
        record_access(
            store,
            Handeling.EXPORTEREN,
            "adreskwaliteit",
            objecten=None,
            on=day,
            known=known,
            toelichting="terugmelding",
        )
    if uit is not None:
        written = write_terugmelding(
            uit,
            found,
            peildatum=day,
            sources=sources,
            made_by="woonregister terugmelding",
            made_at=clock.local_now(),
        )
        remark(f"{written} tegenspraken in {uit}")
    elif as_json:
        show_json(found.to_dicts())
    else:
        counted = found.group_by("register", "soort").len("aantal").sort("register", "soort")
        show(counted.to_dicts(), as_json=False, title=f"Tegenspraken op {day:%d-%m-%Y}: {found.height}")
        remark("De hele lijst: woonregister terugmelding --uit terugmeldingen.xlsx")


def dossier(
    woning: Annotated[str, typer.Argument(help="BAG-id, of een adres van nu of vroeger: 'Singel 12' of '3112AB 12'.")],
    *,
    peildatum: Peildatum = None,
    bekend_op: BekendOp = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """De levensloop van een woning: voorkomens, adressen, aantallen bewoners, inspecties en toetsingen."""
    with open_registry(database_url) as store, store.read() as connection:
        known = known_run(connection, day_of(bekend_op))
        found = find_objects(connection, woning, known=known)
        objects = found["adresseerbaar_object_id"].unique(maintain_order=True).to_list()
        if not objects:
            raise UsageError(f"'{woning}' is geen BAG-id of adres van een bekende woning, nu of vroeger.")
        lives = {
            one: read_timeline(connection, one, peildatum=day_of(peildatum) or clock.today(), known=known)
            for one in objects
        }
        record_access(
            store, Handeling.INZIEN, "toezicht_huisvestingswet", objecten=objects, known=known, toelichting="levensloop"
        )
    if as_json:
        show_json([{"adresseerbaar_object_id": one, "gebeurtenissen": life.to_dicts()} for one, life in lives.items()])
        return
    if len(objects) > 1:
        remark(f"{len(objects)} objecten hebben of hadden dit adres.")
    for one, life in lives.items():
        show(life.to_dicts(), as_json=False, title=f"Levensloop van {one}")
