"""Send what stands in the chat's box."""

from collections.abc import Callable

from playwright.sync_api import Page, TimeoutError

#: presses before it counts as a defect
SENDS = 5
SHOWN = "shown => document.querySelectorAll('.step').length > shown"
#: it is shown, late, or may be pressed: the chat is connected and something stands in the box
NEXT = f"""shown => ({SHOWN})(shown) ? "shown" : document.querySelector("#chat-submit:not([disabled])") && "press" """


def send(page: Page, press: Callable[[], None]) -> None:
    """The page connects twice while it opens, and what is sent in between stays in the box: press once more."""
    shown = page.locator(".step").count()
    for _ in range(SENDS):
        if page.wait_for_function(NEXT, arg=shown).json_value() == "shown":
            return
        press()
        try:
            page.wait_for_function(SHOWN, arg=shown, timeout=2_000)
        except TimeoutError:
            continue
        return
    raise AssertionError("the message stayed in the box")
