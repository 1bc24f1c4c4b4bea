"""What a planner keeps: settings under a name, lists of a day, their cases with the reasons of then, and re-checks.

Rows are only added. The one change that a row gets leaves its trace on it: a case that is dropped says by whom, when
and why, and its place becomes free for another list of that day.
"""

import sqlalchemy as sa

from registry.store.tables.base import ROW_ID, metadata

worklist_settings = sa.Table(
    "worklist_settings",
    metadata,
    sa.Column("settings_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("naam", sa.Text(), nullable=False, comment="zoals de planner haar noemt"),
    sa.Column("version", sa.BigInteger(), nullable=False, comment="telt per naam op; de hoogste geldt"),
    sa.Column("settings", sa.Text(), comment="JSON: PlannerSettings; leeg: vanaf deze versie ingetrokken"),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
    sa.UniqueConstraint("naam", "version"),
)

worklists = sa.Table(
    "worklists",
    metadata,
    sa.Column("worklist_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("datum", sa.Date(), nullable=False, index=True, comment="de dag van de bezoeken"),
    sa.Column("planner", sa.Text(), nullable=False),
    sa.Column("inspecteurs", sa.Text(), comment="wie de bezoeken aflegt, zoals genoemd"),
    sa.Column("settings_id", sa.ForeignKey("worklist_settings.settings_id"), comment="leeg: niet onder een naam"),
    sa.Column("settings", sa.Text(), nullable=False, comment="JSON: de instellingen zoals gebruikt"),
    sa.Column("start_label", sa.Text(), nullable=False, comment="adres of omschrijving van het beginpunt"),
    sa.Column("start_x", sa.Double(), nullable=False, comment="EPSG:28992, meter"),
    sa.Column("start_y", sa.Double(), nullable=False, comment="EPSG:28992, meter"),
    sa.Column("known_run_id", sa.ForeignKey("runs.run_id"), nullable=False, comment="de laatste run die meetelde"),
    sa.Column("seed", sa.BigInteger(), nullable=False, comment="waarmee de steekproef is getrokken"),
    sa.Column("control_share", sa.Double(), nullable=False, comment="deel van de lijst dat steekproef is, 0 tot 1"),
    sa.Column("expires_on", sa.Date(), nullable=False, comment="na deze dag maakt het veldformulier zich leeg"),
    sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
)

worklist_rows = sa.Table(
    "worklist_rows",
    metadata,
    sa.Column("worklist_row_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("worklist_id", sa.ForeignKey("worklists.worklist_id"), nullable=False, index=True),
    sa.Column("datum", sa.Date(), nullable=False, comment="die van de lijst: een zaak staat per dag op een lijst"),
    sa.Column("regel", sa.Text(), nullable=False),
    sa.Column("zaak_id", sa.Text(), nullable=False, comment="overdracht of beding; leeg: de woning zelf"),
    sa.Column("adresseerbaar_object_id", sa.Text(), nullable=False, index=True),
    sa.Column("adres", sa.Text(), nullable=False),
    sa.Column("postcode", sa.Text()),
    sa.Column("woonplaats", sa.Text()),
    sa.Column("buurt", sa.Text()),
    sa.Column("stop", sa.Text(), nullable=False, comment="zaken met dezelfde stop tellen voor de lengte als een adres"),
    sa.Column("x", sa.Double(), comment="EPSG:28992, meter"),
    sa.Column("y", sa.Double(), comment="EPSG:28992, meter"),
    sa.Column("reasons", sa.Text(), nullable=False, comment="JSON: de redenen van de planner met waarde en gewicht"),
    sa.Column("receipt", sa.Text(), nullable=False, comment="JSON: FrozenReceipt bij het vastleggen"),
    sa.Column("bewijs", sa.Text(), nullable=False, index=True),
    sa.Column("is_control", sa.Boolean(), nullable=False, comment="steekproef; alleen voor de analist zichtbaar"),
    sa.Column("dropped_at", sa.DateTime(timezone=True)),
    sa.Column("dropped_by", sa.Text()),
    sa.Column("dropped_reason", sa.Text()),
)
_active = worklist_rows.c.dropped_at.is_(None)
sa.Index(
    "ux_worklist_rows_case_per_day",
    worklist_rows.c.datum,
    worklist_rows.c.regel,
    worklist_rows.c.zaak_id,
    worklist_rows.c.adresseerbaar_object_id,
    unique=True,
    sqlite_where=_active,
    postgresql_where=_active,
)

worklist_orders = sa.Table(
    "worklist_orders",
    metadata,
    sa.Column("worklist_order_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("worklist_id", sa.ForeignKey("worklists.worklist_id"), nullable=False, index=True),
    sa.Column("version", sa.BigInteger(), nullable=False, comment="telt per lijst op; de hoogste geldt"),
    sa.Column("row_ids", sa.Text(), nullable=False, comment="JSON: worklist_row_id in volgorde van bezoek"),
    sa.Column("distance", sa.Double(), nullable=False, comment="hemelsbreed, meter, van begin tot eind"),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
    sa.UniqueConstraint("worklist_id", "version"),
)

worklist_checks = sa.Table(
    "worklist_checks",
    metadata,
    sa.Column("worklist_check_id", ROW_ID, primary_key=True, autoincrement=True),
    sa.Column("worklist_row_id", sa.ForeignKey("worklist_rows.worklist_row_id"), nullable=False, index=True),
    sa.Column("moment", sa.Text(), nullable=False, comment="hercontrole of bezoek"),
    sa.Column("receipt", sa.Text(), comment="JSON: FrozenReceipt van toen; leeg: de zaak bestaat niet meer"),
    sa.Column("changes", sa.Text(), nullable=False, comment="JSON: per feit de waarde op de lijst en die van toen"),
    sa.Column("result", sa.Text(), nullable=False, comment="gelijk, gewijzigd of vervallen"),
    sa.Column("reden", sa.Text(), comment="in woorden, als er iets is veranderd"),
    sa.Column("known_run_id", sa.ForeignKey("runs.run_id"), nullable=False),
    sa.Column("auteur", sa.Text(), nullable=False),
    sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
)
