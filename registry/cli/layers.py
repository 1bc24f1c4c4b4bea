"""Keeps the layers for QGIS up to date after what a command wrote."""

from typing import TYPE_CHECKING

from registry import clock
from registry.cli.shared import remark
from registry.errors import WoonregisterError
from registry.settings import Settings
from registry.store.engine import Store
from registry.store.kaart import has_kaart, has_readers

if TYPE_CHECKING:
    from registry.stock.disclosure import Limits


def follow(store: Store) -> None:
    """Fill the layers again, where somebody may read them; what was written stays, whatever happens here."""
    if not has_kaart(store):
        return
    try:
        with store.read() as connection:
            wanted = has_readers(connection)
        if wanted:
            # Libraries that hardly any command needs: most would wait for them in vain.
            from registry.stock.kaart import fill_kaart  # noqa: PLC0415

            fill_kaart(store, op=clock.today(), limits=own_limits(), now=clock.now())
    except WoonregisterError as error:
        remark(f"De lagen voor QGIS zijn niet bijgewerkt: {error} Herhaal: woonregister database kaart.")


def own_limits() -> "Limits":
    """What the municipality set for counts that leave the policy team."""
    from registry.stock.disclosure import Limits  # noqa: PLC0415 (see above)

    settings = Settings()
    return Limits(settings.afscherming_minimum, settings.afscherming_afronding)
