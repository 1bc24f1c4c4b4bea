"""When a phone shows something, and how smoothly the map of 40,000 dwellings moves: Chromium, on the demo gemeente.

The phone is the slow profile of Lighthouse (docs/throttling.md there): a processor four times as slow, 1.6 Mbit/s and
150 ms per request, each time with an empty cache and a server that was asked before. Chromium delays requests and not
connections: a phone that must still connect waits two round trips more (TCP and TLS 1.3), see ``with_connection``.
``first`` and ``largest`` are the contentful paints; ``bare`` is the first paint of the same page without its style and
scripts, which is what the network and the server alone cost. Milliseconds and bytes.

The map is dragged with a mouse, ``far`` where all dwellings are in sight and ``near`` three steps closer; a frame is
the time between two of the browser, drawn in software because the machine has no graphics card. ``empty`` is the same
map without dwellings: what that drawing alone costs.
"""

import shutil
import statistics
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.load_servers import PROGRAMS, served
from benchmarks.panning import dragged
from registry import clock
from registry.accounts.manage import ACCOUNT_LOCK, add_account
from registry.accounts.rights import Role
from registry.accounts.sessions import FULL, begin_session
from registry.demo.run import run_demo
from registry.store.engine import Store, open_store
from registry.store.queries.accounts import find_account
from registry.store.queries.signal_list import Filter, list_signals

WONINGEN: Final = 40_000
TIMES: Final = 5
BARE_TIMES: Final = 3
ROUND_TRIP: Final = 150
HANDSHAKES: Final = 2
_PATIENCE: Final = 120_000
_COOKIE: Final = "woonregister"
_PHONE: Final[dict[str, Any]] = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True}
_SLOW: Final = {
    "offline": False, "latency": ROUND_TRIP, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8
}  # fmt: skip
_PAINTS: Final = """() => new Promise(done => {
    new PerformanceObserver(list => {
        const first = performance.getEntriesByName("first-contentful-paint")[0];
        const bytes = performance.getEntriesByType("resource").reduce((sum, one) => sum + one.transferSize, 0);
        const page = performance.getEntriesByType("navigation")[0];
        done({first: first.startTime, largest: list.getEntries().at(-1).startTime, bytes: bytes + page.transferSize});
    }).observe({type: "largest-contentful-paint", buffered: true});
})"""


def run() -> dict[str, object]:
    """Figures in milliseconds, sizes in bytes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run_demo(folder, woningen=WONINGEN, show=lambda _text: None)
        return measure(folder)


def measure(folder: Path) -> dict[str, object]:
    """The figures of a municipality that was made before."""
    with closing(open_store(f"sqlite:///{folder / 'woonregister.db'}")) as store:
        pages, tokens = _pages(store), {rol: _token(store, rol) for rol in (Role.INSPECTEUR, Role.PLANNER)}
    own = {
        "DATABASE_URL": f"sqlite:///{folder / 'woonregister.db'}", "SLEUTELBESTAND": folder / "woonregister.sleutels",
        "WERKMAP": folder / "werk", "TWEEDE_STAP": "vrijwillig",
    }  # fmt: skip
    environment = {f"WOONREGISTER_{name}": str(value) for name, value in own.items()}
    command = [str(PROGRAMS / "woonregister"), "serve", "--port", "{port}"]
    with served(command, folder, environment, "/health/ready") as server, sync_playwright() as playwright:
        address = server.address
        browser = playwright.chromium.launch(args=["--no-sandbox"], executable_path=shutil.which("chromium"))
        found = _painted(browser, address, pages, tokens[Role.INSPECTEUR])
        return found | dragged(_context(browser, address, tokens[Role.PLANNER]), f"{address}/kaart")


def _painted(browser: Browser, address: str, pages: dict[str, str], token: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, path in pages.items():
        signed = "" if path == "/aanmelden" else token
        _paint(browser, address, path, signed)  # the server reads its templates once
        times = [_paint(browser, address, path, signed) for _ in range(TIMES)]
        for figure in ("first", "largest", "bytes"):
            found[f"{name}_{figure}"] = round(statistics.median(one[figure] for one in times))
        bare = [_paint(browser, address, path, signed, bare=True)["first"] for _ in range(BARE_TIMES)]
        found[f"{name}_bare"] = round(statistics.median(bare))
        found[f"{name}_with_connection"] = found[f"{name}_first"] + HANDSHAKES * ROUND_TRIP  # type: ignore[operator]
    return found


def _paint(browser: Browser, address: str, path: str, token: str, *, bare: bool = False) -> dict[str, float]:
    """One visit with an empty cache."""
    with closing(_context(browser, address, token, **_PHONE)) as context:
        page = context.new_page()
        if bare:
            page.route("**/static/**", lambda route: route.abort())
        _slow_down(page)
        page.goto(address + path, wait_until="load")
        measured: dict[str, float] = page.evaluate(_PAINTS)
        return measured


def _slow_down(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", _SLOW)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})


def _context(browser: Browser, address: str, token: str, **options: Any) -> BrowserContext:
    context = browser.new_context(locale="nl-NL", **options)
    context.set_default_timeout(_PATIENCE)
    if token:
        context.add_cookies([{"name": _COOKIE, "value": token, "url": address}])
    return context


def _pages(store: Store) -> dict[str, str]:
    """Where an inspector goes; the dwelling is the first with a signal."""
    with store.read() as connection:
        found = list_signals(connection, Filter(regel="overbewoning"), gebieden=None, on=clock.today())
    woning = found.rows[0]["adresseerbaar_object_id"]
    return {"aanmelden": "/aanmelden", "start": "/", "woning": f"/woningen/{woning}", "werklijst": "/werklijsten/2"}


def _token(store: Store, rol: Role) -> str:
    """The cookie of somebody who is signed in."""
    email = f"{rol.value}-paint@testdam.nl"
    with store.read() as connection:
        known = find_account(connection, email=email)
    if known is None:
        add_account(store, email, f"Test {rol.value}", [rol], auteur="bench")
    moment = clock.now() - timedelta(minutes=1)
    with store.write_transaction(ACCOUNT_LOCK) as connection:
        account = find_account(connection, email=email)
        if account is None:
            raise LookupError(email)
        return begin_session(connection, account["account_id"], stage=FULL, device="bench", moment=moment).token
