"""``serve``: the web application."""

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
import uvicorn

from registry.cli.shared import open_registry, own_keyring
from registry.errors import UsageError
from registry.settings import Settings, share_metrics

# Named as text: the command line and the web do not know each other (the layers).
_APPLICATION = "registry.web.app:serve_app"
_STOP_SECONDS = 30  # how long requests that go on may take before the server stops
# A process that says nothing for so long is replaced, and its requests are lost: only when it is stuck, not when busy.
_SILENT_SECONDS = 90


def serve(
    *,
    host: Annotated[str, typer.Option(help="Adres waarop geluisterd wordt.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Poort waarop geluisterd wordt.")] = 8000,
    processen: Annotated[
        int,
        typer.Option(
            "--processen", "--werkers", min=1, max=64, help="Aantal processen; meer dan 1 alleen met PostgreSQL."
        ),
    ] = 1,
    achter_proxy: Annotated[
        bool, typer.Option("--achter-proxy", help="Vertrouw X-Forwarded-For en -Proto van de proxy.")
    ] = False,
    proxy_adres: Annotated[str, typer.Option(help="Adres of netwerk van die proxy.")] = "127.0.0.1",
) -> None:
    """De webtoepassing starten; stoppen (Ctrl-C of SIGTERM) laat lopende verzoeken afmaken."""
    settings = Settings()
    if processen > 1 and settings.database_url.startswith("sqlite"):
        raise UsageError("Met SQLite werkt een proces. Gebruik PostgreSQL voor meer, of laat --processen weg.")
    if settings.omgeving == "productie" and not settings.adres.startswith("https://"):
        raise UsageError(
            "In productie begint WOONREGISTER_ADRES met https://. Zet een proxy met een certificaat ervoor."
        )
    # What would stop every process is said once and here, and an empty database is set up by one of them.
    with open_registry(None) as store:
        own_keyring(store)
    with ExitStack() as stack:
        if processen > 1:
            share_metrics(Path(stack.enter_context(TemporaryDirectory(prefix="woonregister-metingen-"))))
        uvicorn.run(
            _APPLICATION,
            factory=True,
            host=host,
            port=port,
            workers=processen,
            access_log=False,  # addresses of pages can name a dwelling; our own log lines name routes
            server_header=False,
            proxy_headers=achter_proxy,
            forwarded_allow_ips=proxy_adres if achter_proxy else None,
            timeout_graceful_shutdown=_STOP_SECONDS,
            timeout_worker_healthcheck=_SILENT_SECONDS,
            log_config=None,
        )
