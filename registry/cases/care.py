"""Care for residents: a hand-over to the social team, with consent and without the enforcement file.

The aim is decent housing for the people who live somewhere. A hand-over holds the address and what help was asked for,
never a rule, a signal, a visit or a case: who helps need not know why an inspector came. Without consent it holds no
address and no words; it is counted all the same, so that a municipality sees how many people need another home.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

import polars as pl

from importers.field_columns import mask_bsns
from registry import clock
from registry.errors import UsageError
from registry.store.engine import ReadConnection, Store
from registry.store.queries.care import (
    forget_referral,
    insert_referral,
    insert_referral_event,
    read_referrals,
)
from registry.store.queries.runs import last_run
from registry.store.queries.stock import read_area_names


class Aanleiding(StrEnum):
    """What people need."""

    ANDERE_WOONRUIMTE = "andere_woonruimte"
    VEILIGHEID = "veiligheid"  # fire, gas, damp, the building itself
    ZORG = "zorg"
    KINDEREN = "kinderen"
    GELD = "geld"
    MOGELIJKE_UITBUITING = "mogelijke_uitbuiting"
    ANDERS = "anders"


@dataclass(frozen=True, slots=True)
class Referral:
    """What an inspector hands over.

    Attributes:
        datum: the day.
        adresseerbaar_object_id: the dwelling; without consent it only tells the buurt.
        aanleiding: what people need.
        auteur: who hands over.
        toestemming: whether the people agreed.
        toestemming_wijze: how they did; only and always with consent.
        overgedragen_aan: the team; only and always with consent.
        hulpvraag: what they asked for, in words; only with consent.
        aantal_personen: how many people.
        minderjarigen: whether there are children; None is unknown.
    """

    datum: date
    adresseerbaar_object_id: str
    aanleiding: Aanleiding
    auteur: str
    toestemming: bool
    toestemming_wijze: Literal["mondeling", "schriftelijk"] | None = None
    overgedragen_aan: str | None = None
    hulpvraag: str | None = None
    aantal_personen: int | None = None
    minderjarigen: bool | None = None


def refer(store: Store, referral: Referral) -> int:
    """Write a hand-over down; its number.

    Raises:
        UsageError: it holds words or a team without consent, or lacks them with it.
        StoreError: the database failed.
    """
    _check(referral)
    agreed = referral.toestemming
    with store.write_transaction() as connection:
        buurt = _buurt(connection, referral.adresseerbaar_object_id, referral.datum)
        values = {
            "datum": referral.datum,
            "buurt": buurt,
            "aanleiding": referral.aanleiding.value,
            "aantal_personen": referral.aantal_personen,
            "minderjarigen": referral.minderjarigen,
            "toestemming": agreed,
            "toestemming_wijze": referral.toestemming_wijze,
            "overgedragen_aan": referral.overgedragen_aan,
            "adresseerbaar_object_id": referral.adresseerbaar_object_id if agreed else None,
            "hulpvraag": mask_bsns(referral.hulpvraag) if referral.hulpvraag else None,
            "auteur": referral.auteur.strip(),
            "vastgelegd_op": clock.now(),
        }
        return insert_referral(connection, values)


def follow(
    store: Store,
    number: int,
    soort: Literal["opgepakt", "afgerond", "toestemming_ingetrokken"],
    *,
    author: str,
    remark: str | None = None,
) -> None:
    """Write down what became of a hand-over; consent that is taken back empties it at once.

    Raises:
        UsageError: there is no such hand-over, or its consent was taken back.
        StoreError: the database failed.
    """
    if not author.strip():
        raise UsageError("Vermeld wie dit vastlegt.")
    with store.write_transaction() as connection:
        found = read_referrals(connection, number=number)
        if found.is_empty():
            raise UsageError(f"Doorverwijzing {number} bestaat niet. 'woonregister doorverwijzing lijst' toont ze.")
        if not found["toestemming"][0]:
            raise UsageError(f"Doorverwijzing {number} is zonder toestemming en wordt alleen geteld.")
        values = {"doorverwijzing_id": number, "soort": soort, "auteur": author.strip(), "gebeurd_op": clock.now()}
        insert_referral_event(connection, values | {"toelichting": mask_bsns(remark) if remark else None})
        if soort == "toestemming_ingetrokken":
            forget_referral(connection, number)


def count_referrals(
    connection: ReadConnection, *, since: date | None = None, until: date | None = None, per_buurt: bool = False
) -> pl.DataFrame:
    """How many hand-overs and people, per need (and buurt).

    Returns:
        (buurt,) aanleiding, aantal, personen, met_kinderen, met_toestemming, afgerond.
    """
    keys = ["buurt", "aanleiding"] if per_buurt else ["aanleiding"]
    return (
        read_referrals(connection, since=since, until=until)
        .group_by(keys)
        .agg(
            aantal=pl.len(),
            personen=pl.col("aantal_personen").sum(),
            met_kinderen=pl.col("minderjarigen").sum(),
            met_toestemming=pl.col("toestemming").sum(),
            afgerond=(pl.col("stand") == "afgerond").sum(),
        )
        .sort(keys)
    )


def _check(referral: Referral) -> None:
    if not referral.auteur.strip():
        raise UsageError("Vermeld wie doorverwijst.")
    if referral.aantal_personen is not None and not 0 < referral.aantal_personen < 1000:
        raise UsageError("Het aantal personen ligt tussen 1 en 999.")
    if referral.toestemming and not (referral.toestemming_wijze and referral.overgedragen_aan):
        raise UsageError(
            "Vermeld bij toestemming hoe zij is gegeven (mondeling of schriftelijk) en aan welk team u overdraagt."
        )
    if not referral.toestemming and (referral.toestemming_wijze or referral.overgedragen_aan or referral.hulpvraag):
        raise UsageError(
            "Zonder toestemming van bewoners wordt niets overgedragen: laat team, wijze en hulpvraag weg. De melding "
            "telt dan alleen mee."
        )


def _buurt(connection: ReadConnection, object_id: str, day: date) -> str | None:
    """The name of the buurt.

    Raises:
        UsageError: the registry does not know the object.
    """
    names = read_area_names(connection, op=day, known=last_run(connection)).filter(adresseerbaar_object_id=object_id)
    if names.is_empty():
        raise UsageError(f"Het object {object_id} ligt op {day:%d-%m-%Y} niet in een wijk of buurt van dit register.")
    buurt: str | None = names["buurt"][0]
    return buurt
