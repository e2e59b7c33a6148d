"""A file from its bytes to what is found and shown: previewed, brought in, again, stopped and taken up."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from assistant.commands.desk import Desk
from assistant.commands.library import bring_in
from knowledge.errors import Conflict, Invalid
from knowledge.files import uploads
from knowledge.imports import service
from tests.assistant.at_work import AtWork, open_house
from tests.conftest import TestDatabase
from tests.knowledge.fetching.loopback import open_site
from tests.knowledge.imports import files
from tools.imports import opening
from tools.imports.view import ImportView, summary
from tools.spec import ToolContext


def context_of(at_work: AtWork) -> ToolContext:
    return ToolContext(at_work.caller, at_work.db, at_work.house.work)


async def bring(at_work: AtWork, content: bytes, name: str, **more: Any) -> ImportView:
    """Upload and open; as the chat and the API do."""
    context = context_of(at_work)
    stored = await at_work.house.files.of(at_work.org_id).put_bytes(content)
    async with context.tx() as conn:
        upload = await uploads.record(conn, at_work.caller, name, stored)
    return await opening.open_upload(context, upload, **more)


async def take_in(at_work: AtWork, view: ImportView) -> ImportView:
    started = await opening.start(context_of(at_work), view.id)
    assert started.run_id is not None
    run = await at_work.until(started.run_id, "completed", "failed")
    assert run.status == "completed", run.error
    return await look(at_work, view.id)


async def look(at_work: AtWork, import_id: UUID) -> ImportView:
    async with at_work.db.org(at_work.org_id) as conn:
        return summary(await service.get(conn, import_id))


async def client_of(at_work: AtWork) -> Any:
    return (await at_work.rows("select id from clients"))[0][0]


async def test_ads_are_previewed_brought_in_and_found(briefed: TestDatabase, tmp_path: Path) -> None:
    async with open_house(briefed.owner_url, briefed.app_url, home=tmp_path) as at_work:
        content = json.dumps([files.AD, files.ad(1, body="Stop paying for cheap razors."), {"no": "id"}]).encode()
        view = await bring(at_work, content, "ads.json")
        assert (view.status, view.kind, view.format, view.client_id) == ("preview", "swipes", "ad_json", None)
        assert view.preview is not None and view.preview.estimated_rows == 2
        assert await at_work.rows("select count(*) from company_swipe_assets") == [(0,)], "nothing came in yet"
        done = await take_in(at_work, view)
        assert (done.status, done.counts.new, done.counts.rejected, done.position) == ("completed", 2, 1, 3)
        found = await at_work.use("search_swipes", query="mancub mornings")
        assert [one["hook"] for one in found["items"]] == ["Your face called."]
        assert found["items"][0]["brand"]["name"] == "ManClub"
        assert found["items"][0]["media"][0]["videoLength"] == 40
        said = await at_work.rows("select data->>'text' from run_events where type = 'message'")
        assert "2" in said[0][0] and "ads.json" in said[0][0]


async def test_the_same_file_again_changes_nothing(briefed: TestDatabase, tmp_path: Path) -> None:
    rows = "select xmin::text, id from {} order by id"
    tables = ("company_swipe_assets", "company_swipe_media", "company_swipe_brands", "chunks")
    async with open_house(briefed.owner_url, briefed.app_url, home=tmp_path) as at_work:
        await take_in(at_work, await bring(at_work, files.ads(40), "ads.json"))
        before = [await at_work.rows(rows.format(table)) for table in tables]
        again = await take_in(at_work, await bring(at_work, files.ads(40), "ads again.json"))
        assert (again.counts.new, again.counts.changed, again.counts.unchanged) == (0, 0, 40)
        assert [await at_work.rows(rows.format(table)) for table in tables] == before, "not a row was touched"


async def test_a_changed_file_changes_what_it_says_and_keeps_what_the_team_made_of_it(
    briefed: TestDatabase, tmp_path: Path
) -> None:
    async with open_house(briefed.owner_url, briefed.app_url, home=tmp_path) as at_work:
        await take_in(at_work, await bring(at_work, json.dumps([files.AD, files.ad(1)]).encode(), "ads.json"))
        ((id,),) = await at_work.rows("select id from company_swipe_assets where external_ad_id = '64658534'")
        await at_work.use("tag_swipe", swipeId=str(id), tags=["male grooming", "BR"])
        await at_work.use("save_swipe", swipeId=str(id), saved=True)
        changed = json.dumps([{**files.AD, "body": "Beards grow while you read this."}, files.ad(1)]).encode()
        done = await take_in(at_work, await bring(at_work, changed, "ads.json"))
        assert (done.counts.new, done.counts.changed, done.counts.unchanged) == (0, 1, 1)
        ad = await at_work.use("get_swipe", swipeId=str(id))
        assert (ad["hook"], ad["tags"], ad["isSaved"]) == (
            "Beards grow while you read this.",
            ["male grooming", "BR"],
            True,
        )
        assert [one["id"] for one in (await at_work.use("search_swipes", query="beards grow"))["items"]] == [str(id)]
        found = await at_work.use("search_swipes", query="face called")
        assert str(id) not in [one["id"] for one in found["items"]], "the old words no longer find it"


async def test_reviews_are_read_with_a_corrected_column_and_answer_by_theme(
    briefed: TestDatabase, tmp_path: Path
) -> None:
    async with open_house(briefed.owner_url, briefed.app_url, home=tmp_path) as at_work:
        client = await client_of(at_work)
        view = await bring(at_work, files.UNKNOWN_CSV, "answers.csv", client_id=client)
        assert (view.kind, view.client_id) == ("voc", client)
        view = await opening.change(
            context_of(at_work), view.id, kind=None, format=None, client_id=None,
            options={"mapping": {"who": None}, "vocKind": "survey", "dateOrder": "dmy"},
        )  # fmt: skip
        assert view.preview is not None
        assert {one.column: one.field for one in view.preview.mapping}["who"] is None
        done = await take_in(at_work, view)
        assert done.counts.new == 2
        found = await at_work.use("search_voc", clientId=str(client), query="entrega atrasou")
        quote = found["items"][0]
        assert (quote["text"], quote["author"], quote["kind"], quote["rating"], quote["saidOn"]) == (
            "A entrega atrasou dez dias e ninguém avisou.", None, "survey", 1.0, "2026-05-03",
        )  # fmt: skip


async def test_a_call_a_text_and_a_page_come_in_as_what_they_are(briefed: TestDatabase, tmp_path: Path) -> None:
    async with open_house(briefed.owner_url, briefed.app_url, home=tmp_path) as at_work:
        client = await client_of(at_work)
        call = await take_in(at_work, await bring(at_work, files.CALL, "call.txt", client_id=client))
        assert (call.format, call.counts.new) == ("transcript", 4)
        heard = await at_work.use("search_voc", clientId=str(client), query="invoice wrong twice")
        assert (heard["items"][0]["speaker"], heard["items"][0]["startedAt"]) == ("Marta", 9.0)
        page = await take_in(at_work, await bring(at_work, files.HTML, "page.html", client_id=client))
        assert (page.kind, page.counts.new) == ("document", 1)
        texts = (await at_work.use("read_document", clientId=str(client)))["documents"]
        assert "Razor" in [one["title"] for one in texts]


async def test_what_belongs_to_a_client_cannot_come_in_without_one(briefed: TestDatabase, tmp_path: Path) -> None:
    async with open_house(briefed.owner_url, briefed.app_url, home=tmp_path) as at_work:
        view = await bring(at_work, files.TRUSTPILOT, "reviews.csv")
        assert view.client_id is None
        with pytest.raises(Invalid) as refused:
            await opening.start(context_of(at_work), view.id)
        assert "which client" in refused.value.fields["clientId"]
        assert (await look(at_work, view.id)).status == "preview"


async def test_starting_twice_gives_one_run_and_a_started_import_is_not_changed(
    briefed: TestDatabase, tmp_path: Path
) -> None:
    async with open_house(briefed.owner_url, briefed.app_url, home=tmp_path) as at_work:
        view = await bring(at_work, files.ads(200), "ads.json")
        one = await opening.start(context_of(at_work), view.id)
        assert one.run_id is not None
        await at_work.until(one.run_id, "completed", "failed")
        with pytest.raises(Conflict):
            await opening.start(context_of(at_work), view.id)
        with pytest.raises(Conflict):
            await opening.change(
                context_of(at_work), view.id, kind=None, format=None, client_id=None, options={"language": "en"}
            )
        assert await at_work.rows("select count(*) from runs where kind = 'knowledge_import'") == [(1,)]


async def test_many_pasted_quotes_come_in_as_quotes(briefed: TestDatabase, tmp_path: Path) -> None:
    async with open_house(briefed.owner_url, briefed.app_url, home=tmp_path) as at_work:
        client = await client_of(at_work)
        shown = await at_work.use("import_voc", clientId=str(client), text=files.TEXT.decode())
        assert (shown["kind"], shown["format"], shown["status"]) == ("voc", "text", "preview")
        view = await look(at_work, UUID(shown["id"]))
        assert (await take_in(at_work, view)).counts.new == 3


async def test_a_page_of_the_web_becomes_a_document_that_knows_where_it_is_from(
    briefed: TestDatabase, tmp_path: Path
) -> None:
    async with open_house(briefed.owner_url, briefed.app_url, home=tmp_path) as at_work, open_site() as site:
        site.serve("/pricing", b"<title>Prices</title><p>Soy candles burn without soot for forty hours.</p>")
        work, url = replace(at_work.house.work, web=site.web()), f"http://shop.example:{site.port}/pricing"
        desk = Desk(at_work.house.services, at_work.caller, await at_work.session(), work)
        with pytest.raises(Invalid, match="not public"):
            await bring_in(desk, "http://127.0.0.2/")
        answer = await bring_in(desk, url)
        assert [card.name for card in answer.cards] == ["ImportCard"]
        done = await take_in(at_work, await look(at_work, UUID(answer.cards[0].props["importId"])))
        assert (done.status, done.counts.new, done.filename) == ("completed", 1, "shop.example pricing.html")
        kept = await at_work.rows("select kind, title, uri from documents")
        assert ("funnel_page", "Prices", url) in kept
