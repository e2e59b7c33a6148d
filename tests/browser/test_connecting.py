"""What a person sends before the page is connected: kept, said to be kept, and sent once."""

import re

import pytest
from playwright.sync_api import Browser, WebSocketRoute, expect

from tests.browser.conftest import StandIn

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(300)]


def test_what_is_sent_while_the_page_connects_is_sent_once_when_it_is(chromium: Browser, stand_in: StandIn) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(60_000)
    held: list[WebSocketRoute] = []
    opened = False

    def hold(socket: WebSocketRoute) -> None:
        if opened:
            socket.connect_to_server()
        else:
            held.append(socket)

    page.route_web_socket(re.compile("socket.io"), hold)
    page.route(re.compile("socket.io"), lambda route: route.abort() if not opened else route.continue_())
    page.goto(stand_in.url)
    page.locator("#chat-input").click()
    page.keyboard.type("hello there")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    line = page.locator("#adroom-waits")
    expect(line).to_have_text("Connecting. This is sent in a moment …")
    expect(page.locator("#chat-input")).to_have_text("hello there")
    assert page.locator("[data-step-type=user_message]").count() == 0
    opened = True
    for socket in held:
        socket.close()
    expect(page.locator(".ai-message")).to_have_count(1, timeout=60_000)
    expect(page.locator("[data-step-type=user_message]")).to_have_count(1)
    expect(page.locator("#chat-input")).to_have_text("")
    expect(line).to_be_hidden()
    context.close()


def test_words_that_are_changed_while_they_wait_are_not_sent_by_themselves(
    chromium: Browser, stand_in: StandIn
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(60_000)
    opened = False
    page.route(re.compile("socket.io"), lambda route: route.abort() if not opened else route.continue_())
    page.route_web_socket(
        re.compile("socket.io"), lambda socket: socket.connect_to_server() if opened else socket.close()
    )
    page.goto(stand_in.url)
    page.locator("#chat-input").click()
    page.keyboard.type("hello")
    page.keyboard.press("Enter")
    line = page.locator("#adroom-waits")
    expect(line).to_be_visible()
    page.keyboard.type(" and more")
    expect(line).to_be_hidden()
    opened = True
    expect(page.locator("#chat-submit")).to_be_enabled(timeout=60_000)
    assert page.locator("[data-step-type=user_message]").count() == 0
    expect(page.locator("#chat-input")).to_have_text("hello and more")
    context.close()


def test_a_command_that_is_sent_while_the_page_connects_anew_is_sent_once_it_has(
    chromium: Browser, stand_in: StandIn
) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(60_000)
    held: list[WebSocketRoute] = []
    opened = True

    def hold(socket: WebSocketRoute) -> None:
        if opened:
            socket.connect_to_server()
        held.append(socket)

    page.route_web_socket(re.compile("socket.io"), hold)
    page.route(re.compile("socket.io"), lambda route: route.continue_() if opened else route.abort())
    page.goto(stand_in.url)
    page.locator("#chat-input").click()
    page.keyboard.type("/client")
    page.locator(".command-item, [cmdk-item]").first.wait_for()
    page.keyboard.press("Enter")
    expect(page.locator("#message-composer .command-button")).to_have_text("client")
    expect(page.locator("#chat-submit")).to_be_enabled()
    opened = False
    for socket in held:
        socket.close()
    expect(page.locator("#chat-submit")).to_be_disabled()
    page.keyboard.press("Enter")
    expect(page.locator("#adroom-waits")).to_be_visible()
    opened = True
    expect(page.locator(".ai-message")).to_have_text(re.compile("Command: client"), timeout=60_000)
    expect(page.locator("[data-step-type=user_message]")).to_have_count(1)
    context.close()
