"""Who is let in to the chat without a cookie that holds, and how those who are not are refused."""

from collections.abc import Iterator

import pytest
from chainlit.auth import create_jwt
from starlette.applications import Starlette
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from assistant.chat.entrance import Knock, WalkIn
from assistant.chat.identity import LOCAL_USER, chat_user, user_of_cookie

SOCKET = "/ws/socket.io/"
STALE = "access_token=eyJhbGciOiJIUzI1NiJ9.e30.bm90IG91cnM"


def who(request: HTTPConnection) -> str:
    return str(user_of_cookie(request) or "nobody")


async def user(request: Request) -> Response:
    return PlainTextResponse(who(request))


async def page(request: Request) -> Response:
    return HTMLResponse(f"<p>{who(request)}</p>")


async def socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(who(socket))
    await socket.close()


def room() -> Starlette:
    routes = [Route("/", page), Route("/user", user), Route(SOCKET, user), WebSocketRoute(SOCKET, socket)]
    return Starlette(routes=routes)


@pytest.fixture(autouse=True)
def signs_its_cookies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINLIT_AUTH_SECRET", "of this test alone, and long enough for it")


@pytest.fixture
def walk_in() -> Iterator[TestClient]:
    with TestClient(WalkIn(room())) as client:
        yield client


@pytest.fixture
def behind_a_password() -> Iterator[TestClient]:
    with TestClient(Knock(room())) as client:
        yield client


@pytest.mark.parametrize("cookie", ["", STALE], ids=["none", "stale"])
def test_a_request_of_our_own_page_goes_on_as_the_local_user_and_brings_a_cookie_home(
    walk_in: TestClient, cookie: str
) -> None:
    answer = walk_in.get("/user", headers={"sec-fetch-site": "same-origin", "cookie": cookie})
    assert answer.text == str(LOCAL_USER)
    assert "access_token" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    "said", [{"sec-fetch-site": "cross-site"}, {"origin": "https://foreign.example"}], ids=" ".join
)
def test_what_another_sites_page_asks_for_is_nobodys(walk_in: TestClient, said: dict[str, str]) -> None:
    answer = walk_in.get("/user", headers=said)
    assert answer.text == "nobody"
    assert "set-cookie" not in answer.headers


def test_a_page_that_is_linked_from_elsewhere_brings_a_cookie(walk_in: TestClient) -> None:
    answer = walk_in.get("/", headers={"sec-fetch-site": "cross-site", "accept": "text/html"})
    assert "access_token" in answer.headers["set-cookie"]


def test_a_socket_whose_cookie_has_run_out_is_opened_as_the_local_user(walk_in: TestClient) -> None:
    with walk_in.websocket_connect(SOCKET, headers={"cookie": f"{STALE}; other=kept"}) as opened:
        assert opened.receive_text() == str(LOCAL_USER)


def test_whoever_has_a_cookie_keeps_it(walk_in: TestClient) -> None:
    answer = walk_in.get("/user", headers={"cookie": f"access_token={create_jwt(chat_user())}"})
    assert answer.text == str(LOCAL_USER)
    assert "set-cookie" not in answer.headers


def test_behind_a_password_a_socket_without_a_cookie_is_refused_before_it_is_one(
    behind_a_password: TestClient,
) -> None:
    assert behind_a_password.get(SOCKET).status_code == 401
    with pytest.raises(WebSocketDisconnect), behind_a_password.websocket_connect(SOCKET):
        pass


def test_behind_a_password_a_socket_with_a_cookie_is_opened_and_everything_else_is_asked_for_as_ever(
    behind_a_password: TestClient,
) -> None:
    with behind_a_password.websocket_connect(
        SOCKET, headers={"cookie": f"access_token={create_jwt(chat_user())}"}
    ) as opened:
        assert opened.receive_text() == str(LOCAL_USER)
    assert behind_a_password.get("/user").text == "nobody"
