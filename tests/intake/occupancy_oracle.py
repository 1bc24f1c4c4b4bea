"""Bewoning by asking, person by person and day by day: who is where? Slow, and written apart from the product's way.

The product computes bounds of periods for all persons at once. Here every question is about one day: may this have
happened by now, must it have happened by now?
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

Row = Mapping[str, str | int | None]


@dataclass(frozen=True)
class Moment:
    """A date that may be incomplete, as the earliest and the latest day that it can be."""

    earliest: date
    latest: date

    @property
    def known(self) -> bool:
        return self.earliest == self.latest

    def may_have_come(self, day: date) -> bool:
        return self.earliest <= day

    def must_have_come(self, day: date) -> bool:
        return self.latest <= day if self.known else self.latest < day


@cache
def moment(text: str | None) -> Moment:
    if text is None or text == "00000000":
        return Moment(date.min, date.max)
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    if month == 0:
        return Moment(date(year, 1, 1), date(year, 12, 31))
    if day == 0:
        return Moment(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    return Moment(date(year, month, day), date(year, month, day))


class Person:
    """One persoonslijst with its verblijven, oldest first, wrong rows left out."""

    def __init__(self, persoonslijst: Row, verblijven: Sequence[Row]) -> None:
        self.persoonslijst = persoonslijst
        right = [row for row in verblijven if row["indicatie_onjuist"] is None]
        self.rows = sorted(right, key=lambda row: row["volgnummer"], reverse=True)

    def place(self, i: int) -> str | None:
        row = self.rows[i]
        if row["functie_adres"] != "W" or row["gemeente_van_inschrijving"] == "1999" or self.is_abroad(i):
            return None
        return None if row["adresseerbaar_object_id"] == "0" * 16 else row["adresseerbaar_object_id"]

    def is_abroad(self, i: int) -> bool:
        return self.rows[i]["datum_aanvang_buitenland"] is not None

    def stays_put(self, i: int) -> bool:
        """Whether row i is at the object of the row before it."""
        return i > 0 and self.place(i) is not None and self.place(i) == self.place(i - 1)

    def aanvang(self, i: int) -> str | None:
        row = self.rows[i]
        return row["datum_aanvang_buitenland"] if self.is_abroad(i) else row["datum_aanvang_adreshouding"]

    def event(self, i: int) -> Moment | None:
        """The day of the technical or infrastructural event that made row i."""
        row = self.rows[i]
        if row["aangifte_adreshouding"] not in ("T", "W") or self.is_abroad(i):
            return None
        return None if row["ingangsdatum_geldigheid"] in (None, "00000000") else moment(row["ingangsdatum_geldigheid"])

    def is_version(self, i: int) -> bool:
        """Whether row i is the same adreshouding as the row before it, after an event."""
        if i == 0 or self.event(i) is None or self.is_abroad(i - 1):
            return False
        return self.aanvang(i) == self.aanvang(i - 1)

    def start(self, i: int) -> Moment:
        event, aanvang = self.event(i), moment(self.aanvang(i))
        if event is None or (self.stays_put(i) and not self.is_version(i)):
            return aanvang
        return Moment(max(event.earliest, aanvang.earliest), max(event.latest, aanvang.latest))

    def plain_start(self, i: int) -> Moment:
        event, aanvang = self.event(i), moment(self.aanvang(i))
        if event is None:
            return aanvang
        return Moment(max(event.earliest, aanvang.earliest), max(event.latest, aanvang.latest))

    def move(self, i: int) -> Moment:
        """When row i took over from the row before it."""
        event = self.event(i)
        return event if event is not None and self.is_version(i) else moment(self.aanvang(i))

    def is_joint(self, i: int) -> bool:
        return self.stays_put(i) and not self.move(i).known

    def joint_has_come(self, i: int, day: date) -> bool:
        """At one object it does not matter by which of two rows somebody lives there: the later as soon as can be."""
        move = self.move(i)
        return move.must_have_come(day) or (move.may_have_come(day) and self.plain_start(i - 1).latest < day)

    def must_have_left(self, i: int, day: date) -> bool:
        later = range(i + 1, len(self.rows))
        return any(self.joint_has_come(j, day) if self.is_joint(j) else self.move(j).must_have_come(day) for j in later)

    def may_have_left(self, i: int, day: date) -> bool:
        if i + 1 == len(self.rows):
            return False
        return self.joint_has_come(i + 1, day) if self.is_joint(i + 1) else self.move(i + 1).may_have_come(day)

    def must_have_arrived(self, i: int, day: date) -> bool:
        return self.joint_has_come(i, day) if self.is_joint(i) else self.start(i).must_have_come(day)

    def may_have_arrived(self, i: int, day: date) -> bool:
        if self.must_have_arrived(i, day):
            return True
        if self.is_joint(i) or not self.start(i).may_have_come(day):
            return False
        if i == 0:
            return True
        before = self.start(i - 1)
        return before.earliest < day if before.known else before.earliest <= day

    def opschorting(self) -> Moment | None:
        reason, text = self.persoonslijst["reden_opschorting"], self.persoonslijst["datum_opschorting"]
        if reason is None and text is None:
            return None
        suspended = moment(text)
        home = [i for i in range(len(self.rows)) if not self.is_abroad(i)]
        alive = self.start(home[-1]).earliest if home else date.min
        if alive > suspended.latest:
            return suspended
        return Moment(max(alive, suspended.earliest), suspended.latest)

    def is_open(self, i: int) -> bool:
        return self.rows[i]["onderzoek_tot"] is None

    def doubt(self, i: int) -> Moment | None:
        """From when somebody was found not to live at the address, if that still matters."""
        row = self.rows[i]
        if row["onderzoek_aanduiding"] not in ("089999", "589999"):
            return None
        last = i + 1 == len(self.rows)
        if not self.is_open(i) and (last or (self.stays_put(i + 1) and self.is_version(i + 1))):
            return None
        if not self.is_open(i) and not self.may_have_left(i, moment(row["onderzoek_tot"]).latest):
            return None
        return moment(row["onderzoek_van"])

    def answer(self, i: int, day: date) -> str | None:
        """Whether the person lives at the object of row i by that row: zeker, mogelijk or not (None)."""
        if not self.may_be_there(i, day):
            return None
        return "zeker" if self.must_be_there(i, day) else "mogelijk"

    def may_be_there(self, i: int, day: date) -> bool:
        if self.place(i) is None or self.persoonslijst["reden_opschorting"] in ("F", "W"):
            return False
        if self.must_have_left(i, day) or not self.may_have_arrived(i, day):
            return False
        opschorting, doubt = self.opschorting(), self.doubt(i)
        if opschorting is not None and self.past_opschorting(opschorting, day):
            return False
        return doubt is None or not self.is_open(i) or not doubt.must_have_come(day)

    def must_be_there(self, i: int, day: date) -> bool:
        """Asked of a day on which the person may be there."""
        opschorting, doubt, start = self.opschorting(), self.doubt(i), self.start(i)
        if not self.must_have_arrived(i, day) or (doubt is not None and doubt.may_have_come(day)):
            return False
        if start.known and start.earliest == day and not self.is_joint(i):
            return True
        return not self.may_have_left(i, day) and (opschorting is None or not opschorting.may_have_come(day))

    def past_opschorting(self, opschorting: Moment, day: date) -> bool:
        text = self.persoonslijst["datum_opschorting"]
        return day >= opschorting.latest if moment(text).known else day > opschorting.latest

    def whereabouts(self, day: date) -> dict[str, tuple[str, bool]]:
        """Per object: zeker or mogelijk, and whether it is under open investigation."""
        found: dict[str, tuple[str, bool]] = {}
        for i, row in enumerate(self.rows):
            answer, place = self.answer(i, day), self.place(i)
            if answer is None or place is None:
                continue
            code = (row["onderzoek_aanduiding"] or "")[2:]
            open_now = self.is_open(i) and code in ("0000", "1000", "1030", "1100", "1180", "9999")
            known = found.get(place)
            if known is None or (known[0] == "mogelijk" and answer == "zeker"):
                found[place] = (answer, open_now)
            elif known[0] == answer:
                found[place] = (answer, open_now or known[1])
        return found
