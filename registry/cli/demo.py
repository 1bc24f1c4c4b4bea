"""``demo``: a synthetic municipality."""

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from registry.cli.shared import ATTENTION, DONE, DatabaseUrl, progress, remark, show_table
from registry.demo.dossier import BUNDLE_NAME, DOSSIER_NAME, write_worst_landlord
from registry.demo.run import DATABASE_NAME, run_demo
from registry.store import engine


def demo(
    *,
    folder: Annotated[Path, typer.Option("--map", help="De map om te vullen.")] = Path("demo"),
    woningen: Annotated[int, typer.Option(help="Aantal woningen.")] = 5400,
    database_url: DatabaseUrl = None,
) -> None:
    """Een verzonnen gemeente maken, inlezen en toetsen, met een werklijst en een dossier als resultaat."""
    with progress() as shown:
        task = shown.add_task("demo", total=None)
        outcome = run_demo(
            folder,
            woningen=woningen,
            database_url=database_url,
            show=lambda text: shown.update(task, description=text),
        )
        shown.update(task, description="het dossier maken")
        with closing(engine.open_store(database_url or f"sqlite:///{(folder / DATABASE_NAME).resolve()}")) as store:
            zaak = write_worst_landlord(store, folder, outcome.manifest.peildatum)
    show_table(outcome.rows, f"Verwacht en gevonden in {folder}")
    if zaak is not None:
        remark(
            f"Zaak {zaak} over de eigenaar met de meeste signalen: {folder / DOSSIER_NAME} en {folder / BUNDLE_NAME}."
        )
    raise typer.Exit(DONE if outcome.as_expected else ATTENTION)
