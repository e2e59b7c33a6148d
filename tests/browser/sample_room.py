"""The stand-in's memory: documents, assets, runs, budgets, and what a test makes of them."""

import copy
from datetime import UTC, datetime
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
    INTAKE_FORM,
    ago,
)

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
        "score": 82,
        "agent": "seo_writer",
        "model": "offline",
        "content": {},
        "markdown": ARTICLE,
        "html": None,
        "text": None,
        "findings": FINDINGS,
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
        "sentence": sentence,
        "mayDecide": True,
    }


class Room:
    """Everything the stand-in remembers. ``reset`` puts it back to the beginning."""

    def __init__(self) -> None:
        self.stopping = False
        self.reset()

    def reset(self) -> None:
        self.failing: dict[str, int] = {}
        self.asked: list[str] = []
        self.down, self.epoch = False, getattr(self, "epoch", 0) + 1
        self.intake_form = INTAKE_FORM
        self.intake: Json = {"version": 2, "status": "draft", "data": copy.deepcopy(INTAKE_DATA)}
        self.clients: list[Json] = [
            {"id": "c1", "name": "Lumen Coffee", "industry": "E-commerce", "status": "active"},
            {"id": "c2", "name": "Nordlicht Yoga", "industry": "Services", "status": "active"},
            {"id": "c3", "name": "Brandt & Söhne Maschinenbau", "industry": "Manufacturing", "status": "paused"},
        ]
        self.campaigns: list[Json] = [
            {"id": "k1", "name": "Summer launch", "status": "planning", "goalDescription": "300 orders"}
        ]
        self.artifacts = self._artifacts()
        self.assets = self._assets()
        self.runs = self._runs()
        self.events: dict[str, list[Json]] = {key: self._events() for key in self.runs}
        self.comments: list[Json] = [
            {
                "id": "m1",
                "body": "The story is good, but the second price point is missing.",
                "authorName": "Ben Ito",
                "createdAt": ago(120),
                "resolvedAt": None,
            },
            {
                "id": "m2",
                "body": "Can we say 'Berlin' earlier?",
                "authorName": "Anna Berg",
                "createdAt": ago(60),
                "resolvedAt": None,
            },
        ]
        self.diff: list[Json] = [
            {
                "path": "brand.story",
                "label": "Brand › Story",
                "kind": "changed",
                "before": "…",
                "after": "…",
                "words": [
                    ["=", "Lumen Coffee began in "],
                    ["-", "2018"],
                    ["+", "2019"],
                    ["=", " in a Berlin backyard."],
                ],
            },
            {
                "path": "brand.values.2",
                "label": "Brand › Values",
                "kind": "added",
                "before": None,
                "after": "Fresh or not at all",
            },
            {
                "path": "offers.0.guarantees.1",
                "label": "Offers › Guarantees",
                "kind": "removed",
                "before": "Money back",
                "after": None,
            },
        ]
        self.inbox: list[Json] = [
            {
                "approvalId": "ap1",
                "gate": "client_canon",
                "subjectType": "artifact",
                "subjectId": "art-draft",
                "title": "Client canon",
                "version": 2,
                "requestedAt": ago(4),
                "clientName": "Lumen Coffee",
                "runId": "run-waiting",
            },
            {
                "approvalId": "ap2",
                "gate": "asset",
                "subjectType": "asset",
                "subjectId": "asset-article",
                "title": "Cold brew at home: how to get it right the first time",
                "version": 1,
                "requestedAt": ago(64),
                "clientName": "Lumen Coffee",
                "runId": None,
                "score": 82,
            },
            {
                "approvalId": "ap3",
                "gate": "budget",
                "subjectType": "budget",
                "subjectId": "run-budget",
                "title": "Budget of the run",
                "version": None,
                "requestedAt": ago(1500),
                "clientName": "Nordlicht Yoga",
                "runId": "run-budget",
            },
        ]
        parts = {
            "byAgent": [
                {"name": "seo_writer", "cost": "5.10"},
                {"name": "planner", "cost": "2.35"},
                {"name": "cmo", "cost": "0.75"},
            ],
            "byModel": [{"name": "gpt-5-mini", "cost": "6.30"}, {"name": "gpt-5", "cost": "1.90"}],
            "byKind": [{"name": "model", "cost": "7.80"}, {"name": "web_search", "cost": "0.40"}],
        }
        self.budgets: list[Json] = [
            {
                "scope": "org",
                "scopeId": "o1",
                "name": "The whole room",
                "period": "month",
                "limit": "50.00",
                "spent": "8.20",
                "reserved": "0.60",
                "left": "41.20",
                "warnAt": 0.8,
                **parts,
            },
            {
                "scope": "session",
                "scopeId": "s1",
                "name": "This chat",
                "period": "total",
                "limit": "2.00",
                "spent": "1.72",
                "reserved": "0.05",
                "left": "0.23",
                "warnAt": 0.8,
                **parts,
            },
        ]

    def _artifacts(self) -> dict[str, Json]:
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
                unlocked={"label": "Build the metric schema", "command": "metrics"},
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

    def _assets(self) -> dict[str, Json]:
        made = [
            asset("asset-article"),
            asset(
                "asset-email",
                title="Welcome: your first bag",
                channel="email",
                format="email_html",
                wordCount=142,
                score=91,
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
            asset("asset-approved", status="approved", approvedByName="Anna Berg", approvedAt=ago(20), findings=[]),
        ]
        return {a["id"]: a for a in made}

    def _runs(self) -> dict[str, Json]:
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
                output={"sentence": "Article ready: 4,213 words, score 82, $0.41", "assetId": "asset-article"},
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

    def _events(self) -> list[Json]:
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

    def now(self) -> str:
        return datetime.now(UTC).isoformat()

    def intake_view(self) -> Json:
        data = self.intake["data"]
        required = [(s["id"], f["name"]) for s in INTAKE_FORM["sections"] for f in s["fields"] if f["required"]]

        def given(name: str) -> bool:
            section, key = name.split(".")
            return bool(data[section].get(key))

        missing = [name for _, name in required if not given(name)]
        errors = [{"field": name, "message": "is missing"} for name in missing]
        if "." not in str(data["identity"].get("contactEmail") or "x.y").rpartition("@")[2]:
            errors.append({"field": "identity.contactEmail", "message": "This is not an email address."})
        warnings = [{"field": "voice.bannedWords", "message": '"fuss" is banned, but stands in a voice example.'}]
        return {
            "artifactId": "art-intake",
            "clientName": "Lumen Coffee",
            "contentHash": f"i{self.intake['version']}",
            "mayDecide": True,
            "findings": {"errors": errors, "warnings": warnings},
            "progress": [],
            "missing": missing,
            **self.intake,
        }

    def save_intake(self, data: Json) -> Json:
        self.intake.update(data=data, status="draft")
        return self.intake_view()

    def artifact_of(self, key: str) -> Json:
        return (
            {**self.artifacts[key], "contentHash": self.intake_view()["contentHash"]}
            if key == "art-intake"
            else self.artifacts[key]
        )

    def new_version(self, key: str, data: Json) -> Json:
        old = self.artifacts[key]
        fresh = {
            **copy.deepcopy(old),
            "id": f"{key}-{old['version'] + 1}",
            "version": old["version"] + 1,
            "data": data,
            "status": "revised",
            "createdBy": "Anna Berg",
            "model": None,
            "createdAt": self.now(),
        }
        self.artifacts[fresh["id"]] = fresh
        for one in (old, fresh):
            one.update(latestId=fresh["id"], latestVersion=fresh["version"])
        return fresh

    def decide_artifact(self, key: str, body: Json) -> Json:
        verdict = {
            "decision": body["decision"],
            "decidedByName": "Anna Berg",
            "decidedAt": self.now(),
            "notes": body.get("notes"),
        }
        target = self.artifacts[key]
        if body["decision"] == "approved":
            target.update(
                status="approved",
                approvedByName="Anna Berg",
                approvedAt=self.now(),
                unlocked={"label": "Onboard now", "command": "onboard"},
            )
            if key == "art-intake":
                self.intake.update(status="approved", approvedByName="Anna Berg", approvedAt=self.now())
        else:
            target["decision"] = verdict
        return target

    def decide_asset(self, key: str, body: Json) -> Json:
        approved = body["decision"] == "approved"
        self.assets[key].update(
            status="approved" if approved else body["decision"], approvedByName="Anna Berg", approvedAt=self.now()
        )
        return self.assets[key]

    def decide_approval(self, key: str, body: Json) -> Json:
        self.inbox = [item for item in self.inbox if item["approvalId"] != key]
        for one in self.runs.values():
            if (one["waitingFor"] or {}).get("approvalId") == key:
                one.update(waitingFor=None, status="running" if body["decision"] == "approved" else "stopped")
                one["limit"] = body.get("raiseTo", one["limit"])
        return {"approvalId": key, "decision": body["decision"], "decidedByName": "Anna Berg"}

    def add_comment(self, body: str) -> Json:
        self.comments.append(
            {
                "id": f"m{len(self.comments) + 1}",
                "body": body,
                "authorName": "Anna Berg",
                "createdAt": self.now(),
                "resolvedAt": None,
            }
        )
        return self.comments[-1]

    def resolve_comment(self, key: str) -> Json:
        found = next(c for c in self.comments if c["id"] == key)
        found["resolvedAt"] = self.now()
        return found

    def set_budget(self, scope: str, body: Json) -> Json:
        found = next(b for b in self.budgets if b["scope"] == scope)
        found.update({key: value for key, value in body.items() if value is not None})
        found["left"] = f"{float(found['limit']) - float(found['spent']) - float(found['reserved']):.2f}"
        return found

    def dashboard(self) -> Json:
        agents = [
            ("cmo", "CMO", "ready", None, None),
            ("planner", "Planner", "busy", "waits for the canon's approval", "run-waiting"),
            ("seo_writer", "SEO writer", "busy", "section 4 of 11", "run-working"),
            ("email_marketer", "Email marketer", "error", "the model's server did not answer", "run-retry"),
            ("brand_critic", "Brand critic", "ready", None, None),
            ("compliance_critic", "Compliance critic", "ready", None, None),
        ]
        return {
            "agents": [{"id": i, "name": n, "state": s, "doing": d, "runId": r} for i, n, s, d, r in agents],
            "campaigns": [
                {
                    "id": "k1",
                    "name": "Summer launch",
                    "clientName": "Lumen Coffee",
                    "status": "planning",
                    "spend": "8.20",
                },
                {
                    "id": "k2",
                    "name": "Autumn retreat",
                    "clientName": "Nordlicht Yoga",
                    "status": "draft",
                    "spend": "0.00",
                },
            ],
            "artifactsByStatus": {"approved": 3, "draft": 2, "flagged_for_review": 1},
            "assetsByStatus": {"draft": 4, "polishing": 1, "published": 2},
            "runs": list(self.runs.values())[:4],
            "waiting": len(self.inbox),
            "budget": self.budgets[0],
        }

    def control(self, what: str, body: Json) -> Json:
        match what:
            case "emit":
                log = self.events[body["runId"]]
                seq = log[-1]["seq"] + 1
                self.runs[body["runId"]].update(body.get("run", {}), lastSeq=seq)
                log.append({"seq": seq, "at": self.now(), "step": None, "agent": None, "data": {}, **body["event"]})
            case "drop":
                self.epoch += 1
            case "down":
                self.down, self.epoch = body["down"], self.epoch + 1
            case "fail":
                self.failing = body
            case "update":
                getattr(self, body["table"])[body["id"]].update(body["with"])
            case "stop":
                self.stopping = True
            case "reset":
                self.reset()
            case _:
                return {"asked": self.asked}
        return {}
