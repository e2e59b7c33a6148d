"""A WordPress as its REST API answers (v2: posts and pages), on loopback, with what can go wrong there.

``faults`` are used up one a request: a status to answer with, ``lost`` (it does the work and hangs up before it answers),
``html`` (a page of words), ``slow``. Requests are kept in ``asked``. ``strips``: its user may save no scripts.
"""

import asyncio
import base64
import re
import socket
import threading
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

USER, PASSWORD = "editor", "abcd efgh ijkl mnop qrst uvwx"


class WordPressServer:
    def __init__(self) -> None:
        self._socket = socket.socket()
        self.reset()

    def reset(self) -> None:
        self.posts: dict[int, dict[str, Any]] = {}
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.faults: list[Any] = []
        self.strips = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    @property
    def writes(self) -> list[tuple[str, str, dict[str, Any]]]:
        return [one for one in self.asked if one[0] == "POST"]

    def __enter__(self) -> "WordPressServer":
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(64)
        app = Starlette(routes=[
            Route("/wp-json/wp/v2/{kind}", self._many, methods=["GET", "POST"]),
            Route("/wp-json/wp/v2/{kind}/{id:int}", self._one, methods=["GET", "POST"]),
        ])  # fmt: skip
        config = uvicorn.Config(app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=10)
        self._socket.close()

    async def _many(self, request: Request) -> Response:
        return await self._answered(request, self._create if request.method == "POST" else self._list)

    async def _one(self, request: Request) -> Response:
        return await self._answered(request, self._update if request.method == "POST" else self._show)

    async def _answered(self, request: Request, work: Any) -> Response:
        given = await request.json() if request.method == "POST" else dict(request.query_params)
        self.asked.append((request.method, request.url.path.removeprefix("/wp-json/wp/v2/"), given))
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, int):
            return JSONResponse(
                {"code": "fault", "message": "Sorry."}, fault, {"Location": "https://elsewhere.example/"}
            )
        if fault == "html":
            return PlainTextResponse("<html>A coming soon page</html>", media_type="text/html")
        expected = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {expected}":
            return JSONResponse({"code": "rest_forbidden"}, 401)
        answer = work(request, given)
        if fault == "lost":
            return Response(
                status_code=200, headers={"content-length": "100"}
            )  # cut off: the promised bytes never come
        if fault == "slow":
            await asyncio.sleep(0.5)
        return answer

    def _create(self, request: Request, given: dict[str, Any]) -> Response:
        id = max(self.posts, default=100) + 1
        self.posts[id] = {"id": id, "kind": request.path_params["kind"], "status": "draft"}
        return JSONResponse(self._set(id, given), 201)

    def _update(self, request: Request, given: dict[str, Any]) -> Response:
        post = self.posts.get(request.path_params["id"])
        if post is None or post["kind"] != request.path_params["kind"]:
            return JSONResponse({"code": "rest_post_invalid_id"}, 404)
        return JSONResponse(self._set(post["id"], given))

    def _set(self, id: int, given: dict[str, Any]) -> dict[str, Any]:
        post = self.posts[id]
        post |= given
        if self.strips:  # as kses does: the tags go, what stood between them stays
            post["content"] = re.sub(r"</?script[^>]*>", "", post["content"])
        slugs = {other["slug"] for other in self.posts.values() if other["id"] != id and "slug" in other}
        while post["slug"] in slugs:
            post["slug"] += "-2"
        return self._shown(post)

    def _shown(self, post: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": post["id"],
            "status": post["status"],
            "slug": post["slug"],
            "link": f"{self.url}/{post['slug']}/",
            "content": {"raw": post["content"], "rendered": post["content"]},
        }

    def _show(self, request: Request, given: dict[str, Any]) -> Response:
        post = self.posts.get(request.path_params["id"])
        return JSONResponse(self._shown(post)) if post else JSONResponse({"code": "rest_post_invalid_id"}, 404)

    def _list(self, request: Request, given: dict[str, Any]) -> Response:
        states = given.get("status", "publish").split(",")
        found = [post for post in self.posts.values() if post["kind"] == request.path_params["kind"]]
        found = [post for post in found if post["status"] in states]
        if "search" in given:
            found = [post for post in found if given["search"] in post["content"] or given["search"] in post["title"]]
        if "slug" in given:
            found = [post for post in found if post["slug"] == given["slug"]]
        return JSONResponse([self._shown(post) for post in found][: int(given.get("per_page", 10))])
