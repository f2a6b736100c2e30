"""A real browser for the tests of pages: headless Chromium, which notes what goes wrong inside a page."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")

WATCH = """
window.violations = []; window.acted = [];
addEventListener("securitypolicyviolation", (e) => window.violations.push(e.violatedDirective + " " + e.blockedURI));
addEventListener("error", (e) => window.violations.push(String(e.message)));
window.alert = () => window.acted.push("alert");
"""
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


@contextmanager
def chromium(profile: Path) -> Iterator[Any]:
    """Start the browser with a profile of its own; the test is skipped where there is none."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="no selenium")
    if not (CHROMIUM and DRIVER):
        pytest.skip("no chromium with its driver")
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in [*FLAGS.split(), f"--user-data-dir={profile}"]:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    try:
        driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH})
        yield driver
    finally:
        driver.quit()


def show(browser: Any, path: Path, link: str = "", width: int = 1440, scheme: str = "light") -> None:
    """Open a page at a width, on a light or a dark screen, with nothing in the log of the browser."""
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 700}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    browser.get("about:blank")
    browser.get_log("browser")
    browser.get(path.as_uri() + link)


def check(browser: Any) -> None:
    """Check that nothing has gone wrong in the page that is shown."""
    assert browser.execute_script("return [violations, acted]") == [[], []]
    assert browser.get_log("browser") == []
