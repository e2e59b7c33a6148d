"""Ads as ad libraries, swipe tools and the Meta Ad Library export them."""

import json
from datetime import date

from tests.knowledge.imports import files
from tests.knowledge.imports.readers.reader import Reader


def test_an_ad_of_a_library_fills_its_columns_its_brand_and_its_media(given: Reader) -> None:
    (ad,) = given(json.dumps(files.AD), "ad_json").ads
    assert (ad.external_ad_id, ad.external_platform_ad_id) == ("64658534", "3265105363664183")
    assert ad.platforms == ["FACEBOOK", "INSTAGRAM", "MESSENGER"]
    assert (ad.cta_type, ad.cta_text, ad.display_format) == ("SHOP_NOW", "Shop now", "VIDEO")
    assert (ad.start_date, ad.winning_score) == (date(2026, 6, 1), 0.8)
    assert ad.body == files.AD["body"]
    assert ad.brand is not None
    assert (ad.brand.external_brand_id, ad.brand.name, ad.brand.slug) == ("101832735934413", "ManClub", "manclub")
    assert ad.brand.logo_url == "https://cdn.manclub.example/logo.png"
    (film,) = ad.media
    assert (film.external_media_id, film.type, film.video_length) == ("216237332", "video", 40)
    assert film.download_url == "https://cdn.manclub.example/download/216237332"


def test_ads_are_found_in_a_list_in_pages_one_a_line_and_alone(given: Reader) -> None:
    ads = [files.ad(n) for n in range(4)]
    lines = "\n".join(map(json.dumps, ads))
    pages = "\n".join(json.dumps({"next": n, "data": ads[n : n + 2]}) for n in (0, 2))
    wrapped = json.dumps({"meta": {"total": 4, "ads": "no list"}, "data": {"ads": ads}, "paging": {"after": "x"}})
    for shape in (json.dumps(ads), json.dumps(ads, indent=2), lines, pages, wrapped, json.dumps({"results": ads})):
        found = given(shape, "ad_json")
        assert [ad.external_ad_id for ad in found.ads] == [str(ad["id"]) for ad in ads], shape[:80]
        assert [ad.row for ad in found.ads] == [1, 2, 3, 4]
        assert not found.rejected


def test_values_that_cannot_be_used_are_told_and_the_ad_comes_in_without_them(given: Reader) -> None:
    found = given(
        json.dumps([files.ad(1, landing_page="javascript:alert(1)", days_active="soon", end_date="2026-05-01")]),
        "ad_json",
    )
    (ad,) = found.ads
    assert (ad.landing_page, ad.days_active, ad.end_date) == (None, None, None)
    assert {one.field for one in found.left_out} == {"landing_page", "days_active", "end_date"}
    assert all(one.row == 1 and one.reason.endswith("the ad came in without it") for one in found.left_out)


def test_an_ad_without_an_id_or_from_the_future_does_not_come_in_and_is_named(given: Reader) -> None:
    nameless = {**files.AD, "id": None}
    found = given(json.dumps([nameless, files.ad(1, start_date="2027-01-01"), files.ad(2), "text", 7]), "ad_json")
    assert [ad.row for ad in found.ads] == [3]
    told = [(one.row, one.field, one.reason, one.excerpt) for one in found.rejected]
    assert told[0][:2] == (1, "id")
    assert "is missing" in told[0][2]
    assert told[0][3] == files.AD["title"]
    assert told[1] == (2, "start_date", "is in the future", "2027-01-01")
    assert [row for row, *_ in told[2:]] == [4, 5]


def test_an_ad_whose_brand_is_missing_comes_in_and_that_is_told(given: Reader) -> None:
    found = given(json.dumps([{name: value for name, value in files.AD.items() if name != "brand"}]), "ad_json")
    assert found.ads[0].brand is None
    assert [(one.field, one.kept) for one in found.left_out] == [("brand", True)]


def test_duplicate_ids_are_both_read_in_their_order(given: Reader) -> None:
    found = given(json.dumps([files.ad(1, title="first"), files.ad(1, title="second")]), "ad_json")
    assert [(ad.external_ad_id, ad.title) for ad in found.ads] == [("64658535", "first"), ("64658535", "second")]


def test_markup_is_taken_off_a_body_and_its_line_breaks_stay(given: Reader) -> None:
    body = "<p>Less <b>razor</b> &amp; more&nbsp;face.</p><p>5 < 6<br/>Now</p><script>x()</script>"
    (ad,) = given(json.dumps(files.ad(1, body=body)), "ad_json").ads
    assert ad.body == "Less razor & more face.\n5 < 6\nNow"


def test_foreplay_ads_know_how_long_they_ran_and_keep_what_has_no_column(given: Reader) -> None:
    content = json.loads(files.FOREPLAY)
    content["data"][0] |= {
        "emotional_drivers": {"curiosity": 7},
        "cards": [{"image": "https://cdn.lumen.example/2.jpg"}],
    }
    (ad,) = given(json.dumps(content), "foreplay_json").ads
    assert (ad.external_ad_id, ad.title, ad.body) == ("fp-1", "Fresh on Friday", "Roasted on Tuesday.")
    assert (ad.days_active, ad.active, ad.verticals) == (12, True, ["coffee"])
    assert ad.brand is not None
    assert ad.brand.name == "Lumen Coffee"
    assert [medium.url for medium in ad.media] == ["https://cdn.lumen.example/1.jpg", "https://cdn.lumen.example/2.jpg"]
    assert ad.ad_library_object == {"emotional_drivers": {"curiosity": 7}}


def test_the_table_of_the_meta_ad_library_is_read_with_its_lists_and_bands(given: Reader) -> None:
    (ad,) = given(files.META_CSV, "meta_csv").ads
    assert (ad.row, ad.external_ad_id, ad.start_date) == (2, "771", date(2026, 5, 1))
    assert ad.platforms == ["FACEBOOK", "INSTAGRAM"]
    assert ad.ad_spend == {"lower": 100.0, "upper": 499.0}
    assert ad.brand is not None
    assert (ad.brand.external_brand_id, ad.brand.name) == ("55", "Nordlicht Yoga")


def test_the_api_of_the_meta_ad_library_is_read_without_the_token_of_who_asked(given: Reader) -> None:
    ad = {
        "id": "812345678901234", "page_id": "101832735934413", "page_name": "Lumen Coffee",
        "ad_creative_bodies": ["One", "One", "Two"], "ad_delivery_start_time": "2026-05-01",
        "ad_snapshot_url": "https://www.facebook.com/ads/archive/render_ad/?id=8&access_token=SECRET",
        "spend": {"lower_bound": "100", "upper_bound": "499"}, "currency": "EUR", "target_ages": ["18", "65+"],
        "languages": ["pt"], "eu_total_reach": 1200, "bylines": "Lumen GmbH",
    }  # fmt: skip
    (found,) = given(json.dumps({"data": [ad]}), "meta_json").ads
    assert found.body == "One\n\nTwo"
    assert found.ad_source_link == "https://www.facebook.com/ads/archive/render_ad/?id=8"
    assert found.ad_spend == {"lower": 100.0, "upper": 499.0, "currency": "EUR"}
    assert (found.age_audience_min, found.age_audience_max, found.language) == (18, 65, "pt")
    assert found.ad_library_object == {"bylines": "Lumen GmbH"}


def test_a_table_with_decimal_commas_titles_above_and_totals_below_is_understood(given: Reader) -> None:
    table = (
        "Export vom 21.11.2026;;;;\n\n"
        "Ad Library ID;Page name;Ad text;Start date;Amount spent;EU total reach\n"
        "1;Lumen;Heute geröstet;03.05.2026;1.234,50;12.500\n"
        "2;Lumen;Morgen da;13.05.2026;7,25;900\n"
        "Gesamt: 2;;;;1.241,75;13.400\n"
    )
    found = given(table.encode("cp1252"), "meta_csv")
    assert [(ad.row, ad.body, ad.start_date) for ad in found.ads] == [
        (4, "Heute geröstet", date(2026, 5, 3)),
        (5, "Morgen da", date(2026, 5, 13)),
    ]
    assert [ad.ad_spend["upper"] for ad in found.ads] == [1234.5, 7.25]
    assert [ad.eu_total_reach for ad in found.ads] == [12_500, 900]
    assert [(one.row, one.reason) for one in found.rejected] == [(6, "is a row of totals, not an ad")]
