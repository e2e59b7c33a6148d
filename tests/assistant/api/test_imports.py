"""Bringing files over HTTP: uploaded in a stream, opened, corrected, started; what is refused says why."""

from typing import Any

import pytest

from assistant.api import uploads as uploads_api
from knowledge.files import store
from tests.assistant.api.conftest import Door
from tests.knowledge.imports import files


async def bring(door: Door, content: bytes, name: str, **form: str) -> Any:
    response = await door.http.post("/api/uploads", files={"file": (name, content)}, data=form)
    assert response.status_code == 201, response.text
    return response.json()


async def test_a_file_is_uploaded_opened_and_started(door: Door) -> None:
    brought = await bring(door, files.ads(3), "../secret/ads.json")
    assert (brought["filename"], brought["bytes"]) == ("ads.json", len(files.ads(3)))
    view = await door.post("/imports", {"uploadId": brought["uploadId"]}, 201)
    assert (view["status"], view["kind"], view["format"], view["total"]) == ("preview", "swipes", "ad_json", 3)
    assert view["preview"]["samples"][0]["brand"] == "ManClub"
    assert [one["format"] for one in view["alternatives"]] == ["foreplay_json", "meta_json", "review_json"]
    assert (await door.get("/imports"))["items"][0]["id"] == view["id"]
    started = await door.post(f"/imports/{view['id']}/start")
    assert (started["status"], started["preview"]) == ("running", None)
    assert door.work.asked == [
        ("knowledge_import", {"importId": view["id"], "filename": "ads.json"}, f"import:{view['id']}")
    ]
    again = await door.post(f"/imports/{view['id']}/start")
    assert again["runId"] == started["runId"], "a second click starts nothing"


async def test_a_mapping_is_corrected_and_another_reading_chosen(door: Door) -> None:
    client = str(door.people.client_id)
    view = await door.post("/imports", {"text": files.UNKNOWN_CSV.decode(), "filename": "answers.csv"}, 201)
    assert (view["kind"], view["clientId"]) == ("voc", None)
    view = await door.put(f"/imports/{view['id']}", {"clientId": client})
    assert view["clientName"]
    view = await door.put(f"/imports/{view['id']}", {"options": {"mapping": {"who": None}}})
    assert {one["column"]: one["field"] for one in view["preview"]["mapping"]}["who"] is None
    wrong = await door.put(f"/imports/{view['id']}", {"options": {"mapping": {"who": "shoe size"}}}, 422)
    assert wrong["fields"][0]["field"] == "mapping"
    view = await door.put(f"/imports/{view['id']}", {"format": "text_document", "kind": "document"})
    assert (view["kind"], view["options"]) == ("document", {}), "another way of reading begins anew"
    wrong = await door.put(f"/imports/{view['id']}", {"format": "ad_json", "kind": "voc"}, 422)
    assert wrong["fields"][0]["field"] == "format"


@pytest.mark.parametrize(
    ("given", "field"),
    [({}, "uploadId"), ({"text": "x", "uploadId": "00000000-0000-0000-0000-000000000000"}, "uploadId"),
     ({"text": "  "}, "text"), ({"text": "Too late.", "kind": "swipes"}, "file"),
     ({"text": "Too late.", "format": "nonsense"}, "format")],
)  # fmt: skip
async def test_what_cannot_be_opened_names_the_field(door: Door, given: dict[str, Any], field: str) -> None:
    assert [one["field"] for one in (await door.post("/imports", given, 422))["fields"]] == [field]


async def test_a_picture_is_refused_as_an_import_with_what_can_be_taken(door: Door) -> None:
    brought = await bring(door, b"\x89PNG\r\n\x1a\n" + b"\0" * 60, "ad.png")
    problem = await door.post("/imports", {"uploadId": brought["uploadId"]}, 422)
    assert "is a picture" in problem["fields"][0]["message"]


async def test_an_upload_that_is_too_large_is_refused_while_it_comes(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads_api, "LARGEST", 1_000_000)
    monkeypatch.setattr(store, "LARGEST", 1_000_000)

    async def endless() -> Any:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        while True:
            yield b"a" * 100_000

    response = await door.http.post(
        "/api/uploads", content=endless(), headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert response.status_code == 413
    assert response.json()["code"] == "too_large"


@pytest.mark.parametrize(
    ("headers", "body"),
    [({"Content-Type": "application/json"}, b"{}"), ({"Content-Type": "multipart/form-data; boundary=x"}, b"nonsense"),
     ({"Content-Type": "multipart/form-data"}, b""), ({"Content-Type": "multipart/form-data; boundary=x"}, b"--x--\r\n")],
)  # fmt: skip
async def test_a_broken_upload_says_what_is_wrong(door: Door, headers: dict[str, str], body: bytes) -> None:
    response = await door.http.post("/api/uploads", content=body, headers=headers)
    assert response.status_code == 422, response.text
    assert response.json()["fields"][0]["field"] == "file"


async def test_rows_left_out_are_listed_and_given_as_a_table_that_no_spreadsheet_runs(door: Door) -> None:
    view = await door.post("/imports", {"text": files.TEXT.decode()}, 201)
    async with door.parts.db.org(door.people.org_id) as conn:
        await conn.execute(
            "insert into import_rejects (org_id, import_id, row, field, reason, excerpt)"
            " values (%s, %s, 7, 'rating', 'is no rating', '=cmd()')",
            (door.people.org_id, view["id"]),
        )
    assert (await door.get(f"/imports/{view['id']}/rejects"))["items"] == [
        {"row": 7, "field": "rating", "reason": "is no rating", "excerpt": "=cmd()"}
    ]
    table = await door.http.get(f"/api/imports/{view['id']}/rejects.csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert "'=cmd()" in table.text
