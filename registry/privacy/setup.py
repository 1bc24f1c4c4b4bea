"""What a registry still lacks before it is used for real persons, each with what to do about it."""

from dataclasses import dataclass
from datetime import date

from registry.crypto import BsnCipher, KeysError
from registry.keys import open_cipher
from registry.privacy.activities import register_of
from registry.privacy.purposes import purpose_status
from registry.privacy.retention import read_terms, shipped_terms, terms_on
from registry.settings import Settings
from registry.store.engine import ReadConnection
from registry.store.queries.keys import read_sleutelstand
from registry.store.queries.runs import imported_sources, last_run
from rules.parameters import Law

_NEEDED = ("bag", "gebieden", "brp")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the set-up: whether it is ready, and else what to do."""

    onderdeel: str
    gereed: bool
    toelichting: str

    def as_row(self) -> dict[str, str]:
        """For a table."""
        return {
            "onderdeel": self.onderdeel,
            "gereed": "ja" if self.gereed else "nee",
            "toelichting": self.toelichting,
        }


def missing_parts(
    connection: ReadConnection, settings: Settings, law: Law, *, gemeente: str | None, day: date
) -> list[Part]:
    """Every part of the set-up, ready or not.

    Args:
        connection: where to read.
        settings: of this registry.
        law: the law files.
        gemeente: code of the municipality (``GM0606``), when it was given.
        day: today.
    """
    production = settings.omgeving == "productie"
    return [
        Part("database", gereed=True, toelichting="bijgewerkt tot deze versie"),
        _law(law, gemeente),
        _keys(connection, settings),
        Part(
            "omgeving",
            gereed=production,
            toelichting="productie" if production else "zet WOONREGISTER_OMGEVING=productie voor echte personen",
        ),
        _terms(settings, day),
        _activities(settings, day),
        Part(
            "ankers van het toegangslog",
            gereed=settings.toegangslog_ankers is not None,
            toelichting="WOONREGISTER_TOEGANGSLOG_ANKERS: een bestand dat de databasebeheerder niet kan wijzigen",
        ),
        *_purposes(connection, settings, day),
        _sources(connection),
    ]


def _law(law: Law, gemeente: str | None) -> Part:
    if gemeente is None:
        return Part("wetsbestand", gereed=False, toelichting="noem de gemeente: woonregister init --gemeente GM0606")
    known = gemeente in law.gemeenten
    text = "aanwezig" if known else f"maak rules/law/verordeningen/{gemeente.lower()}.yml (zie docs/regelboek.md)"
    return Part(f"wetsbestand van {gemeente}", gereed=known, toelichting=text)


def _keys(connection: ReadConnection, settings: Settings) -> Part:
    given = settings.sleutels.get_secret_value() if settings.sleutels else None
    try:
        cipher: BsnCipher = open_cipher(
            settings.sleutelbestand, given, in_use=True, stand=read_sleutelstand(connection)[0], production=True
        )
    except KeysError as error:
        return Part("sleutels", gereed=False, toelichting=str(error))
    return Part("sleutels", gereed=True, toelichting=f"sleutelstand {cipher.stand}")


def _terms(settings: Settings, day: date) -> Part:
    terms = terms_on(read_terms(settings.bewaartermijnen) if settings.bewaartermijnen else shipped_terms(), day)
    unsure = [one.gegevenssoort for one in terms if one.status == "te_bevestigen" or one.maanden is None]
    text = f"nog te bevestigen: {', '.join(unsure)}" if unsure else "alle termijnen zijn bevestigd"
    return Part("bewaartermijnen", gereed=not unsure, toelichting=text)


def _activities(settings: Settings, day: date) -> Part:
    held = [one for one in register_of(settings.verwerkingsregister).all() if one.holds_on(day)]
    unsure = [one.code for one in held if one.status == "te_bevestigen" or one.uri is None]
    text = f"nog te bevestigen, of zonder uri: {', '.join(unsure)}" if unsure else "volledig"
    return Part("register van verwerkingen", gereed=not unsure, toelichting=text)


def _purposes(connection: ReadConnection, settings: Settings, day: date) -> list[Part]:
    known = last_run(connection)
    found = []
    for one in register_of(settings.verwerkingsregister).all():
        if one.bronnen_na_besluit and one.holds_on(day):
            decided = purpose_status(connection, one, known=known).besloten
            text = "besloten" if decided else f"beslis met: woonregister doel kies {one.code}"
            found.append(Part(f"doel {one.code}", gereed=decided, toelichting=text))
    return found


def _sources(connection: ReadConnection) -> Part:
    held = set(imported_sources(connection, known=last_run(connection))["bron"].to_list())
    missing = [bron for bron in _NEEDED if bron not in held]
    text = f"lees nog in: {', '.join(missing)}" if missing else "bag, gebieden en brp zijn ingelezen"
    return Part("bronnen", gereed=not missing, toelichting=text)
