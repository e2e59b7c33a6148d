"""Small files as people have them."""

import json
from typing import Any

#: an ad as ad libraries export it (the example of the domain)
AD: dict[str, Any] = {
    "id": 64658534,
    "external_id": "3265105363664183",
    "platform": "FACEBOOK, INSTAGRAM, MESSENGER",
    "title": "The three-minute shave",
    "body": "Your face called. It wants its mornings back.\n\nThree minutes, one tool.",
    "cta_type": "SHOP_NOW",
    "cta_text": "Shop now",
    "display_format": "VIDEO",
    "landing_page": "https://shop.manclub.example/razor",
    "start_date": "2026-06-01",
    "winning_score": 0.8,
    "media": [
        {
            "id": 216237332,
            "path": "ads/216237332.mp4",
            "url": "https://cdn.manclub.example/216237332.mp4",
            "thumbnail_url": "https://cdn.manclub.example/216237332.jpg",
            "type": "video",
            "video_length": 40,
            "download_url": "https://cdn.manclub.example/download/216237332",
        }
    ],
    "brand": {
        "id": 46527,
        "external_id": "101832735934413",
        "name": "ManClub",
        "ad_library_link": "https://www.facebook.com/ads/library/?view_all_page_id=101832735934413",
        "brand_page_link": "https://www.facebook.com/manclub",
        "logo_url": "https://cdn.manclub.example/logo.png",
    },
}


def ad(number: int, **more: Any) -> dict[str, Any]:
    return {**AD, "id": 64658534 + number, "external_id": str(3265105363664183 + number), **more}


def ads(n: int, **more: Any) -> bytes:
    bodies = [f"Number {at} of our reasons to shave in the evening, told in {at} words or so." for at in range(n)]
    return json.dumps([ad(at, body=bodies[at], **more) for at in range(n)]).encode()


FOREPLAY = json.dumps(
    {
        "data": [
            {
                "id": "fp-1", "name": "Lumen Coffee", "headline": "Fresh on Friday", "description": "Roasted on Tuesday.",
                "display_format": "image", "live": True, "running_duration": {"days": 12}, "niches": ["coffee"],
                "full_transcription": None, "image": "https://cdn.lumen.example/1.jpg",
            }
        ]
    }
).encode()  # fmt: skip
META_CSV = (
    b"ad_archive_id,page_id,page_name,ad_creative_bodies,ad_creative_link_titles,ad_delivery_start_time,"
    b"publisher_platforms,spend\n"
    b'771,55,Nordlicht Yoga,"Zehn Minuten, bevor das Haus aufwacht.",Morgens,2026-05-01,"facebook,instagram",'
    b'"lower_bound: 100, upper_bound: 499"\n'
)
TRUSTPILOT = (
    "Review Id;Review Date;Review Stars;Review Title;Review Content;Review Username;Company Reply\r\n"
    't1;2026-05-04;5;Worth it;"I winced at the price, then it\noutlived three cheap ones.";Marta;Thanks!\r\n'
    't2;2026-05-05;2;Hm;"Too ""expensive"" for what it is.";Jonas;\r\n'
).encode("utf-8-sig")
UNKNOWN_CSV = (
    "who,when it was,what they told us,stars given\n"
    "Ana,03.05.2026,A entrega atrasou dez dias e ninguém avisou.,1\n"
    "Bo,04.05.2026,It came on time and the box was dry inside.,5\n"
).encode()
CALL = b"""Anna (00:00:05): Thank you for taking the time.
Marta (00:00:09): I nearly cancelled, because the invoice was wrong twice.
Anna (00:00:20): What happened then?
Marta (00:00:24): Somebody called me back the same day.
"""
VTT = b"""WEBVTT

00:00:01.000 --> 00:00:04.000
<v Marta>I nearly cancelled.

00:00:05.000 --> 00:00:07.000
<v Anna>Why?
"""
TEXT = b"""Too expensive for what it is.
It came late, twice.
The box was wet.
"""
HTML = (
    b"<!doctype html><html><head><title>Razor</title></head><body><h1>Three minutes</h1><p>No cuts.</p></body></html>"
)
