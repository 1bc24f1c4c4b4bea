"""``export``: the files that come out."""

from pathlib import Path
from typing import Annotated

import typer

from registry import clock
from registry.cli.access import record_access
from registry.cli.shared import (
    DatabaseUrl,
    Peildatum,
    day_of,
    open_registry,
    remark,
)
from registry.exports.notes import source_notes
from registry.exports.worklist import write_worklist
from registry.privacy.access import Handeling
from registry.privacy.purposes import activity_of
from registry.worklists.lists import make_worklist
from registry.worklists.planning import WorklistFilters
from rules.catalogue import find_rule


def export_werklijst(
    *,
    uit: Annotated[Path, typer.Option(help="Het Excelbestand om te maken.")],
    regel: Annotated[list[str] | None, typer.Option(help="Regel (mag vaker); standaard overbewoning.")] = None,
    uitkomst: Annotated[list[str] | None, typer.Option(help="Uitkomst (mag vaker); standaard signaal.")] = None,
    buurt: Annotated[list[str] | None, typer.Option(help="Naam van een buurt (mag vaker).")] = None,
    wijk: Annotated[list[str] | None, typer.Option(help="Naam van een wijk (mag vaker).")] = None,
    urgentie: Annotated[list[str] | None, typer.Option(help="hoog, midden of laag (mag vaker).")] = None,
    aantal: Annotated[int | None, typer.Option(help="Ten hoogste zoveel rijen.")] = None,
    peildatum: Peildatum = None,
    database_url: DatabaseUrl = None,
) -> None:
    """Een werklijst voor inspecteurs maken uit de laatste toetsing."""
    filters = WorklistFilters(
        regels=tuple(regel or ("overbewoning",)),
        uitkomsten=tuple(uitkomst or ("signaal",)),
        wijken=tuple(wijk or ()),
        buurten=tuple(buurt or ()),
        urgenties=tuple(urgentie or ()),
        limit=aantal,
    )
    with open_registry(database_url) as store, store.read() as connection:
        made = make_worklist(connection, filters=filters, peildatum=day_of(peildatum))
        record_access(
            store,
            Handeling.EXPORTEREN,
            activity_of(find_rule(filters.regels[0]), day_of(peildatum) or clock.today()),
            objecten=made.rows["adresseerbaar_object_id"].to_list(),
            on=day_of(peildatum) or clock.today(),
            toelichting=f"werklijst {', '.join(filters.regels)}",
        )
    written = write_worklist(
        uit,
        made.rows,
        filters=filters,
        sources=source_notes(made.sources),
        made_by="woonregister export werklijst",
        made_at=clock.local_now(),
    )
    remark(f"{written.rows} woningen in {written.path}")
