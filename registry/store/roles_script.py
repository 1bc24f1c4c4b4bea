"""The script that makes the roles of ``database_roles``; ``deploy/postgresql-rollen.sql`` holds what it gives."""

from typing import Final

from registry.store.database_roles import PURPOSES, DatabaseRole

_WITH_LOGIN: Final = (DatabaseRole.EIGENAAR, DatabaseRole.TOEPASSING, DatabaseRole.VERNIETIGING)
_OWNER: Final = DatabaseRole.EIGENAAR.value
_EVERYBODY: Final = ", ".join(role.value for role in DatabaseRole)
_WRITERS: Final = f"{DatabaseRole.TOEPASSING.value}, {DatabaseRole.VERNIETIGING.value}"
_HEAD: Final = """\
-- De rollen van Woonregister op een PostgreSQL-server; gemaakt met: woonregister database rollen --script
-- Eenmaal uitvoeren door de beheerder van de server, in de database van de registratie; nog eens kan geen kwaad:
--   psql -v ON_ERROR_STOP=1 -d woonregister -f postgresql-rollen.sql
-- Daarna, als woonregister_eigenaar: woonregister migrate (die geeft elke rol haar rechten op de tabellen).
"""
_CREATE: Final = """\
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
        CREATE ROLE {role} {login};
    END IF;
END $$;"""
_TAIL: Final = f"""
-- De database en alles erin is van de eigenaar; ieder ander heeft wat hem is gegeven.
DO $$
DECLARE statement text;
BEGIN
    EXECUTE format('ALTER DATABASE %I OWNER TO {_OWNER}', current_database());
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO {_EVERYBODY}', current_database());
    EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO {_WRITERS}', current_database());
    FOR statement IN
        SELECT format('ALTER TABLE %I.%I OWNER TO {_OWNER}', n.nspname, c.relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('public', 'kaart') AND c.relkind IN ('r', 'v')
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
        UNION ALL
        SELECT format('ALTER FUNCTION %s OWNER TO {_OWNER}', p.oid::regprocedure)
        FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE (n.nspname, p.proname) IN (('public', 'analyze_table'), ('kaart', 'eigen_gebieden'))
        UNION ALL
        SELECT 'ALTER SCHEMA kaart OWNER TO {_OWNER}' FROM pg_namespace WHERE nspname = 'kaart'
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
GRANT USAGE, CREATE ON SCHEMA public TO {_OWNER};

-- Een wachtwoord, in psql: \\password woonregister_toepassing; en zo ook voor _eigenaar en _vernietiging.
-- Wie met QGIS werkt krijgt een eigen gebruiker, genoemd naar zijn account in Woonregister:
--   CREATE ROLE "naam@gemeente.nl" LOGIN IN ROLE {DatabaseRole.VELD.value};
-- Een rapport of het beleidsteam:
--   CREATE ROLE rapport LOGIN IN ROLE {DatabaseRole.BELEID.value};
"""


def roles_script() -> str:
    """What the administrator of the server runs once, with psql in the database of the registry."""
    made = [
        _CREATE.format(role=role.value, login="LOGIN" if role in _WITH_LOGIN else "NOLOGIN") for role in DatabaseRole
    ]
    told = [f"COMMENT ON ROLE {role.value} IS '{PURPOSES[role]}';" for role in DatabaseRole]
    return "\n".join([_HEAD, *made, *told, _TAIL.rstrip()])
