"""What a file has in it, once it is read: ads, quotes, documents, and rows that could not be read.

What always holds: ``row`` counts from 1 as a person counts in the file (the rows of a spreadsheet, with its header as
row 1; the ads of a list; the paragraphs, lines or turns of a text), never falls from one record to the next and is the
same each time the file is read the same way. A row may give several records (one with two text columns gives two
quotes) and some give none (a header, an empty line). Texts are without NUL and with ``\\n`` as the only line end.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

MediaType = Literal["video", "image"]


@dataclass(slots=True)
class BrandRecord:
    """Whose ad it is. ``external_brand_id`` is the platform's own id of the page where there is one, or ``name:<slug>``
    where the file only names the brand."""

    external_brand_id: str
    name: str
    slug: str | None = None
    ad_library_link: str | None = None
    brand_page_link: str | None = None
    logo_url: str | None = None
    categories: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class MediaRecord:
    """One picture or film of an ad; ``video_length`` in seconds."""

    external_media_id: str
    path: str | None = None
    url: str | None = None
    thumbnail_path: str | None = None
    thumbnail_url: str | None = None
    disk: str | None = None
    type: MediaType | None = None
    mime_type: str | None = None
    size_bytes: int | None = None
    video_length: float | None = None
    download_url: str | None = None


@dataclass(slots=True)
class AdRecord:
    """One ad: the columns of ``company_swipe_assets`` under their names, its brand and its media.

    ``brand`` is None when the file does not say whose ad it is. ``body``, ``title`` and ``link_description`` are text
    without markup. What the file has beside the columns is in ``ad_library_object``.
    """

    row: int
    external_ad_id: str
    external_platform_ad_id: str | None = None
    brand: BrandRecord | None = None
    media: list[MediaRecord] = field(default_factory=list[MediaRecord])
    title: str | None = None
    body: str | None = None
    platforms: list[str] = field(default_factory=list[str])
    cta_type: str | None = None
    cta_text: str | None = None
    display_format: str | None = None
    landing_page: str | None = None
    link_description: str | None = None
    ad_source_link: str | None = None
    start_date: date | None = None
    end_date: date | None = None
    days_active: int | None = None
    active_in_library: bool | None = None
    active: bool | None = None
    used_count: int | None = None
    saved_count: int | None = None
    likes: int | None = None
    winning_score: float | None = None
    winning_score_data: Any = None
    performance_score: float | None = None
    performance_score_data: Any = None
    age_audience_min: int | None = None
    age_audience_max: int | None = None
    gender_audience: str | None = None
    eu_total_reach: int | None = None
    ad_spend_range_score: float | None = None
    ad_spend_range_score_data: Any = None
    added_human_time: str | None = None
    added_by_user_human_time: str | None = None
    saved_by_this_user: bool | None = None
    share_url: str | None = None
    embed_url: str | None = None
    is_aaa_eligible: bool | None = None
    is_saved: bool | None = None
    is_used: bool | None = None
    is_liked: bool | None = None
    ad_script: str | None = None
    ad_reach_by_location: Any = None
    ad_spend: Any = None
    ad_library_object: Any = None
    language: str | None = None
    verticals: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class QuoteRecord:
    """What a customer said, word for word. ``rating`` is on a scale of 5 (another scale is in ``extra["ratingAs"]``);
    ``started_at`` in seconds into the call; ``extra`` has what else the row says, by the names of its columns."""

    row: int
    text: str
    author: str | None = None
    rating: float | None = None
    said_on: date | None = None
    language: str | None = None
    themes: list[str] = field(default_factory=list[str])
    speaker: str | None = None
    started_at: float | None = None
    extra: dict[str, Any] = field(default_factory=dict[str, Any])
    external_id: str | None = None


@dataclass(slots=True)
class DocumentRecord:
    """A text as a whole."""

    row: int
    title: str
    text: str


@dataclass(slots=True)
class Rejected:
    """Something that could not be used, in words for the person whose file it is.

    ``kept``: the row itself comes in (its record follows), only the value of ``field`` was left out; such a one is told
    but the row does not count as rejected. ``excerpt`` is the beginning of what stood there.
    """

    row: int
    field: str | None
    reason: str
    excerpt: str = ""
    kept: bool = False


Record = AdRecord | QuoteRecord | DocumentRecord
Item = Record | Rejected
