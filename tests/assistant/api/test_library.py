"""The swipe library and customers' words, at the API's door."""

from datetime import date
from typing import Any

import pytest

from tests.assistant.api.conftest import Door
from tests.knowledge.shelves import add_ad, add_quotes


@pytest.fixture
async def ads(door: Door) -> dict[str, str]:
    made: dict[str, str] = {}
    async with door.parts.db.org(door.people.org_id) as conn:
        made["razor"] = str(
            await add_ad(
                conn,
                door.people,
                "Your face called. It wants its mornings back.\n\nThree minutes, one tool.",
                brand="ManClub",
                external_ad_id="64658534",
                title="The three-minute shave",
                cta_type="SHOP_NOW",
                cta_text="Shop now",
                display_format="VIDEO",
                platforms=["FACEBOOK", "INSTAGRAM"],
                language="en",
                start_date=date(2026, 6, 1),
                days_active=61,
                active=True,
                winning_score=0.8,
                verticals=["male grooming"],
            )
        )
        made["yoga"] = str(
            await add_ad(
                conn,
                door.people,
                "Zehn Minuten, bevor das Haus aufwacht.",
                brand="Nordlicht Yoga",
                display_format="IMAGE",
                platforms=["INSTAGRAM"],
                language="de",
                start_date=date(2026, 3, 1),
            )
        )
    return made


async def test_the_library_is_listed_newest_first_with_what_it_can_be_narrowed_by(
    door: Door, ads: dict[str, str]
) -> None:
    found = await door.get("/swipes")
    assert [one["id"] for one in found["items"]] == [ads["yoga"], ads["razor"]]
    assert (found["mode"], found["total"]) == ("list", 2)
    assert found["facets"]["platforms"] == [
        {"value": "INSTAGRAM", "label": None, "n": 2}, {"value": "FACEBOOK", "label": None, "n": 1},
    ]  # fmt: skip
    assert {one["label"] for one in found["facets"]["brands"]} == {"ManClub", "Nordlicht Yoga"}
    razor = found["items"][1]
    assert razor["hook"] == "Your face called."
    assert razor["cta"] == {"type": "SHOP_NOW", "text": "Shop now"}
    assert (razor["brand"]["name"], razor["daysActive"], razor["active"]) == ("ManClub", 61, True)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("q=mornings", ["razor"]), ("q=haus", ["yoga"]), ("q=mancub", ["razor"]), ("q=64658534", ["razor"]),
        ("format=VIDEO", ["razor"]), ("platform=INSTAGRAM&language=de", ["yoga"]), ("tag=male grooming", ["razor"]),
        ("from=2026-05-01", ["razor"]), ("to=2026-05-01", ["yoga"]), ("scoreFrom=0.5", ["razor"]), ("saved=true", []),
        ("q=mornings&format=IMAGE", []), ("q=mornings&favorite=true", []),
    ],
)  # fmt: skip
async def test_ads_are_found_by_words_and_filters(
    door: Door, ads: dict[str, str], asked: str, names: list[str]
) -> None:
    found = await door.get(f"/swipes?{asked}")
    assert [one["id"] for one in found["items"]] == [ads[name] for name in names]
    if asked.startswith("q="):
        assert found["mode"] == "lexical"
        assert found["total"] is None


async def test_a_search_says_which_name_was_meant_and_which_passage_matched(door: Door, ads: dict[str, str]) -> None:
    found = await door.get("/swipes?q=mancub")
    assert found["corrected"] == {"mancub": "manclub"}
    assert found["items"][0]["matched"]["part"] == "hook"
    assert "no embedding model" in found["note"]


async def test_an_ad_is_kept_tagged_and_found_by_its_marks(door: Door, ads: dict[str, str]) -> None:
    at = f"/swipes/{ads['yoga']}"
    assert (await door.post(f"{at}/save", {"saved": True}))["isSaved"] is True
    assert (await door.post(f"{at}/favorite", {"favorite": True}))["isFavorite"] is True
    assert (await door.post(f"{at}/tags", {"tags": [" calm ", "calm", "", "morning"]}))["tags"] == ["calm", "morning"]
    for asked in (
        "saved=true",
        "favorite=true",
        "tag=calm",
        "q=haus&tag=calm",
        "q=haus&saved=true",
        "q=haus&favorite=true",
    ):
        assert [one["id"] for one in (await door.get(f"/swipes?{asked}"))["items"]] == [ads["yoga"]], asked
    assert (await door.post(f"{at}/save", {"saved": False}))["isSaved"] is False
    assert (await door.get("/swipes?saved=true"))["items"] == []
    assert _fields(await door.post(f"{at}/tags", {"tags": ["x" * 61]}, 422)) == {"tags"}


async def test_an_ad_is_an_example_for_a_client_with_the_reason_and_can_be_taken_off(
    door: Door, ads: dict[str, str]
) -> None:
    client = str(door.people.client_id)
    why: dict[str, Any] = {
        "notes": "Opens with a joke",
        "icpId": "icp_1",
        "funnelStageId": "awareness",
        "angleType": "humor",
    }
    ad = await door.post(f"/swipes/{ads['razor']}/links", {"clientId": client, "good": True, "tags": ["hook"], **why})
    [link] = ad["links"]
    assert {**link, "clientSwipeId": "", "clientName": ""} == {
        "clientId": client, "clientName": "", "clientSwipeId": "", "good": True, "bad": False, "tags": ["hook"], **why,
    }  # fmt: skip
    for asked in ("", "&q=mornings", "&tag=hook", "&q=mornings&tag=hook", "&good=true"):
        assert [one["id"] for one in (await door.get(f"/swipes?clientId={client}{asked}"))["items"]] == [ads["razor"]]
    assert (await door.get(f"/swipes?clientId={client}&bad=true"))["items"] == []
    ad = await door.post(f"/swipes/{ads['razor']}/links", {"clientId": client, "bad": True})
    assert [(one["good"], one["bad"], one["notes"]) for one in ad["links"]] == [(False, True, "Opens with a joke")]
    both = await door.post(f"/swipes/{ads['razor']}/links", {"clientId": client, "good": True, "bad": True}, 422)
    assert "not both" in both["fields"][0]["message"]
    gone = await door.http.delete(f"/api/swipes/{ads['razor']}/links/{client}")
    assert gone.json()["links"] == []
    assert (await door.http.delete(f"/api/swipes/{ads['razor']}/links/{client}")).status_code == 404


async def test_a_clients_own_ad_is_found_with_the_client_only(door: Door, ads: dict[str, str]) -> None:
    client = str(door.people.client_id)
    own = {"title": "Our spring email", "body": "Candles that leave no soot.", "channel": "email", "good": True}
    made = await door.post(f"/clients/{client}/swipes", own, 201)
    assert made["clientSwipeId"] == made["id"]
    assert made["links"][0]["good"] is True
    assert made["id"] not in [one["id"] for one in (await door.get("/swipes"))["items"]]
    for asked in ("", "&q=soot"):
        found = await door.get(f"/swipes?clientId={client}{asked}")
        assert [one["id"] for one in found["items"]] == [made["id"]]
    assert (await door.get(f"/swipes/{made['id']}"))["body"] == own["body"]
    assert _fields(await door.post(f"/clients/{client}/swipes", {"title": " "}, 422)) == {"body"}


async def test_similar_ads_are_found_by_words_when_there_is_no_model(door: Door, ads: dict[str, str]) -> None:
    async with door.parts.db.org(door.people.org_id) as conn:
        near = await add_ad(conn, door.people, "One tool, three minutes: mornings given back to your face.")
    found = await door.get(f"/swipes/{ads['razor']}/similar")
    assert [one["id"] for one in found["items"]] == [str(near)]


async def test_customers_words_are_found_verbatim_by_word_theme_and_rating(door: Door) -> None:
    client = door.people.client_id
    async with door.parts.db.org(door.people.org_id) as conn:
        await add_quotes(conn, door.people, "Too expensive for what it is.", rating=2, language="en")
        await add_quotes(conn, door.people, "I winced at the price, then it outlived three cheap ones.", rating=5,
                         language="en", said_on=date(2026, 5, 4))  # fmt: skip
        await add_quotes(conn, door.people, "We asked for an invoice twice.", kind="sales_call", language="en")
    found = await door.get(f"/voc?clientId={client}&q=What do they say about the price?")
    assert {one["text"] for one in found["items"]} == {
        "I winced at the price, then it outlived three cheap ones.", "Too expensive for what it is.",
    }  # fmt: skip
    assert found["items"][0]["text"].startswith("I winced")
    assert found["items"][0]["source"]["name"] == "Trustpilot"
    for asked, n in (("", 3), ("&theme=price", 2), ("&ratingTo=2", 1), ("&kind=sales_call", 1), ("&from=2026-05-01", 1),
                     ("&q=invoice&kind=review", 0), ("&q=price&ratingFrom=4", 1)):  # fmt: skip
        assert len((await door.get(f"/voc?clientId={client}{asked}"))["items"]) == n, asked
    [price, *_] = (await door.get(f"/voc/themes?clientId={client}"))["items"]
    assert (price["theme"], price["label"], price["n"], price["positive"], price["negative"]) == (
        "price",
        "Price",
        2,
        1,
        1,
    )
    assert price["contradictingShare"] == 0.5


async def test_what_cannot_be_asked_is_named(door: Door) -> None:
    for asked, field in (("/swipes?from=2026-05-02&to=2026-05-01", "toDay"), ("/swipes?limit=1000", "limit"),
                         ("/voc", "clientId"), ("/voc/themes", "clientId")):  # fmt: skip
        assert _fields(await door.get(asked, 422)) == {field}


def _fields(problem: Any) -> set[str]:
    return {one["field"] for one in problem["fields"]}
