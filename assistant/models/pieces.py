"""Pieces of text that came in together go on as one: on its way to a page each piece costs the same, however long it is.

What always holds: no character is lost or changes its place, and what is no text (tool calls, usage, reasons for
ending, faults) stands where it stood. Two events become one only if they differ in nothing but their text and in what
differs in every event.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterable
from typing import Any, cast

from openai._streaming import ServerSentEvent, SSEDecoder
from typing_extensions import override

#: differs in each event of a stream, and is read by nobody here; obfuscation is padding that hides a text's length
_OF_EACH = frozenset({"sequence_number", "obfuscation", "created"})
#: what stands in a piece of a chat completion that is text alone
_TEXT_ALONE = frozenset({"content", "role"})

Event = dict[str, Any]


class Pieces(SSEDecoder):
    """Reads the events of one stream; pieces of one text that came with one read are one event."""

    @override
    async def aiter_bytes(self, iterator: AsyncIterator[bytes]) -> AsyncGenerator[ServerSentEvent]:
        rest = b""
        async for read in iterator:
            *lines, rest = _lines(rest + read)
            for event in _joined(self._events(lines)):
                yield event
        for event in self._events(_lines(rest + b"\n")):
            yield event

    def _events(self, lines: Iterable[bytes]) -> Generator[ServerSentEvent]:
        for line in lines:
            event = self.decode(line.decode())
            if event is not None:
                yield event


class _Text(ServerSentEvent):
    """An event that is a piece of text and nothing else, and those after it that it took in."""

    def __init__(self, event: ServerSentEvent, whole: Event, holder: Event, name: str) -> None:
        super().__init__(event=event.event, data=event.data, id=event.id, retry=event.retry)
        self._whole, self._holder, self._name = whole, holder, name
        self._texts: list[str] = [holder.pop(name)]
        self._face = {name: value for name, value in whole.items() if name not in _OF_EACH}

    def take(self, later: "_Text") -> bool:
        """Whether ``later`` went on where this one ends; its text is in this one now."""
        if self._face != later._face:
            return False
        self._texts += later._texts
        return True

    @override
    def json(self) -> Event:
        self._holder[self._name] = "".join(self._texts)
        return self._whole


def text_in(event: Event) -> tuple[Event, str] | None:
    """Where in ``event`` (of either API) its piece of text stands; None when it is anything else, or more than that."""
    holder, name = event, "delta"
    if event.get("type") != "response.output_text.delta":
        choices = event.get("choices")
        if not isinstance(choices, list) or len(cast("list[Any]", choices)) != 1 or event.get("usage"):
            return None
        event = cast("list[Event]", choices)[0]
        if not isinstance(event.get("delta"), dict) or event.get("finish_reason"):
            return None
        holder, name = event["delta"], "content"
        if any(value for said, value in holder.items() if said not in _TEXT_ALONE):
            return None
    whole = not event.get("logprobs") and isinstance(holder.get(name), str)
    return (holder, name) if whole else None


def _joined(events: Iterable[ServerSentEvent]) -> Generator[ServerSentEvent]:
    held: ServerSentEvent | None = None
    try:
        for event in map(_read, events):
            if isinstance(held, _Text) and isinstance(event, _Text) and held.take(event):
                continue
            if held is not None:
                yield held
            held = event
    except UnicodeDecodeError:
        if held is not None:  # it came before what cannot be read
            yield held
        raise
    if held is not None:
        yield held


def _read(event: ServerSentEvent) -> ServerSentEvent:
    try:
        whole = event.json()
    except ValueError:  # for whoever reads it next: the end of the stream, or a fault
        return event
    place = text_in(cast(Event, whole)) if isinstance(whole, dict) else None
    return event if place is None else _Text(event, cast(Event, whole), *place)


def _lines(read: bytes) -> list[bytes]:
    """All lines, and last what has no end yet: a line end of two characters may have come by half."""
    half = read.endswith(b"\r")
    lines = (read[:-1] if half else read).replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    if half:
        lines[-1] += b"\r"
    return lines
