"""The preflight's rules over what the offline critics are given: the same rules, held against the same sources."""

from assistant.models.offline.compose.claims import source_texts
from assistant.models.offline.compose.intake_reading import phrase_of, read_intake
from assistant.models.offline.compose.language import WRITABLE
from assistant.models.offline.compose.sources import Sources
from knowledge.checks.models import Facts, Report
from knowledge.checks.piece import of_text
from knowledge.checks.preflight import preflight
from knowledge.json_values import as_list, as_object


def checked(sources: Sources, text: str) -> Report:
    """The whole report on ``text``; places are its characters."""
    piece = of_text(text)
    return preflight(piece, facts_of(sources))


def facts_of(sources: Sources) -> Facts:
    """What the sources know; without a canon the intake's disclaimers stand in for it."""
    view = read_intake(sources.intake, sources.client)
    wanted = sources.language[:2].lower()
    return Facts(
        canon=sources.canon or {"constraints": {"legal": {"requiredDisclaimers": view.disclaimers}}},
        client_name=view.name,
        website=view.website,
        quotes=_quotes(sources),
        bad_examples=[swipe.body for swipe in sources.swipes if swipe.is_bad],
        banned=[*view.banned_words, *view.forbidden_topics],
        topics=view.regulated_claims,
        tone="\n".join(view.tone),
        language=wanted if wanted in WRITABLE else "",
        known_texts=source_texts(sources),
    )


def _quotes(sources: Sources) -> dict[str, str]:
    """Customers' words by id: those given, else those in the canon."""
    if sources.voc:
        return {snippet.id: snippet.text for snippet in sources.voc}
    voices = as_object((sources.canon or {}).get("voiceOfCustomer"))
    snippets = [as_object(item) for group in voices.values() for item in as_list(group)]
    return {phrase_of(one.get("id")): phrase_of(one.get("text")) for one in snippets}
