"""``overdragen``: makes a zaak of a signal in the case system of the municipality."""

from typing import Annotated

import typer

from registry import clock
from registry.cases.zaaksysteem import Zaaksysteem, hand_over
from registry.cli.shared import AsJson, DatabaseUrl, open_registry, own_user, remark, show_json
from registry.errors import UsageError
from registry.settings import Settings


def overdragen(
    bewijs: Annotated[str, typer.Argument(help="Bewijsnummer van het signaal.")],
    *,
    door: Annotated[str | None, typer.Option(help="Wie overdraagt; standaard de gebruiker van deze machine.")] = None,
    database_url: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Een signaal overdragen aan het zaaksysteem, zonder gegevens over bewoners; tweemaal geeft dezelfde zaak."""
    with open_registry(database_url) as store:
        done = hand_over(store, own_zaaksysteem(), bewijs, auteur=door or own_user().naam, moment=clock.now())
    if as_json:
        show_json({"zaak": done.identificatie, "url": done.zaak_url, "overgedragen": done.tijdstip.isoformat()})
        return
    remark(f"Zaak {done.identificatie}: {done.zaak_url}")


def own_zaaksysteem() -> Zaaksysteem:
    """The case system of the settings.

    Raises:
        UsageError: it is not set, or not whole.
    """
    settings = Settings()
    needed = {
        "WOONREGISTER_ZAAKSYSTEEM_URL": settings.zaaksysteem_url,
        "WOONREGISTER_ZAAKSYSTEEM_CLIENT": settings.zaaksysteem_client,
        "WOONREGISTER_ZAAKSYSTEEM_GEHEIM": settings.zaaksysteem_geheim,
        "WOONREGISTER_ZAAKSYSTEEM_ZAAKTYPE": settings.zaaksysteem_zaaktype,
        "WOONREGISTER_GEMEENTE_RSIN": settings.gemeente_rsin,
    }
    missing = [name for name, value in needed.items() if not value]
    if missing or settings.zaaksysteem_geheim is None:
        raise UsageError(f"Er is geen zaaksysteem ingesteld. Nog nodig: {', '.join(missing)}.")
    return Zaaksysteem(
        url=str(settings.zaaksysteem_url).rstrip("/"),
        client_id=str(settings.zaaksysteem_client),
        secret=settings.zaaksysteem_geheim.get_secret_value(),
        zaaktype=str(settings.zaaksysteem_zaaktype),
        rsin=str(settings.gemeente_rsin),
    )
