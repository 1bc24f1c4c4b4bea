"""One table per kind of record that importers give out, and the tables that intake derives from them."""

import sqlalchemy as sa

from importers import records
from registry.store.tables.base import PSEUDONYM, history_table, record_table

woonplaatsen = record_table(records.WOONPLAATSEN)
openbare_ruimten = record_table(records.OPENBARE_RUIMTEN)
nummeraanduidingen = record_table(records.NUMMERAANDUIDINGEN)
verblijfsobjecten = record_table(records.VERBLIJFSOBJECTEN)
ligplaatsen = record_table(records.LIGPLAATSEN)
standplaatsen = record_table(records.STANDPLAATSEN)
panden = record_table(records.PANDEN)
# Somebody who looks for an address waits for the answer.
sa.Index("ix_nummeraanduidingen_postcode", nummeraanduidingen.c.postcode, nummeraanduidingen.c.huisnummer)
sa.Index("ix_nummeraanduidingen_straat", nummeraanduidingen.c.openbare_ruimte_id, nummeraanduidingen.c.huisnummer)
sa.Index("ix_verblijfsobjecten_hoofdadres_id", verblijfsobjecten.c.hoofdadres_id)
sa.Index("ix_ligplaatsen_hoofdadres_id", ligplaatsen.c.hoofdadres_id)
sa.Index("ix_standplaatsen_hoofdadres_id", standplaatsen.c.hoofdadres_id)
sa.Index("ix_verblijfsobjecten_pand_ids", verblijfsobjecten.c.pand_ids)
# Few have more than one pand, or more than one address: those are found without reading the others.
SEVERAL_PANDEN = sa.text("pand_ids LIKE '%,%'")
SIDE_ADDRESSES = sa.text("nevenadres_ids <> '[]'")
for _name, _where in (("panden", SEVERAL_PANDEN), ("nevenadressen", SIDE_ADDRESSES)):
    sa.Index(
        f"ix_verblijfsobjecten_{_name}",
        verblijfsobjecten.c.verblijfsobject_id,
        sqlite_where=_where,
        postgresql_where=_where,
    )

bag_in_onderzoek = record_table(records.BAG_IN_ONDERZOEK)
gemeente_woonplaatsen = record_table(records.GEMEENTE_WOONPLAATSEN)
gebieden = record_table(records.GEBIEDEN)

persoonslijsten = record_table(records.PERSOONSLIJSTEN)
verblijven = record_table(records.VERBLIJVEN)
inspecties = record_table(records.INSPECTIES)
vaststellingen = record_table(records.VASTSTELLINGEN)

vergunningen = record_table(records.VERGUNNINGEN)
bedingen = record_table(records.BEDINGEN)
ontheffingen = record_table(records.ONTHEFFINGEN)
meldingen = record_table(records.MELDINGEN)
aangewezen_gebieden = record_table(records.AANGEWEZEN_GEBIEDEN)
sa.Index("ix_vergunningen_adresseerbaar_object_id", vergunningen.c.adresseerbaar_object_id)
sa.Index("ix_bedingen_adresseerbaar_object_id", bedingen.c.adresseerbaar_object_id)
sa.Index("ix_meldingen_adresseerbaar_object_id", meldingen.c.adresseerbaar_object_id)

relaties = record_table(records.RELATIES)
sa.Index("ix_relaties_gerelateerde", relaties.c.gerelateerde)
geleverde_bewoningen = record_table(records.GELEVERDE_BEWONINGEN)
geleverde_bewoners = record_table(records.GELEVERDE_BEWONERS)
woz_waarden = record_table(records.WOZ_WAARDEN)
sa.Index("ix_woz_waarden_adresseerbaar_object_id", woz_waarden.c.adresseerbaar_object_id)
sa.Index("ix_woz_waarden_woz_object", woz_waarden.c.woz_object)

kadastrale_objecten = record_table(records.KADASTRALE_OBJECTEN)
kadastrale_adressen = record_table(records.KADASTRALE_ADRESSEN)
rechthebbenden = record_table(records.RECHTHEBBENDEN)
tenaamstellingen = record_table(records.TENAAMSTELLINGEN)
overdrachten = record_table(records.OVERDRACHTEN)
corporaties = record_table(records.CORPORATIES)
sa.Index("ix_kadastrale_adressen_adresseerbaar_object_id", kadastrale_adressen.c.adresseerbaar_object_id)
sa.Index("ix_tenaamstellingen_kadastraal_object", tenaamstellingen.c.kadastraal_object)
sa.Index("ix_tenaamstellingen_rechthebbende", tenaamstellingen.c.rechthebbende)
sa.Index("ix_overdrachten_kadastraal_object", overdrachten.c.kadastraal_object)

# Derived. "Since always" is 0001-01-01 here, because a key column cannot be empty.
bewoning = history_table(
    "bewoning",
    key=("persoonslijst", "adresseerbaar_object_id", "valid_from"),
    columns=(
        sa.Column("persoonslijst", sa.Text(), nullable=False, info=PSEUDONYM),
        sa.Column("adresseerbaar_object_id", sa.Text(), nullable=False, index=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.Column("zekerheid", sa.Text(), nullable=False, comment="zeker of mogelijk"),
        sa.Column("in_onderzoek", sa.Boolean(), nullable=False),
    ),
)
ligging = history_table(
    "ligging",
    key=("adresseerbaar_object_id", "gebied_code", "valid_from"),
    columns=(
        sa.Column("adresseerbaar_object_id", sa.Text(), nullable=False),
        sa.Column("gebied_code", sa.Text(), nullable=False, index=True),
        sa.Column("soort", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date()),
    ),
)

# A page about one dwelling asks what was known at some moment. The unique index on what is believed now does not serve
# that question, because it leaves out what was superseded later.
for _table, _column in (
    (verblijfsobjecten, "verblijfsobject_id"),
    (ligplaatsen, "ligplaats_id"),
    (standplaatsen, "standplaats_id"),
    (nummeraanduidingen, "nummeraanduiding_id"),
    (openbare_ruimten, "openbare_ruimte_id"),
    (bag_in_onderzoek, "object_id"),
    (persoonslijsten, "persoonslijst"),
    (relaties, "persoonslijst"),
    (inspecties, "adresseerbaar_object_id"),
    (vaststellingen, "adresseerbaar_object_id"),
    (ontheffingen, "beding"),
    (rechthebbenden, "rechthebbende"),
    (kadastrale_objecten, "kadastraal_object"),
    (bewoning, "persoonslijst"),
    (ligging, "adresseerbaar_object_id"),
):
    sa.Index(f"ix_{_table.name}_{_column}", _table.c[_column])
