"""Channels: which ones a campaign starts with, how the budget is split, what each is for.

The split is a starting point by objective and kind of business; whoever uses it must list it as an assumption.
"""

import re

from assistant.models.offline.compose.intake_reading import IntakeView
from assistant.models.offline.compose.pen import Pen
from assistant.models.offline.compose.sources import Document, Sources

#: starting split of the budget by situation; shares add up to 1
_SPLITS = {
    "shop_sales": {"meta": 0.4, "google_search": 0.3, "email": 0.2, "blog": 0.1},
    "local_leads": {"google_search": 0.45, "meta": 0.25, "blog": 0.15, "email": 0.15},
    "b2b_leads": {"linkedin": 0.35, "google_search": 0.3, "blog": 0.2, "email": 0.15},
    "sales": {"google_search": 0.4, "meta": 0.3, "email": 0.2, "blog": 0.1},
    "awareness": {"meta": 0.45, "tiktok": 0.25, "blog": 0.3},
    "hiring": {"linkedin": 0.5, "meta": 0.3, "blog": 0.2},
    "partnerships": {"linkedin": 0.5, "email": 0.3, "blog": 0.2},
    "retention": {"email": 0.6, "blog": 0.2, "meta": 0.2},
}
_FORMATS = {
    "meta": ["static_1080x1080", "video_script_30s"],
    "google_search": ["search_ad"],
    "linkedin": ["static_1200x628", "document"],
    "tiktok": ["video_script_30s"],
    "email": ["email_html"],
    "blog": ["blog_post"],
}
_CHANNELS = {
    "meta": r"meta|facebook|instagram",
    "google_search": r"google(?:[ _]search|[ _]ads)?|search ads|sea|suchanzeigen",
    "linkedin": r"linkedin",
    "tiktok": r"tik ?tok",
    "email": r"e-?mails?|newsletter|correo",
    "blog": r"blog|seo|articles?|artikel|artículos?|artigos?",
    "youtube": r"youtube",
    "pinterest": r"pinterest",
    "whatsapp": r"whats ?app",
    "podcast": r"podcasts?",
    "events": r"events?|messen?|eventos?|ferias?|feiras?",
    "landing_page": r"landing ?pages?",
}
_B2B = re.compile(
    r"b2b|saas|software|consult|agency|unternehmen|firmen|empresas|companies|kanzlei|payroll|hr\b|teams", re.I
)
_SHOP = re.compile(r"commerce|shop|retail|store|handel|tienda|comercio|loja", re.I)
_UNPAID = re.compile(
    r"no (?:paid )?ads|without (?:paid )?ads|organic only|ohne (?:bezahlte )?anzeigen|sin anuncios|sem anúncios", re.I
)


def split(sources: Sources, view: IntakeView, objective: str) -> dict[str, float]:
    about = f"{view.industry} {' '.join(view.audience)} {' '.join(view.offers)}"
    if objective == "sales":
        name = "shop_sales" if _SHOP.search(view.industry) else "b2b_leads" if _B2B.search(about) else "sales"
    elif objective == "leads":
        name = "b2b_leads" if _B2B.search(about) else "local_leads"
    else:
        name = objective
    shares = dict(_SPLITS[name])
    for channel, pattern in _CHANNELS.items():
        named = re.search(rf"\b(?:{pattern})\b", sources.goal, re.I)
        if named and re.search(rf"\b(?:no|not|without|kein\w*|ohne|sin|sem)\s+(?:{pattern})\b", sources.goal, re.I):
            shares.pop(channel, None)
        elif named and channel not in shares:
            shares[channel] = 0.2
    if _UNPAID.search(sources.goal):
        shares = {"blog": 0.5, "email": 0.5}
    return evened(shares)


def evened(shares: dict[str, float]) -> dict[str, float]:
    """The shares scaled so that they add up to 1, in whole hundredths; the first takes the rest."""
    total = sum(shares.values()) or 1
    scaled = {name: round(share / total, 2) for name, share in shares.items()}
    first = next(iter(scaled))
    scaled[first] = round(1 - sum(share for name, share in scaled.items() if name != first), 2)
    return scaled


def channel_plan(sources: Sources, view: IntakeView, objective: str, primary: str, pen: Pen) -> list[Document]:
    return [channel_entry(name, share, primary, pen) for name, share in split(sources, view, objective).items()]


def channel_entry(name: str, share: float, metric_id: str, pen: Pen) -> Document:
    role = pen.word(f"strategy.role_{name if name in _FORMATS else 'other'}")
    return {"channel": name, "role": role, "budgetShare": share, "kpiMetricId": metric_id}


def approach(name: str, pen: Pen) -> Document:
    text = pen.word(f"strategy.approach_{name if name in _FORMATS else 'other'}")
    return {"channel": name, "approach": text, "formats": _FORMATS.get(name, [])}


def channel_named(text: str) -> str:
    """The channel that ``text`` names, as it is called here; ``""`` when none is known."""
    return next((name for name, pattern in _CHANNELS.items() if re.search(rf"\b(?:{pattern})\b", text, re.I)), "")


_LABELS = {"google_search": "Google search", "linkedin": "LinkedIn", "tiktok": "TikTok", "youtube": "YouTube",
           "whatsapp": "WhatsApp", "landing_page": "The landing page"}  # fmt: skip


def channel_label(name: str) -> str:
    """The channel as people write it, at the start of a sentence."""
    return _LABELS.get(name, name.capitalize())
