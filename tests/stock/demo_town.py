"""A small municipality with everything in it, made once for the tests of the policy team."""

from datetime import date
from pathlib import Path

from registry.crypto import BsnCipher, generate_keys
from registry.demo.generate import make_municipality
from registry.intake.run import ImportRequest, run_import
from registry.store.engine import Store, open_store

PEILDATUM = date(2026, 11, 1)
DWELLINGS = 400


def fill(url: str, folder: Path) -> Store:
    """An open registry with every source of a municipality of ``DWELLINGS`` dwellings."""
    manifest = make_municipality(folder, woningen=DWELLINGS, peildatum=PEILDATUM)
    store = open_store(url)
    cipher = BsnCipher(generate_keys())
    for bron, name in manifest.bestanden.items():
        leverdatum = None if bron == "bag" else manifest.peildatum
        run_import(store, ImportRequest(bron, folder / name, leverdatum=leverdatum), cipher=cipher)
    return store
