"""the schema kaart for QGIS and reports, and what the application may not do itself: PostgreSQL only."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Everything in the schema kaart follows from the registry and is written by it; nothing here is ever the only copy.
# The geometry columns come with PostGIS, whenever that is there: registry/store/kaart.py adds them.
TABLES = """
CREATE SCHEMA kaart;
COMMENT ON SCHEMA kaart IS 'Lagen voor QGIS en rapporten, gevuld door Woonregister; alleen om te lezen';

CREATE TABLE kaart.stand (
    onderdeel text PRIMARY KEY,
    peildatum date NOT NULL,
    run_id bigint NOT NULL,
    gemaakt timestamptz NOT NULL,
    toelichting text
);
COMMENT ON TABLE kaart.stand IS 'Van wanneer elke laag is';
COMMENT ON COLUMN kaart.stand.onderdeel IS 'de laag';
COMMENT ON COLUMN kaart.stand.peildatum IS 'de dag waarvan de laag de toestand toont';
COMMENT ON COLUMN kaart.stand.run_id IS 'de laatste run die meetelde';
COMMENT ON COLUMN kaart.stand.gemaakt IS 'wanneer de laag is gevuld';
COMMENT ON COLUMN kaart.stand.toelichting IS 'wat er is geteld, wat is verborgen en wat onbekend is';

CREATE TABLE kaart.gebieden (
    gebied_code text PRIMARY KEY,
    soort text NOT NULL,
    naam text NOT NULL,
    geometrie bytea
);
COMMENT ON TABLE kaart.gebieden IS 'De gebieden zoals die nu gelden';
COMMENT ON COLUMN kaart.gebieden.gebied_code IS 'code van het CBS, of van de gemeente zelf';
COMMENT ON COLUMN kaart.gebieden.soort IS 'gemeente, wijk, buurt of eigen';
COMMENT ON COLUMN kaart.gebieden.naam IS 'naam van het gebied';
COMMENT ON COLUMN kaart.gebieden.geometrie IS 'omtrek als WKB in EPSG:28992';

CREATE TABLE kaart.panden (
    pand_id text PRIMARY KEY,
    bouwjaar bigint,
    woningen bigint NOT NULL,
    gebieden text NOT NULL,
    geometrie bytea
);
COMMENT ON TABLE kaart.panden IS 'De panden waarin nu woningen staan';
COMMENT ON COLUMN kaart.panden.pand_id IS 'identificatie in de BAG';
COMMENT ON COLUMN kaart.panden.bouwjaar IS 'oorspronkelijk bouwjaar; leeg is onbekend';
COMMENT ON COLUMN kaart.panden.woningen IS 'aantal woningen in het pand';
COMMENT ON COLUMN kaart.panden.gebieden IS 'codes van de gebieden waarin die woningen liggen, gescheiden door een spatie';
COMMENT ON COLUMN kaart.panden.geometrie IS 'omtrek als WKB in EPSG:28992';

CREATE TABLE kaart.woningen (
    adresseerbaar_object_id text PRIMARY KEY,
    adres text,
    wijk text,
    buurt text,
    status text NOT NULL,
    gebruiksdoelen text NOT NULL,
    oppervlakte bigint,
    bouwjaar bigint,
    bouwperiode text NOT NULL,
    woningtype text NOT NULL,
    gebieden text NOT NULL,
    geometrie bytea
);
COMMENT ON TABLE kaart.woningen IS 'De woningvoorraad van nu (naar CBS), zonder personen';
COMMENT ON COLUMN kaart.woningen.adresseerbaar_object_id IS 'identificatie in de BAG';
COMMENT ON COLUMN kaart.woningen.adres IS 'hoofdadres';
COMMENT ON COLUMN kaart.woningen.wijk IS 'naam van de wijk';
COMMENT ON COLUMN kaart.woningen.buurt IS 'naam van de buurt';
COMMENT ON COLUMN kaart.woningen.status IS 'status van het verblijfsobject in de BAG';
COMMENT ON COLUMN kaart.woningen.gebruiksdoelen IS 'gebruiksdoelen in de BAG';
COMMENT ON COLUMN kaart.woningen.oppervlakte IS 'gebruiksoppervlakte in m2; leeg is onbekend';
COMMENT ON COLUMN kaart.woningen.bouwjaar IS 'oorspronkelijk bouwjaar van het oudste pand; leeg is onbekend';
COMMENT ON COLUMN kaart.woningen.bouwperiode IS 'klasse van het bouwjaar';
COMMENT ON COLUMN kaart.woningen.woningtype IS 'eengezinswoning of meergezinswoning (CBS)';
COMMENT ON COLUMN kaart.woningen.gebieden IS 'codes van de gebieden waarin de woning ligt, gescheiden door een spatie';
COMMENT ON COLUMN kaart.woningen.geometrie IS 'punt als WKB in EPSG:28992';

CREATE TABLE kaart.signalen (
    signaal_id bigint PRIMARY KEY,
    adresseerbaar_object_id text NOT NULL,
    adres text,
    regel text NOT NULL,
    uitkomst text NOT NULL,
    urgentie text,
    periode_van date,
    tot date,
    peildatum date NOT NULL,
    gebieden text NOT NULL,
    geometrie bytea
);
COMMENT ON TABLE kaart.signalen IS 'De uitkomsten van de laatste toets van elke regel. Een signaal is geen overtreding: een mens beoordeelt het';
COMMENT ON COLUMN kaart.signalen.signaal_id IS 'nummer van de bewaarde uitkomst';
COMMENT ON COLUMN kaart.signalen.adresseerbaar_object_id IS 'identificatie van de woning in de BAG';
COMMENT ON COLUMN kaart.signalen.adres IS 'hoofdadres';
COMMENT ON COLUMN kaart.signalen.regel IS 'regel die werd getoetst';
COMMENT ON COLUMN kaart.signalen.uitkomst IS 'signaal, juridisch_toetsen of onbekend';
COMMENT ON COLUMN kaart.signalen.urgentie IS 'hoog, middel of laag; leeg waar de regel geen urgentie kent';
COMMENT ON COLUMN kaart.signalen.periode_van IS 'vanaf wanneer deze toestand bestaat';
COMMENT ON COLUMN kaart.signalen.tot IS 'einde van een termijn';
COMMENT ON COLUMN kaart.signalen.peildatum IS 'de dag waarop is getoetst';
COMMENT ON COLUMN kaart.signalen.gebieden IS 'codes van de gebieden waarin de woning ligt, gescheiden door een spatie';
COMMENT ON COLUMN kaart.signalen.geometrie IS 'punt als WKB in EPSG:28992';

CREATE TABLE kaart.voorraad (
    volgnummer bigint PRIMARY KEY,
    gebied_code text,
    gebied text NOT NULL,
    onderwerp text NOT NULL,
    klasse text NOT NULL,
    aantal bigint,
    aandeel double precision,
    peildatum date NOT NULL
);
COMMENT ON TABLE kaart.voorraad IS 'De woningvoorraad per buurt, afgeschermd; eenmaal per maand, want uitgaven verraden samen meer dan een';
COMMENT ON COLUMN kaart.voorraad.volgnummer IS 'volgorde';
COMMENT ON COLUMN kaart.voorraad.gebied_code IS 'code van de buurt; leeg als de ligging onbekend is';
COMMENT ON COLUMN kaart.voorraad.gebied IS 'naam van de buurt';
COMMENT ON COLUMN kaart.voorraad.onderwerp IS 'waarnaar is ingedeeld; totaal is zonder indeling';
COMMENT ON COLUMN kaart.voorraad.klasse IS 'klasse van het onderwerp';
COMMENT ON COLUMN kaart.voorraad.aantal IS 'woningen, afgerond; leeg is verborgen';
COMMENT ON COLUMN kaart.voorraad.aandeel IS 'deel van alle woningen (0 tot 1), van de afgeronde aantallen';
COMMENT ON COLUMN kaart.voorraad.peildatum IS 'de dag waarvan de toestand is geteld';

CREATE INDEX ix_panden_gebieden ON kaart.panden USING gin (string_to_array(gebieden, ' '));
CREATE INDEX ix_woningen_gebieden ON kaart.woningen USING gin (string_to_array(gebieden, ' '));
CREATE INDEX ix_signalen_gebieden ON kaart.signalen USING gin (string_to_array(gebieden, ' '));
"""

# Who asks is the login of the database; what he may see is what his account in Woonregister says at this moment.
OWN_AREAS = """
CREATE FUNCTION kaart.eigen_gebieden(rollen text[]) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(DISTINCT code), '{}')
    FROM public.accounts a
    JOIN public.account_rollen r ON r.account_id = a.account_id
    CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(r.gebieden::jsonb, '["*"]'::jsonb)) AS code
    WHERE a.email = lower(session_user::text) AND a.is_active AND r.withdrawn_at IS NULL AND r.rol = ANY (rollen)
$$;
COMMENT ON FUNCTION kaart.eigen_gebieden(text[]) IS
    'De gebieden van het account dat heet als deze gebruiker van de database, in deze rollen; een ster is de hele gemeente';
REVOKE ALL ON FUNCTION kaart.eigen_gebieden(text[]) FROM PUBLIC;
"""

# Without a policy nobody but the owner sees a row.
POLICY = """
ALTER TABLE kaart.{table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY eigen_gebieden ON kaart.{table} FOR SELECT USING (
    (SELECT '*' = ANY (kaart.eigen_gebieden('{{inspecteur,planner,jurist}}')))
    OR string_to_array(gebieden, ' ') && (SELECT kaart.eigen_gebieden('{{inspecteur,planner,jurist}}'))
);
"""

# Only the owner of a table may refresh its statistics, and an import needs them at once.
ANALYZE = """
CREATE FUNCTION analyze_table(naam text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ BEGIN EXECUTE format('ANALYZE public.%I', naam); END $$;
COMMENT ON FUNCTION analyze_table(text) IS 'Vernieuwt de statistieken van een tabel van Woonregister';
REVOKE ALL ON FUNCTION analyze_table(text) FROM PUBLIC;
"""


def upgrade() -> None:
    """Bring the schema to this revision."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(TABLES)
    op.execute(OWN_AREAS)
    for table in ("panden", "woningen", "signalen"):
        op.execute(POLICY.format(table=table))
    op.execute(ANALYZE)


def downgrade() -> None:
    """Going back would lose facts: restore a backup instead."""
    raise NotImplementedError("restore a backup instead: going back would lose facts")
