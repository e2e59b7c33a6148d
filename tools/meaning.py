"""What was asked, as the embedding model sees it; or why only its words are searched. Outside of any transaction."""

from knowledge.embeddings.models import QueryVector
from knowledge.errors import BudgetExceeded, Upstream
from knowledge.people.models import Caller
from tools.spec import Library


async def meaning_of(library: Library, caller: Caller, words: str) -> tuple[QueryVector | None, str | None]:
    """The vector of ``words``, or None and a sentence that says why there is none, when there should be one."""
    if not words.strip():
        return None, None
    try:
        vectors = await library.embed(caller, [words])
    except BudgetExceeded as error:
        return None, f"Only words are searched: {error.message}"
    except Upstream as error:
        return None, f"Only words are searched, because the embedding model did not answer: {error.message}"
    return (vectors[0] if vectors else None), None
