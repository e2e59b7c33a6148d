"""Send what stands in the chat's box."""

from collections.abc import Callable

from playwright.sync_api import Page, TimeoutError

#: presses before it counts as a defect
SENDS = 5
SHOWN = "shown => document.querySelectorAll('.step').length > shown"


def send(page: Page, press: Callable[[], None]) -> None:
    """The page connects twice while it opens, and what is sent in between stays in the box: press once more."""
    shown = page.locator(".step").count()
    for _ in range(SENDS):
        page.locator("#chat-submit:not([disabled])").wait_for()  # the chat is connected
        press()
        try:
            page.wait_for_function(SHOWN, arg=shown, timeout=2_000)
        except TimeoutError:
            continue
        return
    raise AssertionError("the message stayed in the box")
