"""The stand-in's rows: documents in every state, assets, runs with their events, budgets, the inbox."""

import copy
from typing import Any

from tests.browser.sample_data import (
    ARTICLE,
    CANON,
    CANON_MARKDOWN,
    EMAIL_HTML,
    EMAIL_TEXT,
    FINDINGS,
    HOSTILE,
    INTAKE_DATA,
    ago,
)
from tests.browser.sample_edits import SCORE

Json = dict[str, Any]


def document(ident: str, **more: Any) -> Json:
    base: Json = {
        "id": ident,
        "type": "client_canon",
        "typeTitle": "Client canon",
        "clientId": "c1",
        "clientName": "Lumen Coffee",
        "campaignId": None,
        "campaignName": None,
        "key": "",
        "version": 2,
        "latestVersion": 2,
        "latestId": ident,
        "status": "draft",
        "flaggedReason": None,
        "createdBy": "planner",
        "model": "offline",
        "createdAt": ago(4),
        "approvedAt": None,
        "approvedByName": None,
        "contentHash": "h2",
        "openComments": 2,
        "data": CANON,
        "markdown": CANON_MARKDOWN,
        "builtFrom": [{"type": "intake", "typeTitle": "Intake", "version": 1, "artifactId": "art-intake"}],
        "approvalId": "ap1",
        "mayDecide": True,
        "unlocked": None,
        "decision": None,
    }
    return {**copy.deepcopy(base), **more}


def asset(ident: str, **more: Any) -> Json:
    base: Json = {
        "id": ident,
        "title": "Cold brew at home: how to get it right the first time",
        "channel": "blog",
        "format": "blog_post",
        "status": "draft",
        "version": 1,
        "contentHash": "a1",
        "clientName": "Lumen Coffee",
        "campaignName": "Summer launch",
        "wordCount": 4213,
        "score": 8.2,
        "shownScore": {"meaning": "content score", "value": 74, "of": 100, "words": "content score 74 of 100"},
        "agent": "seo_writer",
        "model": "offline",
        "content": {},
        "markdown": ARTICLE,
        "html": None,
        "text": None,
        "findings": FINDINGS,
        "uses": [
            {"kind": "quote", "id": "q1", "text": "I winced at the price, then it outlived three.", "whose": "Marta"},
            {"kind": "ad", "id": "s1", "text": "Your face called. It wants its mornings back.", "whose": "ManClub"},
        ],
        "approvalId": None,
        "mayDecide": True,
        "createdAt": ago(9),
        "unlocked": None,
        "decision": None,
    }
    return {**copy.deepcopy(base), **more}


def step(
    name: str, status: str, started: float | None, finished: float | None, agent: str | None = None, **more: Any
) -> Json:
    return {
        "name": name,
        "status": status,
        "startedAt": ago(started) if started is not None else None,
        "finishedAt": ago(finished) if finished is not None else None,
        "agent": agent,
        **more,
    }


def run(ident: str, **more: Any) -> Json:
    base: Json = {
        "id": ident,
        "kind": "seo_write",
        "title": "Article: cold brew at home",
        "status": "running",
        "state": "writing",
        "progress": 46,
        "spend": "0.31",
        "limit": "2.00",
        "startedAt": ago(3.4),
        "finishedAt": None,
        "usualSeconds": 420,
        "steps": [
            step("research", "completed", 3.4, 2.6, "seo_writer"),
            step("outline", "completed", 2.6, 2.2, "seo_writer"),
            step("write_sections", "running", 2.2, None, "seo_writer", detail="section 4 of 11"),
            step("check_brand_and_claims", "pending", None, None),
            step("draft", "pending", None, None),
        ],
        "waitingFor": None,
        "error": None,
        "output": None,
        "clientName": "Lumen Coffee",
        "campaignName": "Summer launch",
        "lastSeq": 5,
    }
    return {**copy.deepcopy(base), **more}


def gate(key: str, name: str, subject: str, subject_id: str, sentence: str) -> Json:
    return {
        "approvalId": key,
        "gate": name,
        "who": ["strategy", "ops"],
        "subjectType": subject,
        "subjectId": subject_id,
        "contentHash": "run:total" if name == "budget" else "h2",
        "since": ago(6),
        "sentence": sentence,
        "mayDecide": True,
    }


def artifacts() -> dict[str, Json]:
    made = [
        document("art-draft"),
        document("art-old", key="old", version=1, latestVersion=3, latestId="art-new", contentHash="h1"),
        document("art-new", key="old", version=3, latestVersion=3, contentHash="h3"),
        document(
            "art-approved",
            key="a",
            status="approved",
            approvedByName="Anna Berg",
            approvedAt=ago(30),
            unlocked={"label": "Build the metric schema", "command": "/onboard"},
        ),
        document(
            "art-flagged",
            key="f",
            type="strategy_sheet",
            typeTitle="Strategy sheet",
            campaignName="Summer launch",
            status="flagged_for_review",
            flaggedReason="Intake went from v1 to v2.",
        ),
        document(
            "art-rejected",
            key="r",
            decision={
                "decision": "rejected",
                "decidedByName": "Ben Ito",
                "decidedAt": ago(50),
                "notes": "The audience is wrong: we sell to offices.",
            },
        ),
        document("art-raced", key="race"),
        document("art-readonly", key="ro", mayDecide=False, model="gpt-5-mini"),
        document(
            "art-hostile",
            key="x",
            clientName=HOSTILE,
            markdown=f"# {HOSTILE}\n\n{HOSTILE}\n\nNote: a colon:stays here.",
            createdBy=HOSTILE,
            data={"brand": {"story": HOSTILE}},
        ),
        document(
            "art-intake",
            type="intake",
            typeTitle="Intake",
            version=1,
            createdBy="Anna Berg",
            model=None,
            builtFrom=[],
            data=INTAKE_DATA,
            markdown="# Intake\n\nThe client's own answers.",
        ),
    ]
    return {a["id"]: a for a in made}


def assets() -> dict[str, Json]:
    made = [
        asset("asset-article", proposalId="p1", spent="0.41", seo={"score": SCORE}),
        asset(
            "asset-email",
            title="Welcome: your first bag",
            channel="email",
            format="email_html",
            wordCount=142,
            score=9.1,
            shownScore={"meaning": "reviewers", "value": 9.1, "of": 10, "words": "reviewers 9.1 of 10"},
            agent="email_marketer",
            html=EMAIL_HTML,
            text=EMAIL_TEXT,
            markdown=EMAIL_TEXT,
            findings=FINDINGS[1:],
            content={
                "subject": "Roasted Tuesday, in your cup by Friday",
                "preheader": "Your first bag is on its way.",
            },
        ),
        asset(
            "asset-mail",
            title="Beans, every week",
            channel="email",
            format="email_html",
            agent="email_marketer",
            html="<p>Beans</p>",
            text="Beans",
            markdown="Beans",
            findings=[],
            content={"subject": "Beans, every week", "preheader": "What happens next.", "mergeDialect": "liquid"},
        ),
        asset("asset-approved", status="approved", approvedByName="Anna Berg", approvedAt=ago(20), findings=[]),
    ]
    return {a["id"]: a for a in made}


def runs() -> dict[str, Json]:
    waiting = gate("ap1", "client_canon", "artifact", "art-draft", "The client canon waits for approval.")
    budget = gate(
        "ap3",
        "budget",
        "budget",
        "run-budget",
        "The limit of $2.00 is reached; the next call would cost up to $0.18.",
    )
    retry = gate("ap4", "retry", "run", "run-retry", "The model's server did not answer after three tries.")
    made = [
        run("run-working"),
        run(
            "run-waiting",
            title="Onboarding: Lumen Coffee",
            status="waiting",
            progress=40,
            waitingFor=waiting,
            steps=[
                step("read_the_intake", "completed", 6, 5.9, "planner"),
                step("write_the_canon", "completed", 5.9, 4.1, "planner"),
                step("canon_approval", "waiting", 4.1, None),
                step("write_the_metric_schema", "pending", None, None),
            ],
        ),
        run("run-budget", title="Email series: five days", status="waiting", spend="1.98", waitingFor=budget),
        run("run-retry", title="Strategy: Summer launch", status="waiting", waitingFor=retry),
        run(
            "run-done",
            status="completed",
            progress=100,
            finishedAt=ago(1),
            startedAt=ago(8),
            spend="0.41",
            steps=[
                step("research", "completed", 8, 6, "seo_writer"),
                step("write_sections", "completed", 6, 2, "seo_writer"),
                step("check_brand_and_claims", "completed", 2, 1, "brand_critic"),
            ],
            output={
                "sentence": "Article ready: 4,213 words, content score 74 of 100, $0.41",
                "assetId": "asset-article",
            },
        ),
        run(
            "run-failed",
            status="failed",
            finishedAt=ago(2),
            error="The model's key was refused. The outline is kept.",
        ),
        run("run-stopped", status="stopped", finishedAt=ago(2)),
    ]
    return {r["id"]: r for r in made}


def events() -> list[Json]:
    kinds = [
        ("run_started", None, None, {}),
        ("step_started", "research", "seo_writer", {}),
        ("step_completed", "research", "seo_writer", {}),
        ("step_started", "write_sections", "seo_writer", {}),
        ("progress", "write_sections", "seo_writer", {"sentence": "Section 4 of 11"}),
    ]
    return [
        {"seq": i + 1, "at": ago(3 - i * 0.5), "type": kind, "step": name, "agent": agent, "data": data}
        for i, (kind, name, agent, data) in enumerate(kinds)
    ]
