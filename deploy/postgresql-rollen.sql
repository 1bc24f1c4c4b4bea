-- De rollen van Woonregister op een PostgreSQL-server; gemaakt met: woonregister database rollen --script
-- Eenmaal uitvoeren door de beheerder van de server, in de database van de registratie; nog eens kan geen kwaad:
--   psql -v ON_ERROR_STOP=1 -d woonregister -f postgresql-rollen.sql
-- Daarna, als woonregister_eigenaar: woonregister migrate (die geeft elke rol haar rechten op de tabellen).

DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'woonregister_eigenaar') THEN
        CREATE ROLE woonregister_eigenaar LOGIN;
    END IF;
END $$;
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'woonregister_toepassing') THEN
        CREATE ROLE woonregister_toepassing LOGIN;
    END IF;
END $$;
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'woonregister_vernietiging') THEN
        CREATE ROLE woonregister_vernietiging LOGIN;
    END IF;
END $$;
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'woonregister_veld') THEN
        CREATE ROLE woonregister_veld NOLOGIN;
    END IF;
END $$;
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'woonregister_beleid') THEN
        CREATE ROLE woonregister_beleid NOLOGIN;
    END IF;
END $$;
COMMENT ON ROLE woonregister_eigenaar IS 'eigenaar van alle tabellen: migrate, restore en het aanzetten van PostGIS; verder niets';
COMMENT ON ROLE woonregister_toepassing IS 'serve, worker en alle andere opdrachten';
COMMENT ON ROLE woonregister_vernietiging IS 'retention uitvoeren: als de toepassing, en mag bovendien rijen vernietigen';
COMMENT ON ROLE woonregister_veld IS 'QGIS: woningen, panden en signalen in de gebieden van het account met dezelfde naam';
COMMENT ON ROLE woonregister_beleid IS 'QGIS en rapporten: gebieden en de afgeschermde woningvoorraad, geen losse woningen';

-- De database en alles erin is van de eigenaar; ieder ander heeft wat hem is gegeven.
DO $$
DECLARE statement text;
BEGIN
    EXECUTE format('ALTER DATABASE %I OWNER TO woonregister_eigenaar', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO woonregister_eigenaar, woonregister_toepassing, woonregister_vernietiging, woonregister_veld, woonregister_beleid', current_database());
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO woonregister_toepassing, woonregister_vernietiging', current_database());
    FOR statement IN
        SELECT format('ALTER TABLE %I.%I OWNER TO woonregister_eigenaar', n.nspname, c.relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('public', 'kaart') AND c.relkind IN ('r', 'v')
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
        UNION ALL
        SELECT format('ALTER FUNCTION %s OWNER TO woonregister_eigenaar', p.oid::regprocedure)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE (n.nspname, p.proname) IN (('public', 'analyze_table'), ('kaart', 'eigen_gebieden'))
        UNION ALL
        SELECT 'ALTER SCHEMA kaart OWNER TO woonregister_eigenaar' FROM pg_namespace WHERE nspname = 'kaart'
    LOOP
        EXECUTE statement;
    END LOOP;
    IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'postgis') THEN
        CREATE EXTENSION IF NOT EXISTS postgis;
    ELSE
        RAISE NOTICE 'PostGIS staat niet op deze server: alles werkt, maar QGIS kan niets tekenen.';
    END IF;
END $$;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO woonregister_eigenaar;

-- Een wachtwoord, in psql: \password woonregister_toepassing; en zo ook voor _eigenaar en _vernietiging.
-- Wie met QGIS werkt krijgt een eigen gebruiker, genoemd naar zijn account in Woonregister:
--   CREATE ROLE "naam@gemeente.nl" LOGIN IN ROLE woonregister_veld;
-- Een rapport of het beleidsteam:
--   CREATE ROLE rapport LOGIN IN ROLE woonregister_beleid;
