"""How a model is asked for the claims of a text, beside those that the rules find in it."""

from collections.abc import Sequence

from pydantic import Field

from assistant.models.order import Order
from assistant.workflows.answers import Answer
from knowledge.claims.models import Named, NamedKind
from knowledge.claims.named import Parts

READER = "compliance_critic"
TASK = "read_claims"
WORDS = (
    "Name each sentence of `parts` that states something about the client, its product, its prices, its customers or the "
    "product's effect that could be true or false and that a reader would rely on, and that is not in `known` already. "
    "Copy the sentence exactly as it stands in `text`. Leave out opinions, questions, instructions, general truths about the "
    "world, and customers' words in quotation marks. Often there are none."
)
#: claims that one text may be named
MOST_NAMED = 120


class NamedClaim(Answer):
    kind: NamedKind
    text: str = Field(min_length=1, max_length=2_000, description="The sentence, exactly as it stands in the part.")


class ClaimReading(Answer):
    """What a model hands in; a sentence that is not in the text is dropped."""

    claims: list[NamedClaim] = Field(default=[], max_length=MOST_NAMED)


def claim_order(client: str, parts: Parts, known: Sequence[str]) -> Order:
    """``client``: its name; ``known``: the sentences that the rules call claims."""
    shown = [{"name": name, "text": text} for name, text in parts]
    return Order(TASK, WORDS, {"client": client, "parts": shown, "known": list(known)})


def named_by(model: str, reading: ClaimReading, parts: Parts) -> list[Named]:
    """The named sentences that stand in a part word for word."""
    return [
        Named(one.kind, one.text.strip(), model)
        for one in reading.claims
        if one.text.strip() and any(one.text.strip() in text for _, text in parts)
    ]
