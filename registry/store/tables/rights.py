"""What people decided about data on persons: restrictions, purposes, destruction, and which hash keys are in use."""

import sqlalchemy as sa

from registry.store.tables.base import PSEUDONYM, ROW_ID, history_table, metadata
from registry.store.types import TextList

# Both decide what a rule may use, so they are known from a run on: an old receipt finds what held then.
beperkingen = history_table(
    "beperkingen",
    key=("soort", "pseudoniem"),
    columns=(
        sa.Column("soort", sa.Text(), nullable=False, comment="persoonslijst of rechthebbende"),
        sa.Column("pseudoniem", sa.Text(), nullable=False, index=True, info=PSEUDONYM),
        sa.Column("grond", sa.Text(), nullable=False, comment="AVG art. 18 lid 1: a, b, c of d"),
        sa.Column("reden", sa.Text(), nullable=False),
        sa.Column("auteur", sa.Text(), nullable=False),
        sa.Column("besloten_op", sa.DateTime(timezone=True), nullable=False),
    ),
)
doelbesluiten = history_table(
    "doelbesluiten",
    key=("verwerking",),
    columns=(
        sa.Column("verwerking", sa.Text(), nullable=False, comment="code van de verwerkingsactiviteit"),
        sa.Column("bronnen", TextList(), nullable=False, comment="de bronnen die ervoor mogen worden gebruikt"),
        sa.Column("grondslag", sa.Text(), nullable=False, comment="waarop de gemeente dit gebruik baseert"),
        sa.Column("reden", sa.Text(), nullable=False),
        sa.Column("auteur", sa.Text(), nullable=False),
        sa.Column("besloten_op", sa.DateTime(timezone=True), nullable=False),
    ),
)
for _table in (beperkingen, doelbesluiten):
    _table.info["from_source"] = True  # withdrawing the run of a decision withdraws the decision

vernietigingen = sa.Table(
    "vernietigingen",
    metadata,
    sa.Column("vernietiging_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("gegevenssoort", sa.Text(), nullable=False, comment="code in de lijst van bewaartermijnen"),
    sa.Column("termijn", sa.Text(), nullable=False, comment="de termijn zoals die toen gold"),
    sa.Column("bron", sa.Text(), nullable=False, comment="waarop die termijn berust"),
    sa.Column("voor", sa.Date(), nullable=False, comment="wat van voor deze dag was, is vernietigd"),
    sa.Column("aantal", sa.BigInteger(), nullable=False),
    sa.Column("tellingen", sa.Text(), nullable=False, comment="JSON: aantal rijen per tabel"),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("vernietigd_op", sa.DateTime(timezone=True), nullable=False),
)
# How many rows of which run are gone: what a run said that it wrote still adds up.
vernietigde_versies = sa.Table(
    "vernietigde_versies",
    metadata,
    sa.Column("vernietiging_id", sa.ForeignKey("vernietigingen.vernietiging_id"), primary_key=True),
    sa.Column("tabel", sa.Text(), primary_key=True),
    sa.Column("run_id", sa.ForeignKey("runs.run_id"), primary_key=True),
    sa.Column("aantal", sa.BigInteger(), nullable=False),
)
# A receipt is a number that says nothing of a person: who holds one is told when its facts were destroyed.
vernietigde_bewijzen = sa.Table(
    "vernietigde_bewijzen",
    metadata,
    sa.Column("bewijs", sa.Text(), primary_key=True),
    sa.Column("vernietiging_id", sa.ForeignKey("vernietigingen.vernietiging_id"), primary_key=True),
)

sleutelstanden = sa.Table(
    "sleutelstanden",
    metadata,
    sa.Column("sleutelstand", sa.BigInteger(), primary_key=True, autoincrement=False, comment="aantal hashsleutels"),
    sa.Column("vingerafdruk", sa.Text(), nullable=False, comment="waaraan de juiste sleutels worden herkend"),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("tijdstip", sa.DateTime(timezone=True), nullable=False),
)
