"""Send what stands in the chat's box."""

from collections.abc import Callable

from playwright.sync_api import Page, TimeoutError

#: presses before it counts as a defect
SENDS = 5
#: a message more; while the page connects anew its messages are drawn anew too, so a file alone is all that is told by it
SHOWN = "shown => document.querySelectorAll('.step').length > shown"
#: neither words nor a chosen command
EMPTY = """() => {
  const box = document.querySelector("#chat-input");
  return box && !box.value && !document.querySelector("#message-composer .command-button");
}"""


def send(page: Page, press: Callable[[], None]) -> None:
    """The page connects twice while it opens, and what is sent in between stays in the box: press once more."""
    written = not page.evaluate(EMPTY)
    sent, shown = (EMPTY, None) if written else (SHOWN, page.locator(".step").count())
    # it is sent, late, or may be pressed: the chat is connected and something stands in the box
    ready = (
        f"""shown => ({sent})(shown) ? "sent" : document.querySelector("#chat-submit:not([disabled])") && "press" """
    )
    for _ in range(SENDS):
        if page.wait_for_function(ready, arg=shown).json_value() == "sent":
            return
        press()
        try:
            page.wait_for_function(sent, arg=shown, timeout=2_000)
        except TimeoutError:
            continue
        return
    raise AssertionError("the message stayed in the box")
