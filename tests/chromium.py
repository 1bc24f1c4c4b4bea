"""Debian's Chromium for tests that look at a page as a user does."""

from collections.abc import Iterator
from contextlib import contextmanager

import debian
from playwright.sync_api import Browser, sync_playwright

# Fonts come along: without them a page is measured in boxes.
PACKAGES = ("chromium", "fonts-dejavu-core", "fonts-liberation")


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A headless browser, closed afterwards.

    Raises:
        debian.NotInstalledError: there is no Chromium, and none could be had.
    """
    program = debian.find_program("chromium", *PACKAGES)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()
