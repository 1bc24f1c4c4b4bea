"""Until when a forfeited amount can be collected, as the papers of its case say (Algemene wet bestuursrecht 5:35).

The clock itself is ``registry.cases.forfeits``; here stands which papers interrupt it (4:105 and 4:106), which make it
stand still (4:111, and objection and appeal), and about which amount a paper is. A decision to collect is no
interruption: the law does not name it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from registry.cases.forfeits import Clock, Pause, run_clock
from registry.cases.kinds import BesluitSoort, Richting, StukSoort
from rules.law_models import DatedValue
from rules.parameters import Law

INTERRUPTIONS: Final[Mapping[StukSoort, Collection[Richting]]] = {
    StukSoort.AANMANING: (Richting.VERZONDEN,),
    StukSoort.VERREKENING: (Richting.VERZONDEN,),
    StukSoort.DWANGBEVEL: (Richting.VERZONDEN,),
    StukSoort.TENUITVOERLEGGING: (Richting.VERZONDEN, Richting.INTERN),
    StukSoort.RECHTSVERVOLGING: (Richting.VERZONDEN, Richting.INTERN),
    StukSoort.ERKENNING: (Richting.ONTVANGEN,),
}
"""What interrupts the term, and which way such a paper must have gone: a demand in draft interrupts nothing."""

_APPEALS: Final = (StukSoort.BEZWAARSCHRIFT, StukSoort.BEROEPSCHRIFT)
_ANSWERS: Final = (StukSoort.UITSPRAAK, StukSoort.BESLUIT)
Row = Mapping[str, Any]


def collection_clock(due: Row, papers: Iterable[Row], *, law: Law, gemeente: str | None, today: date) -> Clock:
    """The clock of one forfeited amount.

    Args:
        due: ``verbeurd_op``, and ``nummer`` of the order that it rests on.
        papers: of its case: ``soort``, ``richting``, ``datum``, and ``besluit_nummer`` and ``besluit_soort`` of the
            decision that each is about, null when it names none.
        law: the law files, for the length of the term and since when an appeal pauses it.
        gemeente: whose own values count.
        today: until when an open pause has lasted so far.
    """
    own = [row for row in papers if _is_about(row, due)]
    return forfeit_clock(
        due["verbeurd_op"],
        pauses=list(_pauses(own)),
        interruptions=[row["datum"] for row in own if row["richting"] in INTERRUPTIONS.get(row["soort"], ())],
        law=law,
        gemeente=gemeente,
        today=today,
    )


def forfeit_clock(
    forfeited_on: date,
    *,
    pauses: Iterable[Pause] = (),
    interruptions: Iterable[date] = (),
    law: Law,
    gemeente: str | None,
    today: date,
) -> Clock:
    """The clock of one forfeited amount, with the numbers of the law (see ``forfeits.run_clock``)."""
    years = whole_number(law.value_at("termijnen.invordering_jaren", gemeente, forfeited_on), 1)
    pausing = [
        value.van for value in law.timeline("termijnen.verlenging_bij_bezwaar", gemeente) if value.waarde is True
    ]
    return run_clock(
        forfeited_on,
        pauses=pauses,
        interruptions=interruptions,
        years=years,
        appeals_pause_from=min(pausing, default=None),
        today=today,
    )


def with_decisions(documents: Iterable[Row], decisions: Iterable[Row]) -> list[dict[str, Any]]:
    """Papers with number and kind of the decision that each is about (rows of ``stukken`` and of ``besluiten``)."""
    named = {row["besluit_id"]: row for row in decisions}
    told = []
    for row in documents:
        about = named.get(row.get("besluit_id"), {})
        told.append(dict(row) | {"besluit_nummer": about.get("nummer"), "besluit_soort": about.get("soort")})
    return told


def whole_number(value: DatedValue | None, otherwise: int) -> int:
    """A whole number of the law, or another where the law files hold none."""
    content = None if value is None else value.waarde
    return int(content) if isinstance(content, int | float) and not isinstance(content, bool) else otherwise


def _is_about(paper: Row, due: Row) -> bool:
    """Whether a paper is about an amount: about its order, about the collection, or about nothing in particular."""
    return paper["besluit_nummer"] in (None, due["nummer"]) or paper["besluit_soort"] == BesluitSoort.INVORDERING


def _pauses(own: Collection[Row]) -> Iterator[Pause]:
    """From each objection or appeal to its answer, and from each deferral of payment to its end."""
    for kinds, ends, by_appeal in (
        (_APPEALS, _ANSWERS, True),
        ((StukSoort.UITSTEL,), (StukSoort.EINDE_UITSTEL,), False),
    ):
        for row in own:
            if row["soort"] in kinds:
                after = [one["datum"] for one in own if one["soort"] in ends and one["datum"] > row["datum"]]
                yield Pause(row["datum"], min(after, default=None), by_appeal=by_appeal)
