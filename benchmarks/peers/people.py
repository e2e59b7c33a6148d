"""People at the chat's page, many at once: ``python -m benchmarks.peers.people url,url… chats seconds tokens``.

Each speaks the page's own protocol (Socket.IO over a WebSocket), asks, reads the answer as it is streamed, and asks
again. What was read goes to the standard output as one JSON object when all have their last answer.
"""

import asyncio
import json
import sys
import time
from array import array
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from uuid import uuid4

import httpx
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.clock import STAMP, ago, now

#: share of the time in which people arrive; seconds of silence that are an error
ARRIVING, PATIENCE = 0.1, 60.0


@dataclass
class Read:
    """What all people read together. ``delays``: (seconds after the beginning, seconds late), a pair for each token."""

    begun: float
    delays: "array[float]" = field(default_factory=lambda: array("d"))
    answers: int = 0
    first_words: list[float] = field(default_factory=list[float])
    errors: list[str] = field(default_factory=list[str])


class Person:
    def __init__(self, url: str, cookie: str, read: Read, tokens: int) -> None:
        self.url, self.cookie, self.read, self.tokens = url, cookie, read, tokens

    async def chat(self, until: float) -> None:
        address = self.url.replace("http", "ws", 1) + "/ws/socket.io/?EIO=4&transport=websocket"
        async with connect(
            address, additional_headers={"Cookie": self.cookie}, max_size=None, compression=None
        ) as line:
            await self._begin(line)
            while now() < until:
                await self._ask(line)
                self.read.answers += 1

    async def _begin(self, line: ClientConnection) -> None:
        await line.recv()  # the transport is open
        who = {"clientType": "webapp", "sessionId": str(uuid4()), "threadId": "", "userEnv": "{}", "chatProfile": ""}
        await line.send(f"40{json.dumps(who)}")
        await self._until(line, "40{")
        await line.send('42["connection_successful"]')
        await self._until(line, '42["task_end"')

    async def _ask(self, line: ClientConnection) -> None:
        said = {
            "id": str(uuid4()), "threadId": "", "name": "User", "type": "user_message", "output": "Tell me more.",
            "createdAt": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }  # fmt: skip
        await line.send(f"42{json.dumps(['client_message', {'message': said, 'fileReferences': []}])}")
        asked, streamed, kept = now(), list[str](), list[str]()
        while True:
            frame = await self._next(line)
            at = now()
            if frame.startswith(('42["stream_token"', '42["stream_start"')):
                if not streamed:
                    self.read.first_words.append(at - asked)
                for stamped in STAMP.findall(frame):
                    streamed.append(stamped)
                    self.read.delays.extend((at - self.read.begun, ago(stamped, at)))
            elif frame.startswith(('42["new_message"', '42["update_message"')) and (found := STAMP.findall(frame)):
                kept = found
            elif frame.startswith('42["task_end"') and (streamed or kept):
                break
        # the end of a text may come with the finished message instead of as a piece of its own
        if streamed != kept[: len(streamed)] or len(kept) != self.tokens or len(streamed) < len(kept) - 5:
            raise RuntimeError(f"{len(streamed)} tokens streamed, {len(kept)} in the message, {self.tokens} written")

    async def _until(self, line: ClientConnection, beginning: str) -> None:
        while not (await self._next(line)).startswith(beginning):
            pass

    async def _next(self, line: ClientConnection) -> str:
        while True:
            frame = str(await asyncio.wait_for(line.recv(decode=True), PATIENCE))
            if frame != "2":
                return frame
            await line.send("3")


async def people(urls: list[str], chats: int, seconds: float, tokens: int) -> dict[str, Any]:
    read = Read(now())
    cookies = [await _cookie(url) for url in urls]

    async def one(number: int) -> None:
        await asyncio.sleep(ARRIVING * seconds * number / chats)
        try:
            at = number % len(urls)
            await Person(urls[at], cookies[at], read, tokens).chat(read.begun + seconds)
        except Exception as error:  # noqa: BLE001 - every kind of failure is a finding here, none is expected
            read.errors.append(f"{type(error).__name__}: {error}")

    await asyncio.gather(*(one(number) for number in range(chats)))
    at, late = read.delays[::2], read.delays[1::2]
    return {
        "answers": read.answers,
        "errors": read.errors,
        "firstWords": read.first_words,
        "at": list(at),
        "late": list(late),
    }


async def _cookie(url: str) -> str:
    async with httpx.AsyncClient() as client:
        page = await client.get(url, headers={"Accept": "text/html"})
    given = SimpleCookie[str]()
    for line in page.headers.get_list("set-cookie"):
        given.load(line)
    return "; ".join(f"{name}={value.value}" for name, value in given.items())


if __name__ == "__main__":
    found = asyncio.run(people(sys.argv[1].split(","), int(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])))
    json.dump(found, sys.stdout)
