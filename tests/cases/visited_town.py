"""A small municipality whose signals are visited and assessed."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from registry.cases.assessment import Assessed, Assessment, Weerlegging, assess
from registry.crypto import BsnCipher, generate_keys
from registry.demo.manifest import Manifest
from registry.intake.run import ImportRequest, run_import
from registry.signals.run import run_evaluations
from registry.signals.silence import Oordeel, silenced_cases
from registry.store.engine import Store, open_store
from registry.store.queries.signals import evaluations_of, read_signals
from registry.worklists.visits import Recorded, record_visits
from rules.catalogue import find_rule
from rules.parameters import shipped_law

PEILDATUM = date(2026, 11, 1)
RULE = find_rule("overbewoning")
CIPHER = BsnCipher(generate_keys())
REPORT: dict[str, Any] = {
    "datum": "2026-10-30",
    "tijd": "19:30",
    "inspecteur": "J. de Vries",
    "hoedanigheid": "toezichthouder",
    "resultaat": "toegang_met_toestemming",
    "legitimatie": True,
    "doel": "controle op overbewoning",
    "toestemming_van": "bewoner",
    "werkwijze": "aangebeld, geteld en gemeten",
    "feiten": "Twee slaapkamers, in elk twee bedden.",
    "aantal_personen": 2,
    "ruimten": [{"naam": "slaapkamer", "oppervlakte": 11.5, "slaapplaatsen": 2}],
    "ondertekend_door": "J. de Vries",
    "ondertekend_op": "2026-10-31",
}


@dataclass(frozen=True)
class Town:
    """A municipality in a registry, and a folder for more files."""

    store: Store
    folder: Path

    def evaluate(self) -> pl.DataFrame:
        """Judge overbewoning anew; the outcomes that are kept."""
        [result] = run_evaluations(self.store, [RULE], shipped_law(), peildatum=PEILDATUM)
        with self.store.read() as connection:
            return read_signals(connection, result.evaluatie_id)

    def signal(self) -> dict[str, Any]:
        """A dwelling that is too full by registration."""
        with self.store.read() as connection:
            latest = evaluations_of(connection, RULE.id, limit=1)[0]
            signals = read_signals(connection, latest.evaluatie_id)
        found = signals.filter(
            pl.col("adresseerbaar_object_id").str.slice(4, 2) == "01", uitkomst="signaal", grond="registratie"
        )
        return found.sort("adresseerbaar_object_id").row(0, named=True)

    def visit(self, object_id: str, **fields: Any) -> Recorded:
        """Type a visit with a whole report."""
        report = REPORT | {"adresseerbaar_object_id": object_id} | fields
        return record_visits(self.store, [report], author="J. de Vries", leverdatum=PEILDATUM, cipher=CIPHER)

    def assess(self, bewijs: str, **fields: Any) -> Assessed:
        """Refute a signal, unless ``fields`` say otherwise."""
        values: dict[str, Any] = {
            "oordeel": Oordeel.WEERLEGD,
            "toelichting": "bij bezoek twee bewoners geteld",
            "auteur": "A. Jansen",
            "seen_version": 0,
            "reden": Weerlegging.REGISTRATIE_ONJUIST,
        }
        return assess(self.store, Assessment(bewijs, **(values | fields)))

    def silenced(self) -> list[dict[str, Any]]:
        """The assessed cases of the latest evaluation."""
        with self.store.read() as connection:
            return silenced_cases(connection, RULE.id).to_dicts()

    def establish(self, object_id: str, feit: str, waarde: str) -> None:
        """Import one vaststelling."""
        path = self.folder / f"{feit}.csv"
        row = f"{object_id};{feit};{waarde};01-01-2020;;meting;inspecteur 1"
        path.write_text(f"BAG-id;Feit;Waarde;Van;Tot;Bewijs;Auteur\n{row}\n", encoding="utf-8")
        request = ImportRequest("vaststellingen", path, leverdatum=PEILDATUM, levering="deel")
        run_import(self.store, request, cipher=CIPHER)


def fill(url: str, folder: Path, manifest: Manifest) -> None:
    """Import a municipality into an empty database and judge it."""
    store = open_store(url)
    for bron in ("bag", "gebieden", "brp", "inspecties", "vaststellingen"):
        leverdatum = None if bron == "bag" else PEILDATUM
        run_import(store, ImportRequest(bron, folder / manifest.bestanden[bron], leverdatum=leverdatum), cipher=CIPHER)
    run_evaluations(store, [RULE], shipped_law(), peildatum=PEILDATUM)
    store.close()
