"""What somebody with QGIS sees: his own areas and no person, with geometry where PostGIS is."""

import subprocess
from datetime import date, timedelta

import debian
import psycopg
import pytest
from town_on_server import EVERYWHERE, LIMITS, NORTH, OWNER, POLICY, SOUTH, STRANGER, Town, administer

from registry import clock
from registry.accounts.manage import block
from registry.accounts.rights import RIGHTS, Right, Role
from registry.errors import StoreError
from registry.stock.composition import read_composition
from registry.stock.kaart import fill_kaart
from registry.stock.report import read_report
from registry.store.engine import migrate, open_store
from registry.store.kaart import LAYERS, PostGIS, enable_postgis, postgis_state, read_stand
from registry.store.queries.runs import last_run

pytestmark = [pytest.mark.postgresql, pytest.mark.xdist_group("town")]
LIMITED = ("woningen", "panden", "signalen")


@pytest.fixture
def with_postgis(town: Town) -> Town:
    if town.no_postgis:
        pytest.skip(f"geen PostGIS: {town.no_postgis}")
    return town


def areas_seen(town: Town, user: str, layer: str) -> set[str]:
    rows = town.ask(user, f"SELECT gebieden FROM kaart.{layer}")
    return {code for (codes,) in rows for code in str(codes).split() if code.startswith("BU")}


@pytest.mark.parametrize("layer", LIMITED)
def test_who_is_bound_to_an_area_sees_that_area_alone(town: Town, layer: str) -> None:
    north, south = town.areas
    everything = len(town.ask(EVERYWHERE, f"SELECT 1 FROM kaart.{layer}"))
    parts = {user: len(town.ask(user, f"SELECT 1 FROM kaart.{layer}")) for user in (NORTH, SOUTH)}
    assert areas_seen(town, NORTH, layer) <= {north}
    assert areas_seen(town, SOUTH, layer) <= {south}
    assert sum(parts.values()) < everything == len(town.ask(town.server.superuser, f"SELECT 1 FROM kaart.{layer}"))
    if layer != "signalen":
        assert min(parts.values()) > 0


@pytest.mark.parametrize("layer", LIMITED)
def test_who_has_no_account_for_it_sees_no_dwelling(town: Town, layer: str) -> None:
    assert town.ask(STRANGER, f"SELECT * FROM kaart.{layer}") == []  # a role of policy gives no single dwellings
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        town.ask(POLICY, f"SELECT * FROM kaart.{layer}")


def test_no_condition_of_a_reader_is_tried_on_rows_of_elsewhere(town: Town) -> None:
    """The classic way around such a rule: a condition that fails on the rows that one wants to know about."""
    trap = f"1 / (CASE WHEN gebieden LIKE '%{town.areas[1]}%' THEN 0 ELSE 1 END) = 1"
    assert town.ask(NORTH, f"SELECT 1 FROM kaart.woningen WHERE {trap}") != []
    with pytest.raises(psycopg.errors.DivisionByZero):
        town.ask(EVERYWHERE, f"SELECT 1 FROM kaart.woningen WHERE {trap}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        town.ask(NORTH, "CREATE TEMPORARY TABLE eigen (a int)")


def test_a_blocked_account_sees_nothing_from_then_on(town: Town) -> None:
    with town.store() as store:
        block(store, SOUTH, auteur="test")
        assert town.ask(SOUTH, "SELECT 1 FROM kaart.woningen") == []
        block(store, SOUTH, auteur="test", undo=True)
    assert town.ask(SOUTH, "SELECT 1 FROM kaart.woningen") != []


def test_the_rule_names_the_roles_that_see_single_dwellings(town: Town) -> None:
    """The rule stands in a migration, the rights in code: they say the same."""
    roles = {role.value for role in Role if {Right.KAART, Right.SIGNALEN} <= RIGHTS[role]}
    rules = town.ask(OWNER, "SELECT qual FROM pg_policies WHERE policyname = 'eigen_gebieden'")
    assert len(rules) == len(LIMITED)
    assert all(f"'{{{','.join(sorted(roles, key=str(qual).find))}}}'" in str(qual) for (qual,) in rules)


def test_the_layers_hold_what_the_stock_holds(town: Town) -> None:
    with town.store() as store, store.read() as connection:
        known = last_run(connection)
        stock = read_composition(connection, per=["bouwperiode"], op=town.peildatum, known=known)
    found = town.ask(EVERYWHERE, "SELECT bouwperiode, count(*) FROM kaart.woningen GROUP BY 1")
    assert dict(found) == dict(stock.rows.select("bouwperiode", "aantal").iter_rows())
    assert town.ask(EVERYWHERE, "SELECT sum(woningen) >= (SELECT count(*) FROM kaart.woningen) FROM kaart.panden") == [
        (True,)
    ]


def test_counts_for_policy_are_protected_as_everywhere(town: Town) -> None:
    month = town.peildatum.replace(day=1)
    rows = town.ask(POLICY, "SELECT gebied, onderwerp, klasse, aantal FROM kaart.voorraad")
    with town.store() as store, store.read() as connection:
        known = last_run(connection)
        report = read_report(connection, area="buurt", op=month, known=known, limits=LIMITS)
    expected = {
        (row["buurt"], table.per[1], row[table.per[1]], row["aantal"])
        for table in report.tables[1:]
        for row in table.rows.iter_rows(named=True)
    }
    assert expected <= set(rows)
    assert all(count is None or count == 0 or count >= LIMITS.minimum for *_, count in rows)
    assert any(count is None for *_, count in rows)


def test_counts_are_made_once_a_month(town: Town) -> None:
    """Filled again on another day of the month, the counts stay; of the next month there are new ones."""
    later = town.peildatum + timedelta(days=9)
    with town.store() as store:
        assert "voorraad" not in {one.onderdeel for one in fill_kaart(store, op=later, limits=LIMITS, now=clock.now())}
        next_month = date(2026, 12, 3)
        filled = {one.onderdeel: one for one in fill_kaart(store, op=next_month, limits=LIMITS, now=clock.now())}
        assert filled["voorraad"].peildatum == date(2026, 12, 1)
        fill_kaart(store, op=town.peildatum, limits=LIMITS, now=clock.now(), again=True)
        with store.read() as connection:
            assert {one.onderdeel: one.peildatum for one in read_stand(connection)} == dict.fromkeys(
                LAYERS, town.peildatum
            )


def test_no_layer_holds_a_person(town: Town) -> None:
    query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'kaart'"
    held = {str(column) for table, column in town.ask(OWNER, query) if table != "stand"}
    told = ("persoon", "bewoner", "eigena", "rechthebbende", "toelichting", "feiten", "bsn", "naam")
    assert {column for column in held if any(word in column for word in told)} == {"naam"}  # of an area


def test_every_column_says_what_it_is(town: Town) -> None:
    query = """SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
               JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'kaart' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
                 AND col_description(c.oid, a.attnum) IS NULL"""
    assert town.ask(OWNER, query) == []


# --- with PostGIS --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("layer", "shape"), [("woningen", "Point"), ("panden", "Multi Polygon")])
def test_qgis_opens_a_layer_as_its_user(with_postgis: Town, layer: str, shape: str) -> None:
    """GDAL reads PostgreSQL as QGIS does: the layer, its coordinate system, and the rows that this user may see."""
    try:
        ogrinfo = debian.find_program("ogrinfo", "gdal-bin")
    except debian.NotInstalledError as error:
        pytest.skip(f"geen GDAL: {error}")
    source = f"PG:host={with_postgis.server.socket} user={NORTH} dbname=town schemas=kaart"
    told = subprocess.run([ogrinfo, "-ro", "-so", source, layer], capture_output=True, text=True, check=True).stdout
    assert f"Geometry: {shape}" in told
    assert "Amersfoort / RD New" in told
    assert f"Feature Count: {len(with_postgis.ask(NORTH, f'SELECT 1 FROM kaart.{layer}'))}\n" in told


def test_every_layer_is_listed_with_its_kind_and_system(with_postgis: Town) -> None:
    query = "SELECT f_table_name, type, srid FROM geometry_columns WHERE f_table_schema = 'kaart'"
    found = {str(name): (kind, srid) for name, kind, srid in with_postgis.ask(EVERYWHERE, query)}
    assert found["woningen"] == found["signalen"] == ("POINT", 28992)
    assert found["panden"] == found["gebieden"] == ("MULTIPOLYGON", 28992)


def test_a_window_of_the_map_uses_the_spatial_index(with_postgis: Town) -> None:
    window = "geom && ST_MakeEnvelope(87000, 436000, 87100, 436100, 28992)"
    with psycopg.connect(host=with_postgis.server.socket, user=with_postgis.server.superuser, dbname="town") as admin:
        admin.execute("SET enable_seqscan = off")  # the town is small: it is the shape of the plan that counts
        plan = "\n".join(row[0] for row in admin.execute(f"EXPLAIN SELECT * FROM kaart.gebieden WHERE {window}"))
    assert "ix_gebieden_geom" in plan


def test_counts_are_drawn_with_their_buurt(with_postgis: Town) -> None:
    drawn = with_postgis.ask(POLICY, "SELECT count(*), count(geom) FROM kaart.voorraad_vlakken")
    assert drawn == with_postgis.ask(POLICY, "SELECT count(gebied_code), count(gebied_code) FROM kaart.voorraad")


def test_postgis_is_turned_on_later(with_postgis: Town) -> None:
    """Without it everything else is there; who may not turn it on is told who can; then the layers get geometry."""
    town = with_postgis
    administer(town.server, "CREATE DATABASE later TEMPLATE template0")
    administer(town.server, f"ALTER DATABASE later OWNER TO {OWNER}")
    migrate(town.url(OWNER, "later"))
    store = open_store(town.url(OWNER, "later"))
    with store.read() as connection:
        assert postgis_state(connection) is PostGIS.UIT
    with pytest.raises(StoreError, match="CREATE EXTENSION postgis"), store.write_transaction() as connection:
        enable_postgis(connection)
    administer(town.server, "CREATE EXTENSION postgis", "later")
    with store.read() as connection:
        assert postgis_state(connection) is PostGIS.ZONDER_KOLOMMEN
    with store.write_transaction() as connection:
        assert enable_postgis(connection) is PostGIS.AAN
    store.close()


def test_sqlite_has_no_layers(sqlite_url: str) -> None:
    store = open_store(sqlite_url)
    with store.read() as connection:
        assert postgis_state(connection) is PostGIS.GEEN_POSTGRESQL
    store.close()
