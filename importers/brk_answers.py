"""What answers of BRK Bevragen v2 say, as rows: objects, their addresses, rights, persons and parts of deeds.

Which shapes count as an answer stands in docs/bronnen/brk.md. An answer that is none of them is set aside whole.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from importers.brk_adressen import address_of, postal_line
from importers.brk_files import Answer
from importers.issues import IssueLog
from importers.json_values import as_dict, as_dicts, as_text, as_texts, as_truth, as_whole

Row = dict[str, Any]

_OBJECT_PATH = re.compile(r"^/kadastraalonroerendezaken/([^/?]+)")
_HOLDERS_PATH = re.compile(r"^/kadastraalonroerendezaken/[^/?]+/zakelijkgerechtigden")
_FILTERED = re.compile(r"[?&]type=")
_OBJECT_ID = re.compile(r"[0-9]{14}")
_NATURAL, _LEGAL = "natuurlijk_persoon", "rechtspersoon"
_UNUSED = ("hypotheek", "hypotheken", "beslag", "beslagen", "beperking", "beperkingen")


@dataclass(slots=True)
class Answers:
    """Everything that the answers of one file say, by kind; each row with ``source_file`` and ``source_row``.

    ``persons`` and ``stukdelen`` are by their key, because more than one answer may tell of one person.
    """

    objects: dict[str, Row] = field(default_factory=dict)
    addresses: list[Row] = field(default_factory=list)
    rights: list[Row] = field(default_factory=list)
    persons: dict[str, Row] = field(default_factory=dict)
    stukdelen: dict[str, Row] = field(default_factory=dict)
    logs: dict[str, IssueLog] = field(default_factory=dict)
    read: int = 0
    unused: int = 0

    def take(self, answers: Iterable[Answer]) -> None:
        """Sort every answer into rows; one that holds a list of answers is read as one."""
        place = None
        for answer in answers:
            self.read += place != (place := (answer.source_file, answer.source_row))
            if not _Reader(self, answer).read():
                self.log(answer.source_file).set_aside(
                    "geen_antwoord",
                    "Dit is geen antwoord van BRK Bevragen v2 over een onroerende zaak, gerechtigde, persoon of stuk. "
                    "Vraag het opnieuw op.",
                    source_row=answer.source_row,
                    row={"antwoord": answer.body},
                )

    def log(self, source_file: str) -> IssueLog:
        """The issues of one file."""
        return self.logs.setdefault(source_file, IssueLog(source_file))


class _Reader:
    """Reads one answer; ``read`` tells whether it was one."""

    def __init__(self, answers: Answers, answer: Answer) -> None:
        self.answers = answers
        self.answer = answer
        self.place: Row = {"source_file": answer.source_file, "source_row": answer.source_row}

    def read(self) -> bool:
        body, path = self.answer.body, self.answer.request
        if not isinstance(body, dict):
            return False
        embedded = as_dict(body.get("_embedded"))
        if "identificatie" not in body and self._collection(body, embedded, path):
            return True
        kind = self._kind(body, path)
        if kind is None:
            return False
        kind(body)
        return True

    def _collection(self, body: Row, embedded: Row, path: str | None) -> bool:
        readers: dict[str, Callable[[Row], None]] = {
            "kadastraalOnroerendeZaken": self._object,
            "kadasterNatuurlijkPersonen": self._natural,
            "kadasterNietNatuurlijkPersonen": self._legal,
            "stukken": self._stuk,
            "stukdelen": self._stukdeel,
        }
        found = [name for name in readers if name in embedded]
        for reader, item in ((readers[name], item) for name in found for item in as_dicts(embedded[name])):
            reader(item)
        if "zakelijkGerechtigden" in embedded or (path is not None and _HOLDERS_PATH.match(path)):
            self._holders(body, embedded, path)
            return True
        if not found and any(name in key.lower() for key in embedded for name in _UNUSED):
            self.answers.unused += 1
            return True
        return bool(found)

    def _kind(self, body: Row, path: str | None) -> Callable[[Row], None] | None:
        """What reads this one thing: told by the path that was asked, else by what only its kind has."""
        if "identificatie" not in body:
            return None
        part = (path or "/").split("?", 1)[0].split("/")[1]
        signs: list[tuple[bool, Callable[[Row], None]]] = [
            (part == "kadasternatuurlijkpersonen", self._natural),
            (part == "kadasternietnatuurlijkpersonen", self._legal),
            (part == "stukken", self._stuk),
            (part == "stukdelen", self._stukdeel),
            (body.get("type") in ("perceel", "appartementsrecht"), self._object),
            (body.get("domein") == "NL.IMKAD.KadastraalObject", self._object),
            (path is not None and _HOLDERS_PATH.match(path) is not None, self._single_holder),
            ("statutaireNaam" in body or "rsin" in body or "kvkNummer" in body, self._legal),
            ("geboorte" in body or isinstance(body.get("naam"), dict), self._natural),
            ("stukdeelIdentificaties" in body or "deelEnNummer" in body, self._stuk),
            ("bedragTransactiesomLevering" in body, self._stukdeel),
        ]
        return next((reader for applies, reader in signs if applies), None)

    def _object(self, body: Row) -> None:
        key = as_text(body.get("identificatie"))
        if key is None or not _OBJECT_ID.fullmatch(key):
            self.answers.log(self.answer.source_file).set_aside(
                "objectidentificatie",
                "De identificatie van de onroerende zaak heeft geen veertien cijfers. Vraag haar opnieuw op.",
                source_row=self.answer.source_row,
                row={"antwoord": body},
            )
            return
        koopsom = as_dict(body.get("koopsom"))
        cultuur = as_dict(body.get("aardCultuurBebouwd"))
        self._merge_object(
            key,
            {
                "kadastrale_aanduiding": as_text(body.get("kadastraleAanduiding")),
                "type": as_text(body.get("type")),
                "aard_cultuur_code": as_text(cultuur.get("code")),
                "aard_cultuur": as_text(cultuur.get("waarde")),
                "gesplitst_zakelijk_recht": as_text(body.get("gesplitstZakelijkRecht")),
                "vervallen": as_truth(body.get("indicatieVervallen")),
                "sluimerend": as_truth(body.get("indicatieSluimerend")),
                "koopsom": as_whole(koopsom.get("koopsom")),
                "koopjaar": as_whole(koopsom.get("koopjaar")),
                "koopsom_meer_objecten": as_truth(koopsom.get("indicatieMetMeerObjectenVerkregen")),
                "grondpercelen": _ids(body.get("bijbehorendeGrondpercelen")),
                "appartementsrechten": _ids(body.get("bijbehorendeAppartementsrechten")),
                "ontstaan_uit": _ids(as_dict(body.get("isOntstaanUit")).get("kadastraalOnroerendeZaken")),
                "overgegaan_in": _ids(as_dict(body.get("isOvergegaanIn")).get("kadastraalOnroerendeZaken")),
                "tenaamstellingen": _keys(key, body.get("zakelijkGerechtigdeIdentificaties")),
            },
        )
        if isinstance(body.get("adressen"), list):
            self._addresses(key, as_dicts(body["adressen"]))
        holders = as_dict(body.get("_embedded")).get("zakelijkGerechtigden")
        if isinstance(holders, list):
            self._merge_object(key, {"tenaamstellingen": [self._holder(key, item) for item in as_dicts(holders)]})

    def _merge_object(self, key: str, values: Row) -> None:
        """What a later answer says of an object goes before what an earlier one said; what it leaves out stays."""
        known = self.answers.objects.setdefault(key, {"kadastraal_object": key, **self.place})
        known.update({name: value for name, value in values.items() if value is not None or name not in known})

    def _addresses(self, key: str, adressen: list[Row]) -> None:
        rows = (address_of(adres) | {"kadastraal_object": key} | self.place for adres in adressen)
        kept = [row for row in rows if row["adres_sleutel"] is not None]
        self.answers.addresses += kept
        self._merge_object(key, {"adressen": sorted({row["adres_sleutel"] for row in kept})})

    def _holders(self, body: Row, embedded: Row, path: str | None) -> None:
        found = _OBJECT_PATH.match(path or "")
        if found is None or not _OBJECT_ID.fullmatch(found[1]):
            self.answers.log(self.answer.source_file).set_aside(
                "object_onbekend",
                "Van deze gerechtigden is niet bekend van welke onroerende zaak zij zijn: het antwoord noemt zijn "
                "adres (_links.self) niet. Lever het antwoord onbewerkt aan.",
                source_row=self.answer.source_row,
                row={"antwoord": body},
            )
            return
        key = found[1]
        self._merge_object(key, {"gesplitst_zakelijk_recht": as_text(body.get("gesplitstZakelijkRecht"))})
        keys = [self._holder(key, item) for item in as_dicts(embedded.get("zakelijkGerechtigden"))]
        # Asked for one kind of right, the answer leaves the others out.
        if not _FILTERED.search(path or ""):
            self._merge_object(key, {"tenaamstellingen": keys})

    def _single_holder(self, body: Row) -> None:
        found = _OBJECT_PATH.match(self.answer.request or "")
        if found is not None and _OBJECT_ID.fullmatch(found[1]):
            self._merge_object(found[1], {})
            self._holder(found[1], body)

    def _holder(self, kadastraal_object: str, body: Row) -> str:
        """Note a right and its holder; gives the key of the tenaamstelling."""
        key = f"{kadastraal_object}/{as_text(body.get('identificatie'))}"
        tenaamstelling = as_dict(body.get("tenaamstelling"))
        aandeel, samen = as_dict(tenaamstelling.get("aandeel")), as_dict(tenaamstelling.get("gezamenlijkAandeel"))
        stukdelen = as_texts(tenaamstelling.get("isGebaseerdOpStukdeelIdentificaties"))
        stukken = as_texts(tenaamstelling.get("stukIdentificaties"))
        partner = tenaamstelling.get("betrokkenPartner")
        self.answers.rights.append(
            {
                "tenaamstelling": key,
                "kadastraal_object": kadastraal_object,
                "aard_recht_bron": as_text(body.get("type")),
                "aandeel_teller": as_whole(aandeel.get("teller")),
                "aandeel_noemer": as_whole(aandeel.get("noemer")),
                "gezamenlijk_teller": as_whole(samen.get("teller")),
                "gezamenlijk_noemer": as_whole(samen.get("noemer")),
                "rechthebbende": self._person(as_dict(body.get("persoon")), key),
                "partner": self._person(partner, f"{key}/partner") if isinstance(partner, dict) else None,
                "aanvang": as_text(body.get("aanvangsdatum")),
                "stukdelen": stukdelen,
                "stuk": stukken[0] if len(stukken) == 1 else None,
                **self.place,
            }
        )
        return key

    def _person(self, persoon: Row, right: str) -> str:
        """Note a person as a right names it; gives its key."""
        kind, number = as_text(persoon.get("type")) or "", as_text(persoon.get("identificatie"))
        natural = None if not kind else not kind.endswith("niet_natuurlijk_persoon")
        name = as_text(persoon.get("omschrijving"))
        known: Row = {
            "type": None if natural is None else _NATURAL if natural else _LEGAL,
            "ingeschreven": kind.startswith("ingeschreven_") if kind else None,
            "statutaire_naam": name if natural is False else None,
            "naam": None if natural is False else name,
        }
        if number is None or not kind:
            key = f"tenaamstelling:{right}"
        elif kind == "ingeschreven_natuurlijk_persoon":
            key, known["bsn"] = f"bsn:{number.zfill(9)}", number.zfill(9)
        elif kind == "ingeschreven_niet_natuurlijk_persoon":
            key, known["rsin"] = f"rsin:{number.zfill(9)}", number.zfill(9)
        else:
            key = f"kadaster:{number}"
        self._merge_person(key, known)
        return key

    def _merge_person(self, key: str, values: Row) -> None:
        known = self.answers.persons.setdefault(key, {"rechthebbende": key, **self.place})
        known.update({name: value for name, value in values.items() if value is not None})

    def _natural(self, body: Row) -> None:
        naam = as_dict(body.get("naam"))
        parts = (as_text(naam.get(part)) for part in ("voornamen", "voorletters", "voorvoegsel", "geslachtsnaam"))
        name = as_text(body.get("omschrijving")) or " ".join(part for part in parts if part) or None
        known = {"type": _NATURAL, "ingeschreven": False, "naam": name, "post": postal_line(body)}
        self._merge_person(f"kadaster:{as_text(body.get('identificatie'))}", known)

    def _legal(self, body: Row) -> None:
        rechtsvorm = as_dict(body.get("rechtsvorm"))
        known = {
            "type": _LEGAL,
            "ingeschreven": False,
            "rsin": as_text(body.get("rsin")),
            "kvk": as_text(body.get("kvkNummer")),
            "statutaire_naam": as_text(body.get("statutaireNaam")) or as_text(body.get("omschrijving")),
            "statutaire_zetel": as_text(body.get("statutaireZetel")),
            "rechtsvorm_code": as_text(rechtsvorm.get("code")),
            "rechtsvorm": as_text(rechtsvorm.get("waarde")),
            "post": postal_line(body),
        }
        self._merge_person(f"kadaster:{as_text(body.get('identificatie'))}", known)

    def _stuk(self, body: Row) -> None:
        key = as_text(body.get("identificatie"))
        for stukdeel in as_texts(body.get("stukdeelIdentificaties")):
            self.answers.stukdelen.setdefault(stukdeel, {"stukdeel": stukdeel}).update({"stuk": key})
        for item in as_dicts(as_dict(body.get("_embedded")).get("stukdelen")):
            self._stukdeel(item, stuk=key)

    def _stukdeel(self, body: Row, stuk: str | None = None) -> None:
        key = as_text(body.get("identificatie"))
        if key is None:
            return
        aard, bedrag = as_dict(body.get("aard")), as_dict(body.get("bedragTransactiesomLevering"))
        stuk = stuk or as_text(as_dict(as_dict(body.get("_embedded")).get("stuk")).get("identificatie"))
        known = self.answers.stukdelen.setdefault(key, {"stukdeel": key})
        values = {
            "stuk": stuk,
            "aard_stuk_code": as_text(aard.get("code")),
            "aard_stuk": as_text(aard.get("waarde")),
            "som": as_whole(bedrag.get("som")),
        }
        known.update({name: value for name, value in values.items() if value is not None})


def _ids(value: object) -> list[str] | None:
    if not isinstance(value, list):
        return None
    return sorted(text for item in as_dicts(value) if (text := as_text(item.get("identificatie"))) is not None)


def _keys(kadastraal_object: str, value: object) -> list[str] | None:
    return [f"{kadastraal_object}/{text}" for text in as_texts(value)] if isinstance(value, list) else None
