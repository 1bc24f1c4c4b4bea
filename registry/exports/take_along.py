"""All that an inspector takes along of one list, in one folder: for the phone, on paper, and as a workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from registry.exports.field_sheet import write_field_form, write_print_page
from registry.exports.route_map import draw_route, map_points
from registry.exports.worklist import write_field_workbook
from registry.store.engine import ReadConnection
from registry.store.queries.surroundings import read_panden_around
from registry.worklists.doors import list_doors
from registry.worklists.opened import OpenedList

_AROUND: Final = 150.0  # metres of buildings that a map shows around an address
_SOURCE: Final = "Panden: BAG. Afstanden zijn hemelsbreed, in de volgorde van bezoek."


@dataclass(frozen=True, slots=True)
class TakenAlong:
    """The files of a list, and the number of dwellings in them."""

    form: Path
    page: Path
    workbook: Path
    doors: int


def write_take_along(
    folder: Path,
    connection: ReadConnection,
    opened: OpenedList,
    *,
    made_by: str,
    made_at: datetime,
    bewoners: Mapping[str, Sequence[str]] | None = None,
) -> TakenAlong:
    """Write the files of a list; who calls this has written down in the access log whose data goes out.

    Args:
        folder: that exists.
        connection: where the buildings of the map are read.
        opened: the list.
        made_by: person or command.
        made_at: when, in Dutch local time.
        bewoners: names of residents per object, where role and setting allow them.

    Raises:
        ExportError: a file cannot be written.
    """
    stored = opened.stored
    panden = read_panden_around(
        connection, map_points(opened), metres=_AROUND, on=stored.datum, known=stored.known_run_id
    )
    picture = draw_route(opened, panden, source=_SOURCE)
    doors = list_doors(opened, bewoners)
    name = f"bezoeklijst-{stored.worklist_id}"
    return TakenAlong(
        write_field_form(folder / f"{name}.html", opened, doors, picture),
        write_print_page(folder / f"{name}-papier.html", opened, doors, picture, made_at=made_at),
        write_field_workbook(folder / f"{name}.xlsx", opened, doors, made_by=made_by, made_at=made_at).path,
        len(doors),
    )
