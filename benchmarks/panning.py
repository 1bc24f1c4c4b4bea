"""Drags a map with the mouse and notes how long the browser took for each frame."""

import statistics
import time
from typing import Any, Final

from playwright.sync_api import BrowserContext, Page

_STEPS: Final = 90
_READY: Final = "#kaart[data-drawn=ja] canvas"
_EMPTY: Final = '{"type":"FeatureCollection","features":[]}'
_WATCH: Final = """() => {
    window.frames_taken = [];
    let before = performance.now();
    const note = now => { window.frames_taken.push(now - before); before = now; requestAnimationFrame(note); };
    requestAnimationFrame(note);
}"""


def dragged(context: BrowserContext, address: str) -> dict[str, object]:
    """Milliseconds until the map is drawn and per frame while it is dragged, with the dwellings and without."""
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    sizes: dict[str, int] = {}
    page.on("requestfinished", lambda request: _note(sizes, request))
    page.goto(address)  # the server reads the places of dwellings once
    page.wait_for_selector(_READY, timeout=120_000)
    begun = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(_READY, timeout=120_000)
    found: dict[str, object] = {"kaart_drawn": round(1000 * (time.perf_counter() - begun))}
    found["kaart_dwellings_bytes"] = sizes.get("dwellings", 0)
    full = {"far": _drag(page), "near": _drag(page, clicks=3)}
    page.route("**/kaart/woningen*", lambda route: route.fulfill(body=_EMPTY, content_type="application/json"))
    page.goto(address)
    page.wait_for_selector(_READY, timeout=120_000)
    empty = {"far": _drag(page), "near": _drag(page, clicks=3)}
    context.close()
    for distance, frames in full.items():
        found |= _figures(f"kaart_{distance}", frames)
        found |= _figures(f"kaart_{distance}_empty", empty[distance])
    return found


def _note(sizes: dict[str, int], request: Any) -> None:
    if "/kaart/woningen" in request.url:
        sizes["dwellings"] = request.sizes()["responseBodySize"]


def _drag(page: Page, *, clicks: int = 0) -> list[float]:
    """Frames while the map is dragged to and fro; ``clicks``: how often it is made larger before."""
    for _ in range(clicks):
        page.get_by_role("button", name="Inzoomen").click()
        page.wait_for_timeout(700)
    box = page.locator("#kaart").bounding_box()
    if box is None:
        raise LookupError("there is no map")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(_WATCH)
    for step in range(_STEPS):
        away = 150 * abs((step % 60) / 30 - 1) - 150  # to and fro, 300 pixels in a second
        page.mouse.move(x + away, y + away / 3)
        page.wait_for_timeout(12)
    frames: list[float] = page.evaluate("window.frames_taken")
    page.mouse.up()
    return frames


def _figures(name: str, frames: list[float]) -> dict[str, object]:
    parts = statistics.quantiles(frames, n=20)
    return {f"{name}_frame": round(statistics.median(frames), 1), f"{name}_frame_p95": round(parts[18], 1)}
