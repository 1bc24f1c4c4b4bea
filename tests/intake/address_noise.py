"""Addresses as messy lists write them: seeded noise over known ones, and every historic form, with the true object.

Shared by the accuracy test and by ``benchmarks/bench_linking.py``.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

import polars as pl

from registry.domain.adres import fold_suffix
from registry.intake.linking import ADRESSEN, KANDIDATEN, link

KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
OBJECTS = {"verblijfsobjecten": "verblijfsobject", "ligplaatsen": "ligplaats", "standplaatsen": "standplaats"}
_TITLES = {"Burgemeester": "Burg.", "Dokter": "Dr.", "Professor": "Prof.", "Sint": "St.", "Schout bij Nacht": "Sbn"}
_WORDS = {"van": "v", "der": "d", "den": "d", "de": "d", "Nieuwe": "Nwe", "Eerste": "1e", "Tweede": "2e"}
_ENDINGS = {
    "straat": ("str", "str."),
    "laan": ("ln", "ln."),
    "plein": ("pln",),
    "weg": ("wg",),
    "kade": ("kd",),
    "singel": ("sngl",),
    "plantsoen": ("plnts",),
}


def weesp_forms(frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """The candidates that the BAG extract of Weesp holds, with their whole history (columns of ``KANDIDATEN``)."""
    streets = frames["openbare_ruimten"].select(
        "openbare_ruimte_id",
        pl.col("naam").alias("straat"),
        pl.col("verkorte_naam").alias("verkorte_straat"),
        "valid_from",
        "valid_until",
    )
    issued = frames["nummeraanduidingen"].filter(status="Naamgeving uitgegeven")
    number = ("nummeraanduiding_id", "postcode", "huisnummer", "huisletter", "huisnummertoevoeging")
    addresses = _during(
        issued.select(*number, "openbare_ruimte_id", "valid_from", "valid_until"), streets, "openbare_ruimte_id"
    )
    objects = pl.concat(
        frames[name].select(
            pl.col(f"{kind}_id").alias("adresseerbaar_object_id"),
            pl.lit(kind).alias("objecttype"),
            pl.col("status").alias("object_status"),
            pl.lit(value=True).alias("is_hoofdadres"),
            pl.col("hoofdadres_id").alias("nummeraanduiding_id"),
            "valid_from",
            "valid_until",
        )
        for name, kind in OBJECTS.items()
    )
    found = _during(addresses, objects, "nummeraanduiding_id").with_columns(pl.lit("Weesp").alias("woonplaats"))
    return found.select(KANDIDATEN.names())


def _during(left: pl.DataFrame, right: pl.DataFrame, key: str) -> pl.DataFrame:
    """Rows that meet in time, with the period that they share."""
    joined = left.join(right, on=key, suffix="_right").with_columns(
        pl.max_horizontal("valid_from", "valid_from_right").alias("valid_from"),
        pl.min_horizontal("valid_until", "valid_until_right").alias("valid_until"),
    )
    lasting = pl.col("valid_until").is_null() | (pl.col("valid_from") < pl.col("valid_until"))
    return joined.filter(lasting).drop("valid_from_right", "valid_until_right")


def current(forms: pl.DataFrame, day: date) -> pl.DataFrame:
    """The forms that hold on a day."""
    return forms.filter(pl.col("valid_from") <= day, pl.col("valid_until").is_null() | (pl.col("valid_until") > day))


def unique_addresses(forms: pl.DataFrame) -> pl.DataFrame:
    """Without the addresses that two objects have at once: no text can tell those apart."""
    keyed = forms.with_columns(folded("huisletter", "huisnummertoevoeging"))
    address = ("straat", "huisnummer", "folded")
    return keyed.filter(pl.col("adresseerbaar_object_id").n_unique().over(address) == 1).drop("folded")


@dataclass(frozen=True, slots=True)
class Typed:
    """An address as somebody typed it: in one line, or in columns."""

    straat: str
    huisnummer: int
    huisletter: str
    toevoeging: str
    postcode: str | None
    joint: str = " "
    glued: bool = False
    in_columns: bool = False
    woonplaats: str | None = None

    def columns(self) -> dict[str, object]:
        """The columns of ``ADRESSEN`` that it fills."""
        suffix = self.huisletter + self.toevoeging
        if self.in_columns:
            return {
                "straat": self.straat,
                "huisnummer": self.huisnummer,
                "suffix": suffix or None,
                "postcode": self.postcode,
                "woonplaats": self.woonplaats,
            }
        number = f"{self.huisnummer}{self.joint if suffix else ''}{suffix}"
        if self.glued and self.postcode:
            return {"adres": f"{self.postcode}{number}", "straat": None}
        line = f"{self.straat} {number}"
        place = " ".join(part for part in (self.postcode, self.woonplaats) if part)
        return {"adres": f"{line}, {place}" if place else line}


Noise = Callable[[Typed, random.Random], Typed]


def _case(typed: Typed, chance: random.Random) -> Typed:
    change = chance.choice((str.upper, str.lower, str.swapcase))
    return replace(
        typed,
        straat=change(typed.straat),
        huisletter=change(typed.huisletter),
        toevoeging=change(typed.toevoeging),
        postcode=typed.postcode and change(typed.postcode),
    )


def _spaces(typed: Typed, chance: random.Random) -> Typed:
    straat = typed.straat
    if " " in straat and chance.random() < 0.5:
        place = chance.choice([at for at, char in enumerate(straat) if char == " "])
        straat = straat[:place] + chance.choice(("", "  ")) + straat[place + 1 :]
    postcode = typed.postcode and typed.postcode[:4] + chance.choice(("", " ", "  ")) + typed.postcode[4:]
    return replace(typed, straat=f" {straat} ", postcode=postcode, joint=chance.choice(("", " ", "  ")))


def _hyphens(typed: Typed, chance: random.Random) -> Typed:
    straat = typed.straat.replace(" ", "-", 1) if chance.random() < 0.5 else typed.straat.replace("-", " ")
    return replace(typed, straat=straat, joint=chance.choice(("-", " - ", "/", ".")))


def _glue(typed: Typed, _chance: random.Random) -> Typed:
    return replace(typed, glued=True, joint="")


def abbreviate(straat: str, chance: random.Random) -> str:
    """A street name shortened as people do: title, prepositions, ending, sometimes inner words to one letter."""
    for title, short in _TITLES.items():
        straat = straat.replace(title, short)
    words = [_WORDS.get(word, word) if index else word for index, word in enumerate(straat.split(" "))]
    if len(words) > 2 and chance.random() < 0.3:
        place = chance.randrange(1, len(words) - 1)
        words[place] = words[place][0]
    straat = " ".join(words)
    for ending, shorts in _ENDINGS.items():
        if straat.endswith(ending) and len(straat) > len(ending) + 1:
            return straat.removesuffix(ending) + chance.choice(shorts)
    return straat


def _abbreviation(typed: Typed, chance: random.Random) -> Typed:
    return replace(typed, straat=abbreviate(typed.straat, chance))


def misspell(text: str, chance: random.Random) -> str:
    """One typing error among the letters: a neighbouring key, a missing or doubled letter, or two swapped."""
    letters = [at for at, char in enumerate(text) if char.isalpha() and char.isascii()]
    at = chance.choice(letters)
    kind = chance.choice(("other", "missing", "double", "extra", "swapped"))
    following = text[at + 1 : at + 2]
    if kind == "swapped" and following.isalpha() and following != text[at]:
        return text[:at] + following + text[at] + text[at + 2 :]
    if kind == "missing":
        return text[:at] + text[at + 1 :]
    if kind == "double":
        return text[: at + 1] + text[at] + text[at + 1 :]
    row = next(row for row in KEYBOARD if text[at].lower() in row)
    place = row.index(text[at].lower())
    near = chance.choice([row[other] for other in (place - 1, place + 1) if 0 <= other < len(row)])
    return text[:at] + near + (text[at:] if kind == "extra" else text[at + 1 :])


def _typing_error(typed: Typed, chance: random.Random) -> Typed:
    return replace(typed, straat=misspell(typed.straat, chance))


def _typing_error_alone(typed: Typed, chance: random.Random) -> Typed:
    return replace(_typing_error(typed, chance), postcode=None)


def _typing_error_postcode(typed: Typed, chance: random.Random) -> Typed:
    if typed.postcode is None:
        return typed
    at = chance.randrange(6)
    others = "0123456789" if at else "123456789"
    pool = others if at < 4 else "ABCDEFGHJKLMNPRSTUVWXZ"
    char = chance.choice([other for other in pool if other != typed.postcode[at]])
    return replace(typed, postcode=typed.postcode[:at] + char + typed.postcode[at + 1 :])


def _misnumber(typed: Typed, chance: random.Random) -> Typed:
    digits = list(str(typed.huisnummer))
    at = chance.randrange(len(digits))
    digits[at] = chance.choice([other for other in "123456789" if other != digits[at]])
    return replace(typed, huisnummer=int("".join(digits)))


def _misspell_place(typed: Typed, chance: random.Random) -> Typed:
    return replace(typed, woonplaats=misspell("Weesp", chance), in_columns=True, postcode=None)


def _no_postcode(typed: Typed, _chance: random.Random) -> Typed:
    return replace(typed, postcode=None)


def _swapped(typed: Typed, _chance: random.Random) -> Typed:
    return replace(typed, huisletter=typed.toevoeging, toevoeging=typed.huisletter, in_columns=True)


def _everything(typed: Typed, chance: random.Random) -> Typed:
    for noise in (_abbreviation, _case, _hyphens, _spaces):
        typed = noise(typed, chance)
    return replace(typed, postcode=typed.postcode if chance.random() < 0.5 else None)


def _error_in_short(typed: Typed, chance: random.Random) -> Typed:
    return _case(_typing_error(_abbreviation(typed, chance), chance), chance)


KINDS: dict[str, Noise] = {
    "hoofdletters": _case,
    "spaties": _spaces,
    "streepjes": _hyphens,
    "postcode_aan_huisnummer": _glue,
    "afkorting": _abbreviation,
    "typefout_straat": _typing_error,
    "typefout_straat_zonder_postcode": _typing_error_alone,
    "typefout_postcode": _typing_error_postcode,
    "zonder_postcode": _no_postcode,
    "letter_en_toevoeging_verwisseld": _swapped,
    "alles_behalve_typefout": _everything,
    "typefout_in_afkorting": _error_in_short,
    "typefout_woonplaats": _misspell_place,
}
# A wrong huisnummer often is the right one of somebody else: no linking can see that, so it is counted apart.
UNSEEN: dict[str, Noise] = {"typefout_huisnummer": _misnumber}


def noisy_rows(
    forms: pl.DataFrame, day: date, *, seed: int = 7, kinds: Mapping[str, Noise] = MappingProxyType(KINDS)
) -> pl.DataFrame:
    """Every address with every kind of noise: columns of ``ADRESSEN``, ``kind`` and the true object ``truth``."""
    chance = random.Random(seed)  # noqa: S311 - a reproducible test, no secret
    rows: list[dict[str, object]] = []
    names = ("straat", "huisnummer", "huisletter", "huisnummertoevoeging", "postcode", "adresseerbaar_object_id")
    for straat, number, letter, addition, postcode, truth in forms.select(names).sort("straat", *names[1:]).iter_rows():
        for kind, noise in kinds.items():
            plain = Typed(
                straat,
                number,
                letter or "",
                addition or "",
                postcode,
                in_columns=chance.random() < 0.3,
                woonplaats=chance.choice((None, None, "Weesp", "WEESP")),
            )
            rows.append(noise(plain, chance).columns() | {"kind": kind, "truth": truth})
    frame = pl.DataFrame(rows, schema=ADRESSEN | {"kind": pl.String(), "truth": pl.String()})
    return frame.with_columns(row_nr=pl.int_range(pl.len(), dtype=pl.Int64), op=pl.lit(day))


def historic_rows(forms: pl.DataFrame, today: date) -> pl.DataFrame:
    """Every address form that ever was, on its first and last day, and asked today where nothing else has it now.

    Left out is a form that two objects shared on the day: no text can tell those apart.
    """
    days = {
        "eerste_dag": pl.col("valid_from"),
        "laatste_dag": pl.col("valid_until").dt.offset_by("-1d"),
        "vandaag": pl.when(pl.col("valid_until") <= today).then(pl.lit(today)),
    }
    asked = pl.concat(
        forms.filter(day.is_not_null()).with_columns(kind=pl.lit(kind), op=day) for kind, day in days.items()
    ).with_columns(folded("huisletter", "huisnummertoevoeging"))
    every = forms.with_columns(folded("huisletter", "huisnummertoevoeging"))
    address = ["straat", "huisnummer", "folded"]
    others = asked.with_row_index("asked").join(every, on=address, suffix="_other")
    then = (pl.col("valid_from_other") <= pl.col("op")) & (
        pl.col("valid_until_other").is_null() | (pl.col("valid_until_other") > pl.col("op"))
    )
    shared = others.filter(
        then | (pl.col("kind") == "vandaag"),
        pl.col("adresseerbaar_object_id") != pl.col("adresseerbaar_object_id_other"),
    )
    rows = asked.with_row_index("asked").join(shared, on="asked", how="anti")
    rows = rows.unique(["kind", "op", *address, "adresseerbaar_object_id"], maintain_order=True)
    with_postcode = rows.with_columns(kind=pl.col("kind") + "_met_postcode").filter(pl.col("postcode").is_not_null())
    rows = pl.concat([rows.with_columns(postcode=pl.lit(None, pl.String)), with_postcode])
    return as_addresses(rows)


def trap_rows(forms: pl.DataFrame, today: date) -> pl.DataFrame:
    """The old addresses that denote another object today, as of their own first day."""
    names = ["straat", "huisnummer", "huisletter", "huisnummertoevoeging"]
    existing = pl.col("object_status").is_in(["Verblijfsobject gevormd", "Verblijfsobject ingetrokken"]).not_()
    now = current(forms, today).filter(existing)
    past = forms.filter(pl.col("valid_until") <= today, pl.col("object_status").str.starts_with("Verblijfsobject in g"))
    traps = past.join(now, on=names, nulls_equal=True, suffix="_now").filter(
        pl.col("adresseerbaar_object_id") != pl.col("adresseerbaar_object_id_now")
    )
    traps = traps.unique(["adresseerbaar_object_id", *names], maintain_order=True)
    return as_addresses(traps.with_columns(kind=pl.lit("val"), op=pl.col("valid_from")))


def folded(*parts: str) -> pl.Expr:
    """The suffix of a form as one key, in the column ``folded``."""
    joined = pl.concat_str(parts, ignore_nulls=True)
    return joined.map_elements(fold_suffix, return_dtype=pl.String, skip_nulls=False).alias("folded")


def as_addresses(forms: pl.DataFrame) -> pl.DataFrame:
    """Forms with ``kind`` and ``op`` as rows to link, with their object as ``truth``."""
    rows = forms.with_row_index("row_nr").select(
        pl.col("row_nr").cast(pl.Int64),
        "kind",
        "op",
        "straat",
        "huisnummer",
        "postcode",
        suffix=pl.concat_str("huisletter", "huisnummertoevoeging", ignore_nulls=True),
        truth="adresseerbaar_object_id",
    )
    absent = [pl.lit(None, ADRESSEN[name]).alias(name) for name in ADRESSEN.names() if name not in rows.columns]
    return rows.with_columns(absent)


def judge_unknown(forms: pl.DataFrame, day: date, *, part: int, of: int = 5) -> pl.DataFrame:
    """Noisy addresses of streets that the candidates do not hold: every ``of``-th street is taken out."""
    streets = forms["straat"].drop_nulls().unique().sort().gather_every(of, part)
    out = pl.col("straat").is_in(streets.implode())
    asked = unique_addresses(current(forms.filter(out), day))
    return judge(noisy_rows(asked, day, seed=part), forms.filter(~out))


def judge(rows: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """The outcome of linking beside the truth: kind, truth, status, level, adresseerbaar_object_id, reden."""
    linked = link(rows, forms)
    return linked.join(rows.drop("adresseerbaar_object_id", "nummeraanduiding_id"), on="row_nr", maintain_order="left")


def accuracy(judged: pl.DataFrame) -> dict[str, float]:
    """Precision over what was accepted, and recall over everything."""
    accepted, right = judged.filter(status="gekoppeld").height, judged.height - wrong(judged, also_unlinked=True).height
    return {"precision": right / max(accepted, 1), "recall": right / max(judged.height, 1)}


def wrong(judged: pl.DataFrame, *, also_unlinked: bool = False) -> pl.DataFrame:
    """What was linked to another object than the true one."""
    found = pl.col("adresseerbaar_object_id")
    return judged.filter((found != pl.col("truth")).fill_null(value=also_unlinked))
