"""A very small municipality with one case that has everything: papers, two versions of an order, an amount due."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from registry.cases.kinds import BedragPer, BesluitSoort, Richting, StukSoort
from registry.cases.register import Decision, Paper, add_decision, add_paper, add_verbeurte, open_case
from registry.cases.subject import latest_signals
from registry.demo.run import DATABASE_NAME, run_demo
from registry.store.engine import Store, open_store

PEILDATUM = date(2026, 11, 25)
MOMENT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
AUTHOR = "j.jurist"


@dataclass(frozen=True, slots=True)
class Town:
    """The registry, the reference of its case, and the dwelling that the case is about."""

    store: Store
    zaak: str
    object_id: str


def make_town(folder: Path, url: str | None = None) -> Town:
    """The municipality, in its own database or the given one, with its case about a dwelling that has a signal."""
    run_demo(folder, woningen=60, peildatum=PEILDATUM, database_url=url)
    store = open_store(url or f"sqlite:///{folder / DATABASE_NAME}")
    with store.write_transaction() as connection:
        signals = latest_signals(connection).filter(uitkomst="signaal", regel="overbewoning")
        row = signals.row(0, named=True)
        object_id = row["adresseerbaar_object_id"]
        pair = (row["bewijs"], object_id)
        zaak = open_case(
            connection, aanleiding="melding", author=AUTHOR, moment=MOMENT, object_id=object_id, signals=[pair]
        )
        order = Decision(
            BesluitSoort.LAST,
            date(2026, 9, 1),
            bekendgemaakt_op=date(2026, 9, 2),
            artikel="artikel 7.18 Bouwbesluit 2012",
            regel="overbewoning",
            overtreding_op=date(2026, 8, 1),
            begunstiging_tot=date(2026, 10, 1),
            bedrag=5000,
            bedrag_per=BedragPer.WEEK,
            bedrag_ten_hoogste=20000,
        )
        add_decision(connection, zaak, order, author=AUTHOR, moment=MOMENT)
        for kind, way, day in (
            (StukSoort.VOORAANKONDIGING, Richting.VERZONDEN, date(2026, 8, 5)),
            (StukSoort.ZIENSWIJZE, Richting.ONTVANGEN, date(2026, 8, 15)),
            (StukSoort.RAPPORT, Richting.INTERN, date(2026, 8, 2)),
        ):
            paper = Paper(kind, way, day, f"=titel van {kind.value}", f"{kind.name}.pdf", kind.name.encode())
            add_paper(connection, zaak, paper, author=AUTHOR, moment=MOMENT)
        add_verbeurte(
            connection, zaak, besluit=(1, 1), verbeurd_op=date(2026, 10, 8), bedrag=5000, inspectie=None,
            author=AUTHOR, moment=MOMENT,
        )  # fmt: skip
    return Town(store, zaak, object_id)
