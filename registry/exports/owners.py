"""The owners of the stock as a workbook, for inside the policy team."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from registry.exports.cells import ColumnSpec, Sheet
from registry.exports.notes import Notes, SourceNote
from registry.exports.workbook import write_workbook
from registry.stock.owner_view import COUNTS, OwnerView

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "woningen": ("Woningen", "Woningen waarvan hij zeker (mede-)eigenaar is."),
    "verhuurd": ("Verhuurd", "Waarvan particulier verhuurd of van een bedrijf."),
    "erbij": ("Erbij", "Woningen die hij een jaar eerder niet had."),
    "eraf": ("Eraf", "Woningen die hij een jaar eerder wel had en nu niet."),
    "aankopen": ("Aankopen", "Leveringen aan hem sinds de dag die in de filters staat."),
    "signaal_overbewoning": ("Signaal overbewoning", "Woningen met een signaal; dat is geen besluit."),
    "signaal_opkoopbescherming": ("Signaal opkoopbescherming", "Woningen met een signaal; dat is geen besluit."),
    "signaal_zelfbewoningsplicht": ("Signaal zelfbewoningsplicht", "Woningen met een signaal; dat is geen besluit."),
    "bevestigd": ("Bevestigd", "Woningen waarvan een mens een signaal bevestigde."),
    "bewoners": ("Bewoners", "Zekere bewoners van de verhuurde woningen."),
    "verloop": ("Verloop", "Zeker gekomen of vertrokken in twaalf maanden, in verhuurde woningen."),
    "gebreken": ("Gebreken", "Woningen waarin een inspecteur gebreken opschreef."),
}


def write_owner_workbook(
    path: Path, view: OwnerView, *, sources: Sequence[SourceNote], made_by: str, made_at: datetime
) -> dict[str, int]:
    """Sheets Klassen, Concentratie and Eigenaren, and a sheet Toelichting; the number of rows per sheet.

    Raises:
        ExportError: the file cannot be written.
    """
    counts = [
        ColumnSpec(_TEXTS[name][0], "integer", 14, help=_TEXTS[name][1], source="BRK, BRP, BAG") for name in COUNTS
    ]
    size = ColumnSpec("Grootte", width=22, help="Het aantal woningen van de eigenaar, in klassen.")
    kind = ColumnSpec("Soort", width=14, help="Particulier, bedrijf, corporatie of onbekend.")
    share = ColumnSpec("Aandeel", "decimal", 12, help="Deel van alle woningen in dit bestand.", unit="deel van 1")
    sheets = [
        Sheet("Klassen", [size, kind, ColumnSpec("Eigenaren", "integer", 12, help="Aantal eigenaren."), *counts],
              view.classes.iter_rows(), freeze_columns=2, table=True),
        Sheet("Concentratie", [
            ColumnSpec("Grootste", "integer", 12, help="Zoveel van de grootste eigenaren samen, zonder corporaties."),
            ColumnSpec("Verhuurde woningen", "integer", 18, help="Hun verhuurde woningen, elk eenmaal geteld."),
            ColumnSpec("Aandeel verhuurd", "decimal", 16, help="Deel van alle verhuurde woningen.", unit="deel van 1"),
        ], view.concentration.iter_rows(), table=True),
        Sheet("Eigenaren", [
            ColumnSpec("Eigenaar", width=34, help="Naam van een rechtspersoon; van een mens een pseudoniem, tenzij "
                                                  "namen zijn gevraagd."),
            ColumnSpec("Sleutel", width=20, help="Sleutel voor 'woonregister portfolio'."), kind, size, share, *counts,
        ], view.owners.iter_rows(), freeze_columns=1, table=True),
    ]  # fmt: skip
    notes = Notes(
        f"Eigenaren van de woningvoorraad op {view.op:%d-%m-%Y}", made_by, made_at,
        filters={"Peildatum": f"{view.op:%d-%m-%Y}", "Aankopen sinds": f"{view.since:%d-%m-%Y}"}, sources=sources,
        remarks=[view.definition, *view.remarks, "Alleen voor eigen gebruik: niet afgeschermd."],
    )  # fmt: skip
    return write_workbook(path, sheets, created=made_at, notes=notes)
