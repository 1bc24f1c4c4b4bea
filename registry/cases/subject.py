"""What a file is about: a case, one address, an owner, or a selection of signals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from registry import clock
from registry.cases.register import get_case
from registry.errors import UsageError
from registry.ownership.portfolios import read_portfolios
from registry.store.engine import ReadConnection
from registry.store.queries.cases import read_case_signals
from registry.store.queries.rights import restricted_dwellings
from registry.store.queries.signals import Evaluation, evaluations_of, find_receipt, read_signals
from registry.store.queries.stock import read_area_names
from rules.catalogue import RULES
from rules.rule import STORED, Uitkomst

OBJECT = "adresseerbaar_object_id"
_RESTRICTED = (
    "Van iemand in deze woning mogen gegevens alleen worden bewaard (AVG art. 18). Voor een rechtsvordering kan het "
    "dossier wel in een zaak: open er een, met de reden."
)
_URGENCY = {"hoog": 0, "midden": 1, "laag": 2}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a file is about.

    Attributes:
        titel: in Dutch, without a name of a natural person.
        objects: the dwellings, each once, in order.
        signals: the outcomes that belong to it: the columns of ``signalen`` with ``regel``, ``regel_versie``,
            ``peildatum``, ``known_run_id``, ``getoetst_op`` (Dutch local time) and ``software``.
        zaak: the case, if there is one (row of ``zaken``).
        rechthebbenden: the keys of the owner, when it is about an owner.
        filters: how the selection was made, in Dutch.
    """

    titel: str
    objects: tuple[str, ...]
    signals: pl.DataFrame
    zaak: Mapping[str, Any] | None = None
    rechthebbenden: tuple[str, ...] = ()
    filters: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_case(self) -> bool:
        """Whether it is about one case and not about a selection."""
        return self.zaak is not None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which signals a selection holds; empty is no condition, except that outcomes default to ``signaal``."""

    regels: tuple[str, ...] = ()
    uitkomsten: tuple[str, ...] = (Uitkomst.SIGNAAL.value,)
    wijken: tuple[str, ...] = ()
    buurten: tuple[str, ...] = ()
    limit: int | None = None

    def describe(self) -> dict[str, str]:
        """The filters in Dutch, by name."""
        told = {
            "Regels": ", ".join(self.regels) or "alle",
            "Uitkomsten": ", ".join(one.replace("_", " ") for one in self.uitkomsten),
            "Wijken": ", ".join(self.wijken),
            "Buurten": ", ".join(self.buurten),
            "Ten hoogste": "" if self.limit is None else f"{self.limit} woningen",
        }
        return {name: value for name, value in told.items() if value}


def subject_of_case(connection: ReadConnection, zaak: str, *, day: date, known: int) -> Subject:
    """A case with the signals that were put in it; of an owner the dwellings are those of its signals.

    Raises:
        UsageError: there is no such case.
    """
    case = get_case(connection, zaak)
    inside = read_case_signals(connection, case["zaak_id"])
    kept = _signals_of_receipts(connection, [row["bewijs"] for row in inside])
    about = [] if case[OBJECT] is None else [case[OBJECT]]
    objects = tuple(dict.fromkeys([*about, *(row[OBJECT] for row in inside)]))
    owner: tuple[str, ...] = ()
    if case["rechthebbende"] is not None:
        book = read_portfolios(connection, op=day, known=known)
        known_keys = book.owners.holders
        key = case["rechthebbende"]
        owner = tuple(book.owners.members(book.owners.owner_of(key))) if key in known_keys else (key,)
    return Subject(f"Dossier {zaak}", objects, _of_objects(kept, objects), zaak=case, rechthebbenden=owner)


def subject_of_address(
    connection: ReadConnection, object_id: str, *, known: int, peildatum: date | None = None
) -> Subject:
    """One dwelling, with the outcomes of the latest evaluation of each rule.

    Raises:
        UsageError: data on a person there may only be kept (AVG art. 18), or nothing was evaluated yet.
    """
    if object_id in restricted_dwellings(connection, known=known):
        raise UsageError(_RESTRICTED)
    latest = latest_signals(connection, peildatum=peildatum)
    return Subject(f"Dossier {object_id}", (object_id,), latest.filter(pl.col(OBJECT) == object_id))


def subject_of_owner(
    connection: ReadConnection, text: str, *, day: date, known: int, peildatum: date | None = None
) -> Subject:
    """The dwellings with an outcome of an owner, whom a number or the beginning of a key names.

    Raises:
        UsageError: nobody, or more than one, has that number.
    """
    book = read_portfolios(connection, op=day, known=known)
    owner = book.owners.find(text)
    held = book.held.filter(pl.col("owner") == owner)[OBJECT].unique().to_list()
    held = sorted(set(held) - set(restricted_dwellings(connection, known=known)))
    signals = latest_signals(connection, peildatum=peildatum).filter(pl.col(OBJECT).is_in(held))
    found = book.portfolio(owner)
    name = found.naam if found.type == "rechtspersoon" and found.naam else owner[:12]
    filters = {"Eigenaar": name, "Woningen van deze eigenaar": str(found.size)}
    return Subject(
        f"Dossier eigenaar {name}",
        tuple(signals[OBJECT].unique().sort().to_list()),
        signals,
        rechthebbenden=tuple(book.owners.members(owner)),
        filters=filters,
    )


def subject_of_selection(
    connection: ReadConnection, selection: Selection, *, day: date, known: int, peildatum: date | None = None
) -> Subject:
    """The dwellings whose signals meet the filters, the most urgent first.

    Raises:
        UsageError: a rule, outcome or area is not known.
    """
    _check(selection.regels, RULES, "regel")
    _check(selection.uitkomsten, [one.value for one in STORED], "uitkomst")
    signals = latest_signals(connection, selection.regels or None, peildatum=peildatum)
    kept = ~pl.col(OBJECT).is_in(restricted_dwellings(connection, known=known))
    signals = signals.filter(pl.col("uitkomst").is_in(selection.uitkomsten), kept)
    if selection.wijken or selection.buurten:
        areas = read_area_names(connection, op=day, known=known)
        for soort, wanted in (("wijk", selection.wijken), ("buurt", selection.buurten)):
            _check(wanted, areas[soort].drop_nulls().unique().to_list(), soort)
            if wanted:
                inside = areas.filter(pl.col(soort).is_in(wanted))
                signals = signals.join(inside.select(OBJECT), on=OBJECT, how="semi", maintain_order="left")
    order = pl.col("urgentie").replace_strict(_URGENCY, default=9, return_dtype=pl.Int64)
    ranked = signals.with_columns(order=order).group_by(OBJECT).agg(pl.col("order").min(), pl.len())
    ranked = ranked.sort("order", "len", OBJECT, descending=[False, True, False])
    objects = ranked[OBJECT].to_list()[: selection.limit]
    return Subject(
        "Dossier van een selectie", tuple(objects), _of_objects(signals, objects), filters=selection.describe()
    )


def latest_signals(
    connection: ReadConnection, regels: Sequence[str] | None = None, *, peildatum: date | None = None
) -> pl.DataFrame:
    """The kept outcomes of the latest evaluation of each rule, with when and with what knowledge it was made.

    Raises:
        UsageError: no rule was evaluated yet.
    """
    found = [
        one for regel in regels or RULES for one in evaluations_of(connection, regel, peildatum=peildatum, limit=1)
    ]
    parts = [_judged(connection, evaluation) for evaluation in found]
    if not parts:
        raise UsageError("Er is nog niet getoetst. Voer eerst uit: woonregister evaluate.")
    return pl.concat(parts).sort(OBJECT, "regel", "bewijs")


def _signals_of_receipts(connection: ReadConnection, receipts: Sequence[str]) -> pl.DataFrame:
    """The outcomes with these receipts, each from the evaluation that first gave it."""
    wanted: dict[int, Any] = {}
    for bewijs in dict.fromkeys(receipts):
        for judged in find_receipt(connection, bewijs)[:1]:
            wanted.setdefault(judged.evaluation.evaluatie_id, (judged.evaluation, set()))[1].add(bewijs)
    parts = [
        _judged(connection, evaluation).filter(pl.col("bewijs").is_in(sorted(found)))
        for _, (evaluation, found) in sorted(wanted.items())
    ]
    if not parts:
        return _with_evaluation(read_signals(connection, 0), None)
    return pl.concat(parts).sort(OBJECT, "regel", "bewijs")


def _judged(connection: ReadConnection, evaluation: Evaluation) -> pl.DataFrame:
    return _with_evaluation(read_signals(connection, evaluation.evaluatie_id), evaluation)


def _with_evaluation(signals: pl.DataFrame, evaluation: Evaluation | None) -> pl.DataFrame:
    """The outcomes with what is told of their evaluation; ``getoetst_op`` is Dutch local time."""
    moment = None if evaluation is None else clock.to_local(evaluation.gemaakt)
    return signals.with_columns(
        known_run_id=pl.lit(None if evaluation is None else evaluation.known_run_id, pl.Int64),
        getoetst_op=pl.lit(moment, pl.Datetime("us")),
        software=pl.lit(None if evaluation is None else evaluation.software, pl.String),
    )


def _of_objects(signals: pl.DataFrame, objects: Sequence[str]) -> pl.DataFrame:
    """The outcomes of these dwellings, in their order."""
    order = pl.DataFrame({OBJECT: list(objects)}, schema={OBJECT: pl.String()}).with_row_index("place")
    return signals.join(order, on=OBJECT).sort("place", "regel", "bewijs").drop("place")


def _check(wanted: Sequence[str], known: Sequence[str] | Mapping[str, Any], what: str) -> None:
    for one in wanted:
        if one not in known:
            raise UsageError(f"'{one}' is geen {what}. Kies uit: {', '.join(sorted(known))}.")
