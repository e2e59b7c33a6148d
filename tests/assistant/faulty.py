"""A provider that misbehaves on purpose until it is mended, and what a person may be told of it."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.assistant.honest import answer
from tests.model_server import Call, ModelRequest, Reply, fault, say

#: every way in which a provider or its model can go wrong, as one answer
FAULTS: dict[str, Reply] = {
    "401": fault("unauthorised"),
    "429 with Retry-After": fault("too_many_requests", retry_after=90),
    "no credit left": fault("no_credit"),
    "500": fault("server_error"),
    "slow first byte": say("Too late.", delay=5.0),
    "cut stream": fault("cut"),
    "stream that ends early": fault("ends_early"),
    "malformed body": fault("malformed"),
    "over-long context": fault("too_long"),
    "model that is gone": fault("unknown_model"),
}
#: what a model itself does wrong
SLIPS: dict[str, Reply] = {
    "answer that is no JSON": say('{"subject": "Half of'),
    "tool call with bad arguments": Reply(calls=(Call("create_client", "{not json"),)),
    "unknown tool": Reply(calls=(Call("browse_the_web", {"url": "https://example.com"}),)),
    "no answer at all": say(""),
}
#: words of machines and of providers' documents; none of them is a marketer's
JARGON = ("Traceback", "Exception", "Error", "HTTP", "401", "429", "500", "JSON", "schema", "sk-", "127.0.0.1", "null",
          "None", "quota", "rate limit", "context_length", "asyncio", "openai.", "\n")  # fmt: skip


@dataclass
class Faulty:
    """The honest model, except that it gives ``bad`` to requests that ``where`` names, until mended."""

    bad: Reply
    where: Callable[[ModelRequest], bool] = lambda _: True
    times: int = 10_000
    given: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, request: ModelRequest) -> Reply:
        with self._lock:
            if self.given < self.times and self.where(request):
                self.given += 1
                return self.bad
        return answer(request)

    def mend(self) -> None:
        self.times = 0


def check_plain(sentence: str, allowed: Iterable[str] = ()) -> None:
    """A person can read it: whole sentences, and nothing of the machinery."""
    assert (sentence and sentence[0].isupper()) or sentence.startswith("test-model"), sentence
    assert sentence.rstrip()[-1] in ".?", sentence
    assert len(sentence) < 300, sentence
    for word in JARGON:
        assert word in allowed or word not in sentence, f"{word!r} in {sentence!r}"
