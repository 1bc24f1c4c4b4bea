"""``overdragen``: makes a zaak of a signal in the case system of the municipality."""

from typing import Annotated

import typer

from registry import clock
from registry.cases.zaaksysteem import hand_over
from registry.cli.shared import AsJson, DatabaseUrl, open_registry, own_user, remark, show_json
from registry.settings import Settings
from registry.tasks.handover import zaaksysteem_of


def overdragen(
    bewijs: Annotated[str, typer.Argument(help="Bewijsnummer van het signaal.")],
    *,
    door: Annotated[str | None, typer.Option(help="Wie overdraagt; standaard de gebruiker van deze machine.")] = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Een signaal overdragen aan het zaaksysteem, zonder gegevens over bewoners; tweemaal geeft dezelfde zaak."""
    with open_registry(database_url) as store:
        done = hand_over(store, zaaksysteem_of(Settings()), bewijs, auteur=door or own_user().naam, moment=clock.now())
    if as_json:
        show_json({"zaak": done.identificatie, "url": done.zaak_url, "overgedragen": done.tijdstip.isoformat()})
        return
    remark(f"Zaak {done.identificatie}: {done.zaak_url}")
