"""One parent and its processes: a web process and workers, started together, restarted when they die, ended together.

What always holds: the parent does no work itself, so nothing makes it die; it holds the data folder, the port and the
embedded database, so a child that starts again finds them as they were; a child whose parent is gone ends by itself
(the pipe between them closes); a child that cannot live is tried again at growing intervals, and one that was started
wrongly ends the whole family.
"""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from types import FrameType

#: a setting is wrong (app.py): trying again changes nothing
WRONG = 2
#: seconds: what a child may take to end; a child that lives shorter than this was stillborn; pauses after those
ENDING = 15.0
SETTLED = 10.0
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0


@dataclass
class Child:
    """One place in the family; ``process`` is who fills it now."""

    words: list[str]
    fds: tuple[int, ...]
    process: "subprocess.Popen[bytes] | None" = None
    born: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = 0.0


@dataclass
class Family:
    """``children``: the words each is started with. ``environment``: what they are started in."""

    program: list[str]
    environment: Mapping[str, str]
    children: list[Child]
    asked: list[int] = field(default_factory=list[int])

    def run(self) -> int:
        """Until somebody asks to stop; the status to end with."""
        with _woken_by_signals(self.asked) as wait:
            try:
                while not self.asked:
                    for child in self.children:
                        if self._look_after(child) == WRONG:
                            return WRONG
                    wait(min(max(0.0, self._next_due() - time.monotonic()), 5.0))
                return 0
            finally:
                self._end_all()

    def _look_after(self, child: Child) -> int | None:
        """Start who is due; the status of one that has ended."""
        status = child.process.poll() if child.process else None
        if child.process and status is None:
            return None
        now = time.monotonic()
        if child.process is not None:
            lived = now - child.born
            child.pause = FIRST_PAUSE if lived > SETTLED else min(child.pause * 2, LONGEST_PAUSE)
            child.due = now if lived > SETTLED else now + child.pause
            child.process = None
            if status != WRONG:
                print(f"The {child.words[0]} process has ended ({_how(status)}); it is started again.", file=sys.stderr)
        if now >= child.due and status != WRONG:
            child.process = subprocess.Popen(  # noqa: S603 - our own program with our own words
                [*self.program, *child.words],
                env=self.environment,
                pass_fds=child.fds,
                process_group=0,  # the terminal's Ctrl-C is for the parent, who asks them in turn
            )
            child.born = now
        return status

    def _next_due(self) -> float:
        return min((child.due for child in self.children if child.process is None), default=float("inf"))

    def _end_all(self) -> None:
        there = [child.process for child in self.children if child.process is not None]
        for process in there:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + ENDING
        for process in there:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:  # a frozen one
                process.kill()
                process.wait()


def end_with_parent(life: int) -> None:
    """Ask this process to end as soon as the parent's end of the pipe is closed, however that came."""

    def watch() -> None:
        while os.read(life, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True, name="parent").start()


@contextlib.contextmanager
def _woken_by_signals(asked: list[int]) -> Generator[Callable[[float], None]]:
    """A wait that any signal of interest ends."""
    hear, speak = socket.socketpair()
    hear.setblocking(False)
    speak.setblocking(False)

    def note(number: int, _: FrameType | None) -> None:
        if number != signal.SIGCHLD:
            asked.append(number)

    numbers = (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, note) for number in numbers]
    woken = signal.set_wakeup_fd(speak.fileno(), warn_on_full_buffer=False)

    def wait(seconds: float) -> None:
        select.select([hear], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            hear.recv(4096)

    try:
        yield wait
    finally:
        signal.set_wakeup_fd(woken)
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
        hear.close()
        speak.close()


def _how(status: int | None) -> str:
    return f"signal {-status}" if status is not None and status < 0 else f"status {status}"
