"""What survives: a reload in the middle, a crash between the question and the click, a second tab, an impatient finger."""

import asyncio
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Browser, expect
from psycopg import sql
from psycopg.conninfo import make_conninfo

from assistant.housekeeping import Housekeeping
from knowledge.db import APP_ROLE, Database
from knowledge.embedded import OWNER
from knowledge.files.store import Files
from tests.browser.person import LONG, Person, arrive
from tests.browser.product import Product

pytestmark = [pytest.mark.browser, pytest.mark.process, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def me(chromium: Browser, product: Product) -> Iterator[Person]:
    """Onboarding of the demo client, waiting for a word about the canon."""
    person = arrive(chromium, product.url)
    person.page.get_by_text("Try it with a demo client").click()
    person.click("Approve", person.card("DocumentCard", "Intake"))
    person.click("Onboard now")
    person.sees("Client canon v1 is ready for your approval.")
    yield person
    person.page.context.close()


def runs_of(product: Product, kind: str) -> list[dict[str, Any]]:
    return product.get(f"/runs?kind={kind}")["items"]


def decisions_in(product: Product, kind: str) -> int:
    """How many questions of the newest run of that kind have been answered."""
    timeline = product.get(f"/runs/{runs_of(product, kind)[0]['id']}/timeline")["items"]
    return sum(event["type"] == "approval_decided" for event in timeline)


def test_a_reload_in_the_middle_of_a_run_shows_the_same_run_and_the_same_question(me: Person) -> None:
    me.page.reload()
    run = me.card("RunCard", "Client onboarding")
    expect(run).to_contain_text("Client canon v1 is ready for your approval.")
    expect(run.get_by_role("button", name="Approve", exact=True)).to_be_enabled()
    expect(me.answers.filter(has_text="Client canon v1 is ready")).to_have_count(2)  # the run's card and the document's
    me.is_tidy()


def test_the_server_is_killed_between_the_question_and_the_click_and_the_click_works(
    me: Person, product: Product
) -> None:
    product.kill()
    product.start()
    canon = me.card("DocumentCard", "Client canon")
    me.click("Approve", canon)
    expect(canon).to_contain_text("Approved by You")
    me.sees("Metric schema v1 is ready for your approval.")
    assert [run["status"] for run in runs_of(product, "client_onboarding")] == ["waiting"]
    # while the server was away the page could not reach it, and said so; nothing else went wrong
    unreachable = ("ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET", "ERR_INCOMPLETE_CHUNKED")
    assert [said for said in me.complaints if not any(word in said for word in unreachable)] == []
    me.complaints.clear()


def test_two_clicks_decide_once(me: Person, product: Product) -> None:
    metrics = me.card("DocumentCard", "Metric schema")
    metrics.get_by_role("button", name="Approve", exact=True).dblclick()
    me.sees("Client onboarding ready")
    assert decisions_in(product, "client_onboarding") == 2
    assert len(runs_of(product, "client_onboarding")) == 1


def test_two_tabs_on_one_thread_see_the_same_and_the_slower_one_is_told(
    me: Person, product: Product, chromium: Browser
) -> None:
    me.say("/strategy 300 new subscriptions in 12 weeks")
    me.sees("Strategy sheet v1 is ready for your approval.")
    # this tab hears nothing of what happens to runs: its button is out of date
    other = arrive(chromium, product.url, f"/thread/{me.thread_id}", deaf=True)
    theirs = other.card("DocumentCard", "Strategy sheet")
    expect(theirs.get_by_role("button", name="Approve", exact=True)).to_be_enabled()
    me.click("Approve", me.card("DocumentCard", "Strategy sheet"))
    me.sees("Campaign planning ready")
    other.sees("Campaign planning ready")
    rejected = theirs.get_by_role("button", name="Reject", exact=True)
    if rejected.count():  # the news have not reached this card
        rejected.click()
        theirs.get_by_label("Why is it rejected?").fill("Too late")
        theirs.get_by_role("button", name="Reject", exact=True).last.click()
        expect(theirs.get_by_role("alert")).to_be_visible()
    expect(theirs).to_contain_text("Approved by You")
    assert decisions_in(product, "campaign_planning") == 1
    other.page.context.close()


def test_who_speaks_about_which_client_and_campaign_survives_a_crash(me: Person, product: Product) -> None:
    me.say("/client Nordwind Tee")
    me.say("/campaign Autumn")
    asked = me.say("let's fill in the intake")
    expect(asked).to_contain_text("Website")
    thread = me.thread_id
    product.kill()
    product.start()
    me.come(f"/thread/{thread}")
    expect(me.answers.filter(has_text="Website").last).to_be_visible()
    answer = me.say("no website")
    assert me.speaker(answer) == "Planner"
    expect(answer).to_contain_text("Industry")
    expect(me.say("/client")).to_contain_text("You are working on Nordwind Tee.")
    expect(me.say("/campaign")).to_contain_text("The campaign is Autumn.")


def test_a_page_that_stood_open_longer_than_its_way_in_lasts_goes_on(me: Person, product: Product) -> None:
    product.kill()
    me.page.context.clear_cookies()
    product.start()
    expect(me.say("/client")).to_contain_text("You are working on Nordwind Tee.")
    me.complaints.clear()


def test_after_a_weeks_absence_the_conversation_goes_on_where_it_was(me: Person, product: Product) -> None:
    me.say("/campaign Winter")
    asked = me.say("let's fill in the intake")
    expect(asked).to_contain_text("Industry")
    thread = me.thread_id
    me.come(f"/thread/{thread}")  # what the page shows now is written down
    expect(me.answers.last).to_contain_text("Industry")
    before = me.answers.count()
    me.page.goto("about:blank")
    product.kill()  # its database goes on
    pass_days(product, 8)
    with ThreadPoolExecutor() as beside:  # this thread is the browser's
        beside.submit(asyncio.run, tidy_up(product)).result()
    me.page.context.clear_cookies()
    product.start()
    me.come(f"/thread/{thread}")
    expect(me.answers.last).to_contain_text("Industry")
    expect(me.answers).to_have_count(before)
    answer = me.say("Tea, loose and in bags")
    assert me.speaker(answer) == "Planner"
    expect(me.say("/client")).to_contain_text("You are working on Nordwind Tee.")
    expect(me.say("/campaign")).to_contain_text("The campaign is Winter.")


def database_of(product: Product, user: str = OWNER) -> str:
    return make_conninfo(host=str(product.home / "socket"), dbname="adroom", user=user)


def pass_days(product: Product, days: int) -> None:
    """Everything that has a date in the database happened so much earlier."""
    with psycopg.connect(database_of(product)) as conn:
        conn.execute("set session_replication_role = replica")  # no trigger has a say in it
        dated = conn.execute(
            """select c.table_schema, c.table_name, c.column_name
            from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
            where c.table_schema in ('public', 'chat') and t.table_type = 'BASE TABLE' and c.is_generated = 'NEVER'
              and c.data_type in ('timestamp with time zone', 'timestamp without time zone')"""
        ).fetchall()
        assert len(dated) > 50
        for schema, table, column in dated:
            move = sql.SQL("update {table} set {column} = {column} - make_interval(days => %s)")
            conn.execute(move.format(table=sql.Identifier(schema, table), column=sql.Identifier(column)), [days])


async def tidy_up(product: Product) -> None:
    """The housekeeping of that week."""
    db = Database(database_of(product, APP_ROLE))
    await db.open()
    try:
        files = Files(str(product.home / "files"), product.home / "scratch")
        while await Housekeeping(db, database_of(product), files).tidy() is None:
            await asyncio.sleep(0.1)  # whoever died at it still holds its lock
    finally:
        await db.close()


def test_a_message_that_a_crash_took_is_owned_up_to_once_and_sent_again_at_a_click(
    me: Person, product: Product
) -> None:
    me.say("/client Fernhill Coffee")
    thread = me.thread_id
    product.kill()
    said_and_lost(product, thread, "/campaign")
    product.start()
    me.come(f"/thread/{thread}")
    own_up = me.answers.filter(has_text="Adroom was stopped before it got to this message.")
    expect(own_up).to_have_count(1)
    me.come(f"/thread/{thread}")
    expect(own_up).to_have_count(1)
    before = me.answers.count()
    me.click("Send it again", own_up)
    expect(me.answers).to_have_count(before + 1)
    expect(me.answers.last).to_contain_text("campaign")


def test_an_answer_that_was_given_is_put_back_when_a_crash_took_the_pages_copy(me: Person, product: Product) -> None:
    me.say("/client Nordwind Tee")
    me.say("/campaign Winter")
    me.say("/campaign")
    thread = me.thread_id
    me.come(f"/thread/{thread}")  # what the page shows now is written down
    expect(me.answers.last).to_contain_text("The campaign is Winter.")
    before = me.answers.count()
    product.kill()
    with psycopg.connect(database_of(product)) as conn:
        newest = """select id from chat."Step" where "threadId" = %s and type = 'assistant_message'
            order by "createdAt" desc limit 1"""
        assert conn.execute(f'delete from chat."Step" where id = ({newest})', [thread]).rowcount == 1
    product.start()
    me.come(f"/thread/{thread}")
    expect(me.answers).to_have_count(before)
    expect(me.answers.last).to_contain_text("The campaign is Winter.")


def test_a_message_that_another_process_is_at_work_on_is_not_called_lost_until_that_one_is_gone(
    me: Person, product: Product
) -> None:
    me.say("/client Fernhill Coffee")
    thread = me.thread_id
    me.come(f"/thread/{thread}")
    before = me.answers.count()
    with psycopg.connect(database_of(product), autocommit=True) as other:
        other.execute("select pg_advisory_lock(hashtextextended('adroom worker elsewhere', 0))")
        other.execute(
            "insert into workers (executor_id, host, pid, role, version) values ('elsewhere', 'elsewhere', 1, 'web', '1')"
        )
        said_and_lost(product, thread, "/campaign", "elsewhere")
        me.come(f"/thread/{thread}")
        expect(me.answers).to_have_count(before)
    with psycopg.connect(database_of(product), autocommit=True) as conn:
        for _ in range(100):
            if conn.execute("select ended_how from workers where executor_id = 'elsewhere'").fetchone() == ("died",):
                break
            me.page.wait_for_timeout(100)
    me.come(f"/thread/{thread}")
    expect(me.answers).to_have_count(before + 1)
    expect(me.answers.last).to_contain_text("Adroom was stopped before it got to this message.")


def said_and_lost(product: Product, thread: str, words: str, process: str = "") -> None:
    """What is left when a process dies right after it stored a message: the message, and nothing else."""
    row = (str(uuid4()), thread, words, json.dumps({"process": process} if process else {}))
    with psycopg.connect(database_of(product)) as conn:
        conn.execute(
            """insert into chat."Step" (id, "threadId", name, type, output, metadata, "createdAt", "startTime", "endTime",
              "showInput")
            select %s, %s, 'You', 'user_message', %s, %s, at, at, at, 'false'
            from (select now() at time zone 'utc' as at) now""",
            row,
        )


def test_what_happened_while_nobody_looked_is_there_afterwards(me: Person, product: Product) -> None:
    me.say("/client Fernhill Coffee")
    me.type("/write How to brew with a cafetière")
    thread = me.thread_id
    me.card("RunCard", "Article: How to brew")
    me.page.goto("about:blank")
    for _ in range(600):
        if runs_of(product, "seo_write")[0]["status"] == "completed":
            break
        me.page.wait_for_timeout(100)
    me.come(f"/thread/{thread}")
    expect(me.answers.filter(has_text=re.compile(r"Article ready: [\d,]+ words")).last).to_be_visible(timeout=LONG)
    me.card("AssetCard")


def test_it_stops_in_good_order_with_a_page_open_and_its_log_holds_no_traceback(me: Person, product: Product) -> None:
    assert product.stop() == 0
    assert "Traceback" not in product.log, product.log[-6000:]
    assert "ERROR" not in product.log, product.log[-6000:]
    product.start()
