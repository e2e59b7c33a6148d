"""Asset briefs from an approved experiment spec: one for each variant, complete enough to be written from alone."""

from assistant.models.offline.compose.intake_reading import phrase_of, phrases_of
from assistant.models.offline.compose.language import language_of
from assistant.models.offline.compose.material import gather
from assistant.models.offline.compose.pen import Pen
from assistant.models.offline.compose.relevance import affinity
from assistant.models.offline.compose.sources import Composed, Document, Sources
from assistant.models.offline.compose.wording import clip, closed, slug
from knowledge.experiments.formats import format_of
from knowledge.json_values import as_list, as_object

MOST_QUOTES = 3
MOST_EXAMPLES = 2
#: variants of each brief, unless somebody says otherwise
USUAL_COUNT = 2


def write_briefs(sources: Sources, spec: Document) -> Composed:
    """``data["briefs"]``: in the order of the spec's variants, the control's with the others."""
    language = language_of(sources)
    pen = Pen(language, sources.client.id, {})
    variants = [as_object(one) for one in as_list(spec.get("variants"))]
    return Composed({"briefs": [_brief(sources, spec, variant, language, pen) for variant in variants]})


def _brief(sources: Sources, spec: Document, variant: Document, language: str, pen: Pen) -> Document:
    strategy = sources.strategy or {}
    concepts = {str(as_object(one).get("id")): as_object(one) for one in as_list(strategy.get("concepts"))}
    concept = concepts.get(str(variant.get("conceptId")), {})
    message = phrase_of(concept.get("promise")) or phrase_of(variant.get("change"))
    material = gather(sources, language)
    form = format_of(str(spec.get("channel")))
    evidence = [one for one in as_list(concept.get("evidence")) if isinstance(one, str)]
    cited = [quote.id for quote in material.quotes if quote.id in evidence]
    near = sorted(material.quotes, key=lambda quote: -affinity(quote.about, message))
    quotes = list(dict.fromkeys([*cited, *(quote.id for quote in near if affinity(quote.about, message) >= 1)]))
    good = [swipe.id for swipe in sources.swipes if swipe.is_good]
    return {
        "id": slug(clip(f"{spec.get('id')} {variant.get('id')}", 110)),
        "experimentSpecId": spec.get("id"),
        "variantId": variant.get("id"),
        "channel": spec.get("channel"),
        "format": form.name,
        "icpId": spec.get("icpId"),
        "funnelStageId": spec.get("funnelStageId"),
        "conceptId": variant.get("conceptId") or variant.get("id"),
        "angleType": variant.get("angleType"),
        "keyMessage": closed(message),
        "mustInclude": material.disclaimers,
        "mustAvoid": list(material.forbidden),
        "tone": _tone(sources, pen),
        "callToAction": pen.word("variants.cta"),
        "references": {"assetExamples": good[:MOST_EXAMPLES], "vocSnippets": quotes[:MOST_QUOTES]},
        "platformLimits": form.told(),
        "variantCount": USUAL_COUNT,
        "language": language,
    }


def _tone(sources: Sources, pen: Pen) -> str:
    voice = as_object(as_object((sources.canon or {}).get("brand")).get("toneOfVoice"))
    return " ".join(phrases_of(voice.get("do"))[:2]) or pen.word("variants.tone")
