"""Enter → first visible text, in a headless Chromium: the product with the offline writer against a bare echo.

Both pages are in one browser and take turns. The clock is the page's own: from the key going down to the first text
of an answer in the page. Bar (DESIGN.md): at most 1.1 × the bare echo.
"""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from benchmarks.measure import Comparison, Skipped
from benchmarks.processes import ROOT, environment, free_port, product, stopping, wait_until_answers
from benchmarks.stage import folder

if TYPE_CHECKING:
    from playwright.async_api import Page

ROUNDS, WARM_UP = 40, 5
OURS, ECHO = "ours", "bare Chainlit echo"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]

#: resolves with the milliseconds from the next Enter to the first text of an answer that was not there before
WATCH = """
() => {
  const said = '[data-step-type="assistant_message"] .message-content'
  const before = document.querySelectorAll(said).length
  window.taken = new Promise(resolve => {
    let begun = 0
    addEventListener('keydown', event => { if (event.key === 'Enter') begun = performance.now() }, {capture: true, once: true})
    const observer = new MutationObserver(() => {
      const shown = document.querySelectorAll(said)
      if (begun && shown.length > before && shown[shown.length - 1].textContent.trim()) {
        observer.disconnect()
        resolve(performance.now() - begun)
      }
    })
    observer.observe(document.body, {childList: true, subtree: true, characterData: true})
  })
}
"""


def run() -> list[Comparison]:
    found = next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None:
        raise Skipped("there is no Chromium on this machine")
    with folder() as home, folder() as echo_home:
        ports = free_port(), free_port()
        echo = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "chainlit",
                "run",
                str(ROOT / "benchmarks/peers/echo.py"),
                "-h",
                "--port",
                str(ports[1]),
            ],
            env=environment(CHAINLIT_APP_ROOT=str(echo_home)),
            cwd=echo_home,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with product(home, ports[0]) as ours, stopping(echo):
            wait_until_answers(ours, f"http://127.0.0.1:{ports[0]}/api/health")
            wait_until_answers(echo, f"http://127.0.0.1:{ports[1]}/")
            taken = asyncio.run(_measure(found, {OURS: ports[0], ECHO: ports[1]}))
    return [Comparison("first_text", "Enter to first visible text", taken.pop(OURS), taken, {ECHO: 1.1})]


async def _measure(chromium: str, ports: dict[str, int]) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in ports}
    async with _pages(chromium, ports) as pages:
        for number in range(-WARM_UP, ROUNDS):
            order = list(pages) if number % 2 else list(reversed(pages))
            for name in order:
                milliseconds = await _ask(pages[name], f"Hello number {number + WARM_UP}")
                if number >= 0:
                    taken[name].append(milliseconds)
    return taken


@asynccontextmanager
async def _pages(chromium: str, ports: dict[str, int]) -> "AsyncGenerator[dict[str, Page]]":
    from playwright.async_api import async_playwright

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        pages: dict[str, Page] = {}
        for name, port in ports.items():
            page = await (await browser.new_context()).new_page()
            await page.goto(f"http://127.0.0.1:{port}/")
            await page.locator("#chat-input").wait_for()
            pages[name] = page
        yield pages
        await browser.close()


async def _ask(page: "Page", words: str) -> float:
    await page.bring_to_front()
    await page.locator("#chat-input").click()
    await page.keyboard.insert_text(words)
    await page.locator("#chat-submit:not([disabled])").wait_for()
    await page.evaluate(WATCH)
    await page.keyboard.press("Enter")
    milliseconds = float(await page.evaluate("() => window.taken"))
    await page.locator("#stop-button").wait_for(state="detached")
    return milliseconds
