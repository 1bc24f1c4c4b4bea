"""The rules of bewoning as a table: stays, then who is where on which day.

A stay is written ``X 20100101`` (object, datum aanvang adreshouding), with extras: ``brief`` (briefadres), ``rni``,
``onjuist``, ``T=``/``W=`` (aangifte with ingangsdatum geldigheid), ``code=``, ``van=``, ``tot=`` (onderzoek). ``-`` is
a stay without an id, ``0`` one with the id of sixteen zeros, ``buitenland`` a stay abroad. The oldest stands first.

An answer is ``X`` (certain), ``X?`` (possible), with ``!`` when in onderzoek; several are separated by a blank, and
an empty text is nobody anywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Answer = tuple[str, str, bool]


@dataclass(frozen=True)
class Scenario:
    title: str
    stays: tuple[str, ...]
    days: Mapping[str, str]
    opschorting: tuple[str | None, str | None] = field(default=(None, None))

    @property
    def expected(self) -> dict[date, set[Answer]]:
        return {date.fromisoformat(day): {_answer(text) for text in texts.split()} for day, texts in self.days.items()}

    def person(self) -> tuple[dict[str, str | None], list[dict[str, str | int | None]]]:
        reason, day = self.opschorting
        person = {"persoonslijst": self.title, "reden_opschorting": reason, "datum_opschorting": day}
        last = len(self.stays) - 1
        return person, [
            {"persoonslijst": self.title, "volgnummer": last - i} | _stay(text) for i, text in enumerate(self.stays)
        ]


def _answer(text: str) -> Answer:
    return text.rstrip("?!"), "mogelijk" if "?" in text else "zeker", "!" in text


def _stay(text: str) -> dict[str, str | None]:
    place, day, *extras = text.split()
    start = None if day == "leeg" else day
    stay: dict[str, str | None] = {"datum_aanvang_adreshouding": start}
    if place == "buitenland":
        stay = {"datum_aanvang_buitenland": start, "gemeente_van_inschrijving": "1999", "functie_adres": None}
    elif place != "-":
        stay["adresseerbaar_object_id"] = "0" * 16 if place == "0" else place
    names = {"code": "onderzoek_aanduiding", "van": "onderzoek_van", "tot": "onderzoek_tot"}
    flags = {
        "brief": {"functie_adres": "B"},
        "rni": {"gemeente_van_inschrijving": "1999"},
        "onjuist": {"indicatie_onjuist": "O"},
    }
    for extra in extras:
        name, _, value = extra.partition("=")
        if name in names:
            stay[names[name]] = value
        elif name in ("T", "W", "A"):
            stay |= {"aangifte_adreshouding": name, "ingangsdatum_geldigheid": value}
        else:
            stay |= flags[name]
    return stay


_S = Scenario
SCENARIOS = [
    # 1. functie adres
    _S("R1 woonadres counts", ("X 20100101",), {"2010-01-01": "X", "2030-01-01": "X"}),
    _S("R1 briefadres does not count", ("X 20100101 brief",), {"2010-01-01": "", "2020-01-01": ""}),
    _S(
        "R1 briefadres ends the stay before it",
        ("X 20100101", "Y 20110501 brief"),
        {"2011-04-30": "X", "2011-05-01": "", "2020-01-01": ""},
    ),
    _S(
        "R1 briefadres ends where the next woonadres begins",
        ("X 20100101", "Y 20110501 brief", "Z 20120501"),
        {"2012-04-30": "", "2012-05-01": "Z"},
    ),
    _S(
        "R1 briefadres at the own object ends bewoning",
        ("X 20100101", "X 20110501 brief"),
        {"2011-04-30": "X", "2011-05-01": ""},
    ),
    _S("R1 RNI is nobody's neighbour", ("X 20100101", "Y 20110501 rni"), {"2011-04-30": "X", "2011-05-01": ""}),
    # 2. start and end
    _S("R2 from the first day", ("X 20100101",), {"2009-12-31": "", "2010-01-01": "X", "2010-01-02": "X"}),
    _S(
        "R2 until the next start",
        ("X 20100101", "Y 20100601"),
        {"2009-12-31": "", "2010-05-31": "X", "2010-06-01": "Y", "2020-01-01": "Y"},
    ),
    _S("R2 one day", ("X 20100101", "Y 20100102"), {"2010-01-01": "X", "2010-01-02": "Y"}),
    _S("R2 same day is no stay", ("X 20100101", "Y 20100101"), {"2009-12-31": "", "2010-01-01": "Y"}),
    _S(
        "R2 moving abroad ends it",
        ("X 20100101", "buitenland 20110301"),
        {"2011-02-28": "X", "2011-03-01": "", "2020-01-01": ""},
    ),
    _S(
        "R2 back from abroad",
        ("X 20100101", "buitenland 20110301", "X 20120401"),
        {"2011-02-28": "X", "2011-03-01": "", "2012-03-31": "", "2012-04-01": "X"},
    ),
    _S(
        "R2 a stay without id ends the one before",
        ("X 20100101", "- 20110301"),
        {"2011-02-28": "X", "2011-03-01": ""},
    ),
    _S(
        "R2 back at an earlier object",
        ("X 20100101", "Y 20110101", "X 20120101"),
        {"2010-12-31": "X", "2011-01-01": "Y", "2011-12-31": "Y", "2012-01-01": "X"},
    ),
    _S(
        "R2 leap day",
        ("X 20120229", "Y 20120301"),
        {"2012-02-28": "", "2012-02-29": "X", "2012-03-01": "Y"},
    ),
    _S(
        "R2 order of the file, not of the dates",
        ("X 20100101", "Y 20120101", "Z 20110101"),
        {"2010-12-31": "X", "2011-01-01": "Z", "2012-01-01": "Z"},
    ),
    # 3. incomplete dates
    _S("R3 month", ("X 20100600",), {"2010-05-31": "", "2010-06-01": "X?", "2010-06-30": "X?", "2010-07-01": "X"}),
    _S("R3 February", ("X 20120200",), {"2012-01-31": "", "2012-02-29": "X?", "2012-03-01": "X"}),
    _S("R3 year", ("X 20100000",), {"2009-12-31": "", "2010-01-01": "X?", "2010-12-31": "X?", "2011-01-01": "X"}),
    _S("R3 everything", ("X 00000000",), {"1900-01-01": "X?", "2010-01-01": "X?", "2100-01-01": "X?"}),
    _S("R3 no date is everything", ("X leeg",), {"1900-01-01": "X?", "2100-01-01": "X?"}),
    _S(
        "R3 everything until a known next start",
        ("X 00000000", "Y 20100601"),
        {"1900-01-01": "X?", "2010-05-31": "X?", "2010-06-01": "Y"},
    ),
    # 4. own start uncertain
    _S(
        "R4 possible from the day after a known previous start",
        ("X 20100315", "Y 20100000"),
        {"2010-03-14": "", "2010-03-15": "X", "2010-03-16": "X? Y?", "2010-12-31": "X? Y?", "2011-01-01": "Y"},
    ),
    _S(
        "R4 previous start before the uncertainty",
        ("X 20090315", "Y 20100000"),
        {"2009-12-31": "X", "2010-01-01": "X? Y?", "2010-12-31": "X? Y?", "2011-01-01": "Y"},
    ),
    _S(
        "R4 previous start partly unknown: from its first day",
        ("X 20100300", "Y 20100000"),
        {"2010-02-28": "", "2010-03-01": "X? Y?", "2010-03-31": "X? Y?", "2010-04-01": "X? Y?", "2011-01-01": "Y"},
    ),
    _S(
        "R4 previous start wholly unknown",
        ("X 00000000", "Y 20100000"),
        {"2009-12-31": "X?", "2010-01-01": "X? Y?", "2010-12-31": "X? Y?", "2011-01-01": "Y"},
    ),
    _S(
        "R4 all time, from the day after the previous start",
        ("X 20100315", "Y 00000000"),
        {"2010-03-15": "X", "2010-03-16": "X? Y?", "2100-01-01": "X? Y?"},
    ),
    _S(
        "R4 a briefadres before it counts as previous start",
        ("X 20100315 brief", "Y 20100000"),
        {"2010-03-15": "", "2010-03-16": "Y?", "2010-12-31": "Y?", "2011-01-01": "Y"},
    ),
    _S(
        "R4 abroad before it counts as previous start",
        ("buitenland 20100315", "Y 20100000"),
        {"2010-03-15": "", "2010-03-16": "Y?", "2011-01-01": "Y"},
    ),
    _S(
        "R4 previous start on the last uncertain day",
        ("X 20100331", "Y 20100300"),
        {"2010-03-30": "", "2010-03-31": "X", "2010-04-01": "Y"},
    ),
    _S(
        "R4 previous start after the uncertainty: it was no stay",
        ("X 20110615", "Y 20100000"),
        {"2010-12-31": "", "2011-01-01": "Y", "2011-06-15": "Y"},
    ),
    # 5. next start uncertain
    _S(
        "R5 possible to the last day of the next start",
        ("X 20090101", "Y 20100600"),
        {"2010-05-31": "X", "2010-06-01": "X? Y?", "2010-06-30": "X? Y?", "2010-07-01": "Y"},
    ),
    _S(
        "R5 known own first day is certain",
        ("X 20100610", "Y 20100600"),
        {"2010-06-09": "", "2010-06-10": "X", "2010-06-11": "X? Y?", "2010-06-30": "X? Y?", "2010-07-01": "Y"},
    ),
    _S(
        "R5 known own first day is the last uncertain day",
        ("X 20100630", "Y 20100600"),
        {"2010-06-29": "", "2010-06-30": "X", "2010-07-01": "Y"},
    ),
    _S(
        "R5 uncertain briefadres after it",
        ("X 20090101", "Y 20100000 brief"),
        {"2009-12-31": "X", "2010-01-01": "X?", "2010-12-31": "X?", "2011-01-01": ""},
    ),
    _S(
        "R5 uncertain departure abroad",
        ("X 20090101", "buitenland 20111200"),
        {"2011-11-30": "X", "2011-12-01": "X?", "2011-12-31": "X?", "2012-01-01": ""},
    ),
    _S(
        "R5 own and next start in one year",
        ("X 20100000", "Y 20100600"),
        {"2009-12-31": "", "2010-01-01": "X?", "2010-05-31": "X?", "2010-06-01": "X? Y?", "2010-07-01": "Y"},
    ),
    _S(
        "R5 own and next start in two years",
        ("X 20100000", "Y 20120000"),
        {"2010-12-31": "X?", "2011-01-01": "X", "2011-12-31": "X", "2012-01-01": "X? Y?", "2013-01-01": "Y"},
    ),
    # 6. the stay after the next one
    _S(
        "R6 uncertainty of the next start ends at the one after it",
        ("X 20090101", "Y 20100000", "Z 20100615"),
        {"2009-12-31": "X", "2010-01-01": "X? Y?", "2010-06-14": "X? Y?", "2010-06-15": "Z"},
    ),
    _S(
        "R6 all time, ended by the one after it",
        ("X 20090101", "Y 00000000", "Z 20100615"),
        {"2009-01-01": "X", "2009-01-02": "X? Y?", "2010-06-14": "X? Y?", "2010-06-15": "Z"},
    ),
    _S(
        "R6 briefadres as the one after it",
        ("X 20090101", "Y 20100000", "Z 20100615 brief"),
        {"2010-06-14": "X? Y?", "2010-06-15": ""},
    ),
    _S(
        "R6 departure as the one after it",
        ("X 20090101", "Y 20100000", "buitenland 20100615"),
        {"2010-06-14": "X? Y?", "2010-06-15": ""},
    ),
    _S(
        "R6 the one after it partly unknown ends it after its last day",
        ("X 20090101", "Y 20100000", "Z 20100600"),
        {"2010-05-31": "X? Y?", "2010-06-30": "X? Y? Z?", "2010-07-01": "Z"},
    ),
    _S(
        "R6 a later known stay ends an endless uncertainty",
        ("X 20090101", "Y 00000000", "- 00000000", "Z 20120101"),
        {"2011-12-31": "X? Y?", "2012-01-01": "Z"},
    ),
    # 7. opschorting
    _S("R7 fout: nowhere", ("X 20100101",), {"2010-01-01": "", "2020-01-01": ""}, ("F", "20150101")),
    _S("R7 wissen: nowhere", ("X 20100101", "Y 20110101"), {"2010-06-01": "", "2012-01-01": ""}, ("W", "20150101")),
    _S(
        "R7 overleden: until the day",
        ("X 20100101",),
        {"2010-01-01": "X", "2015-02-28": "X", "2015-03-01": ""},
        ("O", "20150301"),
    ),
    _S("R7 emigratie", ("X 20100101",), {"2015-02-28": "X", "2015-03-01": ""}, ("E", "20150301")),
    _S("R7 ministerieel besluit", ("X 20100101",), {"2015-02-28": "X", "2015-03-01": ""}, ("M", "20150301")),
    _S("R7 RNI", ("X 20100101",), {"2015-02-28": "X", "2015-03-01": ""}, ("R", "20150301")),
    _S("R7 reason unknown", ("X 20100101",), {"2015-02-28": "X", "2015-03-01": ""}, (".", "20150301")),
    _S("R7 date without reason", ("X 20100101",), {"2015-02-28": "X", "2015-03-01": ""}, (None, "20150301")),
    _S(
        "R7 month of death unknown",
        ("X 20100101",),
        {"2014-12-31": "X", "2015-01-01": "X?", "2015-12-31": "X?", "2016-01-01": ""},
        ("O", "20150000"),
    ),
    _S(
        "R7 day of death unknown, within it a move",
        ("X 20100101", "Y 20150310"),
        {"2015-03-09": "X", "2015-03-10": "Y", "2015-03-11": "Y?", "2015-03-31": "Y?", "2015-04-01": ""},
        ("O", "20150300"),
    ),
    _S(
        "R7 date of death unknown spares earlier stays",
        ("X 20100101", "Y 20110101"),
        {"2010-12-31": "X", "2011-01-01": "Y", "2011-01-02": "Y?", "2100-01-01": "Y?"},
        ("O", "00000000"),
    ),
    _S("R7 reason without date", ("X 20100101",), {"2010-01-01": "X", "2010-01-02": "X?"}, ("O", None)),
    _S("R7 suspended on the first day", ("X 20100101",), {"2010-01-01": "", "2010-01-02": ""}, ("O", "20100101")),
    _S(
        "R7 suspended before the start",
        ("X 20100101", "Y 20110101"),
        {"2010-05-31": "X", "2010-06-01": "", "2011-01-01": ""},
        ("E", "20100601"),
    ),
    _S(
        "R7 unknown month before a later move: possible in that year, and the move was no stay",
        ("X 20090101", "Y 20120101"),
        {"2010-12-31": "X", "2011-01-01": "X?", "2011-12-31": "X?", "2012-01-01": ""},
        ("O", "20110000"),
    ),
    _S(
        "R7 unknown month of emigration: a stay abroad does not bound it",
        ("X 20100101", "buitenland 20150600"),
        {"2014-12-31": "X", "2015-01-01": "X?", "2015-06-30": "X?", "2015-07-01": ""},
        ("E", "20150000"),
    ),
    # 8. vastgesteld verblijft niet op adres
    _S(
        "R8 open: not from 83.20",
        ("X 20100101 code=089999 van=20120301",),
        {"2010-01-01": "X!", "2012-02-29": "X!", "2012-03-01": "", "2020-01-01": ""},
    ),
    _S(
        "R8 open at a former stay",
        ("X 20100101 code=589999 van=20120301", "Y 20130101"),
        {"2012-02-29": "X!", "2012-03-01": "", "2012-12-31": "", "2013-01-01": "Y"},
    ),
    _S(
        "R8 ended while current: for the whole",
        ("X 20100101 code=089999 van=20120301 tot=20120601",),
        {"2012-02-29": "X", "2012-03-01": "X", "2012-05-31": "X", "2012-06-01": "X"},
    ),
    _S(
        "R8 ended before the next start: for the whole",
        ("X 20100101 code=589999 van=20120301 tot=20121231", "Y 20130101"),
        {"2012-03-01": "X", "2012-12-31": "X", "2013-01-01": "Y"},
    ),
    _S(
        "R8 ended on the next start: possible from 83.20",
        ("X 20100101 code=589999 van=20120301 tot=20130101", "Y 20130101"),
        {"2012-02-29": "X", "2012-03-01": "X?", "2012-12-31": "X?", "2013-01-01": "Y"},
    ),
    _S(
        "R8 ended after the next start: possible from 83.20",
        ("X 20100101 code=589999 van=20120301 tot=20130601", "Y 20130101"),
        {"2012-02-29": "X", "2012-03-01": "X?", "2012-12-31": "X?", "2013-01-01": "Y"},
    ),
    _S(
        "R8 ended within an uncertain next start: possible",
        ("X 20100101 code=589999 van=20120301 tot=20130601", "Y 20130000"),
        {"2012-02-29": "X", "2012-03-01": "X?", "2013-12-31": "X? Y?", "2014-01-01": "Y"},
    ),
    _S(
        "R8 ended in an unknown month before the next start",
        ("X 20100101 code=589999 van=20120301 tot=20120000", "Y 20130101"),
        {"2012-03-01": "X", "2012-12-31": "X"},
    ),
    _S(
        "R8 open from an incomplete date",
        ("X 20100101 code=089999 van=20120000",),
        {"2011-12-31": "X!", "2012-01-01": "X?!", "2012-12-31": "X?!", "2013-01-01": ""},
    ),
    _S(
        "R8 ended on an unknown day while current: for the whole",
        ("X 20100101 code=089999 van=20120301 tot=00000000",),
        {"2012-02-29": "X", "2012-03-01": "X", "2020-01-01": "X"},
    ),
    _S("R8 from the first day", ("X 20100101 code=089999 van=20100101",), {"2010-01-01": "", "2010-01-02": ""}),
    _S(
        "R8 ended before a new version of the same stay",
        ("X 20100101 code=589999 van=20120301 tot=20130601", "X 20100101 T=20130401"),
        {"2012-03-01": "X", "2013-03-31": "X", "2013-04-01": "X"},
    ),
    _S(
        "R8 ended after another stay at the same object began: possible until that",
        ("X 20100101 code=589999 van=20120301 tot=20130601", "X 20130401"),
        {"2012-02-29": "X", "2012-03-01": "X?", "2013-03-31": "X?", "2013-04-01": "X"},
    ),
    _S(
        "R8 ended after the split of the object: possible until that",
        ("X 20100101 code=589999 van=20120301 tot=20130601", "Y 20100101 W=20130401"),
        {"2012-02-29": "X", "2012-03-01": "X?", "2013-03-31": "X?", "2013-04-01": "Y"},
    ),
    # 9. onjuist and zeros
    _S("R9 onjuist does not count", ("X 20100101 onjuist", "Y 20110101"), {"2010-06-01": "", "2011-01-01": "Y"}),
    _S(
        "R9 onjuist does not end the stay before it",
        ("X 20100101", "Y 20110101 onjuist", "Z 20120101"),
        {"2010-12-31": "X", "2011-06-01": "X", "2011-12-31": "X", "2012-01-01": "Z"},
    ),
    _S("R9 current row onjuist", ("X 20100101", "Y 20110101 onjuist"), {"2011-01-01": "X", "2020-01-01": "X"}),
    _S("R9 zeros are no object", ("0 20100101",), {"2010-01-01": "", "2020-01-01": ""}),
    _S("R9 zeros end the stay before", ("X 20100101", "0 20110101"), {"2010-12-31": "X", "2011-01-01": ""}),
    # 10. nevenadres: the identificatiecode verblijfplaats decides, whatever the address
    _S(
        "R10 from hoofdadres to nevenadres of one object",
        ("X 20100101", "X 20110101"),
        {"2010-12-31": "X", "2011-01-01": "X", "2020-01-01": "X"},
    ),
    _S(
        "R10 on an unknown day from hoofdadres to nevenadres",
        ("X 20100101", "X 20110000"),
        {"2010-12-31": "X", "2011-06-01": "X", "2012-01-01": "X"},
    ),
    _S(
        "R10 both at uncertain days",
        ("X 20100000", "X 20100600"),
        {"2010-01-01": "X?", "2010-06-30": "X?", "2010-07-01": "X"},
    ),
    _S("R10 twice unknown", ("X 00000000", "X 00000000"), {"1900-01-01": "X?", "2010-01-01": "X?", "2100-01-01": "X?"}),
    # 11. infrastructural and technical changes
    _S(
        "R11 T: not before the ids were added",
        ("- 20000101", "X 20000101 T=20111101"),
        {"2000-01-01": "", "2011-10-31": "", "2011-11-01": "X", "2020-01-01": "X"},
    ),
    _S("R11 T without history", ("X 20000101 T=20111101",), {"2011-10-31": "", "2011-11-01": "X"}),
    _S(
        "R11 T after the row before it of another stay: that one ends at the move",
        ("Y 20000101", "X 20100101 T=20111101"),
        {"2009-12-31": "Y", "2010-01-01": "", "2011-10-31": "", "2011-11-01": "X"},
    ),
    _S(
        "R11 second T of the same stay",
        ("- 20000101", "X 20000101 T=20111101", "X 20000101 T=20150101"),
        {"2011-10-31": "", "2011-11-01": "X", "2014-12-31": "X", "2015-01-01": "X"},
    ),
    _S(
        "R11 second T corrects the id",
        ("- 20000101", "X 20000101 T=20111101", "Y 20000101 T=20150101"),
        {"2011-10-31": "", "2014-12-31": "X", "2015-01-01": "Y"},
    ),
    _S(
        "R11 wrong T replaced by a right one",
        ("- 20000101", "X 20000101 T=20111101 onjuist", "Y 20000101 T=20111101"),
        {"2011-10-31": "", "2011-11-01": "Y"},
    ),
    _S(
        "R11 T at an object that the row before it names already",
        ("X 20100101", "X 20100102 T=20150101"),
        {"2010-01-01": "X", "2012-01-01": "X", "2015-01-01": "X"},
    ),
    _S(
        "R11 W: until and from the date of the split",
        ("X 20000101", "Y 20000101 W=20120601"),
        {"2000-01-01": "X", "2012-05-31": "X", "2012-06-01": "Y", "2020-01-01": "Y"},
    ),
    _S(
        "R11 W with its own start on the date of the event",
        ("X 20000101", "Y 20120601 W=20120601"),
        {"2012-05-31": "X", "2012-06-01": "Y"},
    ),
    _S(
        "R11 W in an unknown month",
        ("X 20000101", "Y 20000101 W=20120000"),
        {"2011-12-31": "X", "2012-01-01": "X? Y?", "2012-12-31": "X? Y?", "2013-01-01": "Y"},
    ),
    _S(
        "R11 W of a stay with unknown start",
        ("X 00000000", "Y 00000000 W=20120601"),
        {"2012-05-31": "X?", "2012-06-01": "Y?", "2020-01-01": "Y?"},
    ),
    _S(
        "R11 W after a stay abroad of the same year is another stay",
        ("X 20090101", "buitenland 20100000", "Y 20100000 W=20100301"),
        {"2009-12-31": "X", "2010-02-28": "X?", "2010-03-01": "X? Y?", "2010-12-31": "X? Y?", "2011-01-01": "Y"},
    ),
    _S("R11 T in the year of an uncertain start", ("X 20110000 T=20110701",), {"2011-06-30": "", "2011-07-01": "X?"}),
    _S("R11 unknown date of T tells nothing", ("X 20000101 T=00000000",), {"1999-12-31": "", "2000-01-01": "X"}),
    _S("R11 85.10 of another aangifte tells nothing", ("X 20000101 A=20111101",), {"2000-01-01": "X"}),
    # 12. in onderzoek
    _S("R12 whole category", ("X 20100101 code=080000 van=20120101",), {"2010-01-01": "X!", "2020-01-01": "X!"}),
    _S("R12 object id", ("X 20100101 code=081180 van=20120101",), {"2010-01-01": "X!"}),
    _S("R12 address", ("X 20100101 code=081100 van=20120101",), {"2010-01-01": "X!"}),
    _S("R12 start date", ("X 20100000 code=081030 van=20120101",), {"2010-01-01": "X?!", "2011-01-01": "X!"}),
    _S("R12 adreshouding", ("X 20100101 code=081000 van=20120101",), {"2010-01-01": "X!"}),
    _S("R12 another element", ("X 20100101 code=081120 van=20120101",), {"2010-01-01": "X", "2020-01-01": "X"}),
    _S("R12 ended", ("X 20100101 code=081180 van=20120101 tot=20120601",), {"2012-02-01": "X", "2020-01-01": "X"}),
    _S(
        "R12 of a former stay only",
        ("X 20100101 code=581180 van=20120101", "Y 20120301"),
        {"2010-01-01": "X!", "2012-02-29": "X!", "2012-03-01": "Y"},
    ),
    _S(
        "R12 a certain day within the uncertain days of a later stay",
        ("X 20100610", "Y 20100600", "X 20100600 code=081180 van=20120101"),
        {"2010-05-31": "", "2010-06-09": "X?!", "2010-06-10": "X", "2010-06-11": "X?! Y?", "2010-07-01": "X!"},
    ),
]
