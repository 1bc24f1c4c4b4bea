"""Somebody at work in a browser: goes by the words on the page. The worker does its part when it is asked to."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from playwright.sync_api import Download, Page

from registry.tasks.handover import zaaksysteem_of
from registry.tasks.queue import WorkFolder
from registry.tasks.work import Workshop, do_task
from registry.tasks.worker import do_next

PHONE, DESK = 390, 1280
# A folder that gets a picture of every page that is met, to look at.
PICTURES = os.environ.get("WOONREGISTER_TEST_SCHERMEN")


@dataclass
class Town:
    """The application on a port of its own, with a worker beside it."""

    app: FastAPI
    url: str
    folder: Path

    def work(self) -> None:
        """What the worker does in the meantime: the one thing that waits."""
        web = self.app.state.web
        places = WorkFolder(web.settings.werkmap)
        more: dict[str, Any] = {"keep_names": False, "zaaksysteem": lambda: zaaksysteem_of(web.settings)}
        shop = Workshop(web.store, places, web.cipher, web.access_log, web.law, **more)
        assert do_next(web.store, places, lambda task: do_task(shop, task))


@dataclass
class Day:
    """A browser in which somebody is signed in."""

    page: Page
    town: Town
    name: str
    met: list[str] = field(default_factory=list)
    unseen: str = ""
    """What may stand on no page that is met."""

    def go(self, text: str) -> None:
        """Follow a link by its words: one of the menu, under the word of its group, or else the first of the page."""
        menu, words = self.page.locator("nav.wr-nav"), self.page.locator("a", has_text=re.compile(rf"^\s*{text}\s*$"))
        entry = menu.locator(words)
        if entry.count():
            group = menu.locator("details", has=words).locator("summary")
            if group.count():
                group.click()
            entry.click()
        else:
            self.page.get_by_role("link", name=text).first.click()
        self.look()

    def press(self, text: str) -> None:
        """Press a button, and see what came of it."""
        self.page.get_by_role("button", name=text, exact=True).first.click()
        self.look()

    def take(self, text: str) -> Download:
        """Download what a link or button gives."""
        wanted = self.page.get_by_role("link", name=text).or_(self.page.get_by_role("button", name=text))
        with self.page.expect_download() as given:
            wanted.first.click()
        return given.value

    def look(self) -> None:
        """One heading, nothing beside the screen, and no page that says what is missing."""
        self.page.wait_for_load_state()
        heading = self.page.locator("h1")
        assert heading.count() == 1, self.page.url
        assert "niet gevonden" not in heading.inner_text().lower(), self.page.url
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, f"{self.page.url}: {wide} px beside the screen"
        if self.unseen:
            assert self.page.locator(self.unseen).count() == 0, self.page.url
        self.met.append(self.page.url)
        if PICTURES:
            self.page.screenshot(path=Path(PICTURES) / f"{self.name}-{len(self.met):02d}.png", full_page=True)
