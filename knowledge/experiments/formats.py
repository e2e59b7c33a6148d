"""What a text variant is on each channel, and the limits its platform sets.

The limits are those that briefs name for people and writers; whether a finished text keeps them is for knowledge/checks.
Sources, 2026-11: Google Ads Help (responsive search ads); Meta Business Help (feed ads, cut off after that); LinkedIn
Marketing Solutions Help; TikTok Ads Help; for emails the subject and preheader that clients show (notes of the checks).
"""

from dataclasses import dataclass
from typing import Any

#: part -> (most, unit, note)
Limits = dict[str, tuple[int, str, str | None]]


@dataclass(frozen=True)
class TextFormat:
    """``name``: as the asset's format; ``channel``: as the asset's channel."""

    name: str
    channel: str
    limits: Limits

    def told(self) -> list[dict[str, Any]]:
        """The limits as a brief has them."""
        return [
            {"part": part, "limit": most, "unit": unit, "note": note}
            for part, (most, unit, note) in self.limits.items()
        ]


_CUT = "longer text is cut off in the feed"
SEARCH_AD = TextFormat(
    "search_ad",
    "google_search",
    {
        "headline": (30, "characters", "3 to 15 headlines"),
        "description": (90, "characters", "2 to 4 descriptions"),
        "path": (15, "characters", "at most two"),
    },
)
META_AD = TextFormat(
    "meta_ad",
    "meta",
    {
        "primaryText": (125, "characters", _CUT),
        "headline": (27, "characters", _CUT),
        "description": (27, "characters", _CUT),
    },
)
LINKEDIN_AD = TextFormat(
    "linkedin_ad", "linkedin", {"introText": (150, "characters", _CUT), "headline": (70, "characters", _CUT)}
)
SCRIPT = TextFormat(
    "video_script_30s",
    "tiktok",
    {"voiceover": (75, "words", "spoken in 30 seconds"), "text": (100, "characters", "no emoji, no # and no braces")},
)
EMAIL = TextFormat(
    "email_html", "email", {"subject": (50, "characters", None), "preheader": (90, "characters", "at least 40")}
)
SECTION = TextFormat("landing_section", "landing_page", {"section": (160, "words", None)})

_BY_CHANNEL = {one.channel: one for one in (SEARCH_AD, META_AD, LINKEDIN_AD, SCRIPT, EMAIL, SECTION)}
FORMATS = {one.name: one for one in _BY_CHANNEL.values()}
_ALSO = {"facebook": META_AD, "instagram": META_AD, "youtube": SCRIPT, "google": SEARCH_AD, "blog": SECTION}


def format_of(channel: str) -> TextFormat:
    """The text format for a channel; a section of a landing page where the channel has none of its own."""
    return _BY_CHANNEL.get(channel) or _ALSO.get(channel) or SECTION
