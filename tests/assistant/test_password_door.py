"""The door outside loopback: one password, and no guessing."""

import pytest

from assistant.chat import identity
from assistant.chat.identity import PasswordDoor


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Time as the test sets it; waiting takes none."""
    now = {"now": 1000.0}

    async def no_wait(seconds: float) -> None:
        now["now"] += seconds

    monkeypatch.setattr(identity.time, "monotonic", lambda: now["now"])
    monkeypatch.setattr(identity.asyncio, "sleep", no_wait)
    return now


async def test_the_password_opens_and_another_does_not(clock: dict[str, float]) -> None:
    door = PasswordDoor("correct-horse-battery")
    assert await door.opens("correct-horse-battery")
    assert not await door.opens("correct-horse-batterz")
    assert not await door.opens("")


async def test_without_a_password_nobody_comes_in(clock: dict[str, float]) -> None:
    assert not await PasswordDoor(None).opens("")


async def test_after_ten_wrong_ones_even_the_right_one_has_to_wait_five_minutes(clock: dict[str, float]) -> None:
    door = PasswordDoor("correct-horse-battery")
    for guess in range(10):
        assert not await door.opens(f"guess {guess}")
    assert not await door.opens("correct-horse-battery")
    clock["now"] += 301
    assert await door.opens("correct-horse-battery")
