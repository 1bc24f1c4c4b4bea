"""``serve``: the web application."""

from typing import Annotated

import typer
import uvicorn

from registry.errors import UsageError
from registry.settings import Settings

# Named as text: the command line and the web do not know each other (the layers).
_APPLICATION = "registry.web.app:serve_app"
_STOP_SECONDS = 30  # how long requests that go on may take before the server stops


def serve(
    *,
    host: Annotated[str, typer.Option(help="Adres waarop geluisterd wordt.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Poort waarop geluisterd wordt.")] = 8000,
    werkers: Annotated[
        int, typer.Option(min=1, max=64, help="Aantal processen; meer dan 1 alleen met PostgreSQL.")
    ] = 1,
    achter_proxy: Annotated[
        bool, typer.Option("--achter-proxy", help="Vertrouw X-Forwarded-For en -Proto van deze machine.")
    ] = False,
) -> None:
    """De webtoepassing starten; stoppen (Ctrl-C of SIGTERM) laat lopende verzoeken afmaken."""
    settings = Settings()
    if werkers > 1 and settings.database_url.startswith("sqlite"):
        raise UsageError("Met SQLite werkt een proces. Gebruik PostgreSQL voor meer, of laat --werkers weg.")
    if settings.omgeving == "productie" and not settings.adres.startswith("https://"):
        raise UsageError(
            "In productie begint WOONREGISTER_ADRES met https://. Zet een proxy met een certificaat ervoor."
        )
    uvicorn.run(
        _APPLICATION,
        factory=True,
        host=host,
        port=port,
        workers=werkers,
        access_log=False,  # addresses of pages can name a dwelling; our own log lines name routes
        server_header=False,
        proxy_headers=achter_proxy,
        forwarded_allow_ips="127.0.0.1" if achter_proxy else None,
        timeout_graceful_shutdown=_STOP_SECONDS,
        log_config=None,
    )
