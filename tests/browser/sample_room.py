"""The stand-in's memory, and what a test or a person makes of it."""

import copy
from datetime import UTC, datetime
from typing import Any

from knowledge.artifacts.intake_form import check_intake, missing_fields
from tests.browser.sample_around import budgets, changes, comments, inbox
from tests.browser.sample_claims import ledger
from tests.browser.sample_data import INTAKE_DATA, INTAKE_FORM
from tests.browser.sample_film import film
from tests.browser.sample_library import library
from tests.browser.sample_rows import artifacts, assets, events, runs

Json = dict[str, Any]


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
        self.artifacts = artifacts()
        self.assets = assets()
        self.runs = runs()
        self.events: dict[str, list[Json]] = {key: events() for key in self.runs} | {"run-done": film()}
        library.reset()
        ledger.reset()
        self.comments, self.diff, self.inbox, self.budgets = comments(), changes(), inbox(), budgets()

    def now(self) -> str:
        return datetime.now(UTC).isoformat()

    def intake_view(self) -> Json:
        data = self.intake["data"]
        found = check_intake(data)
        findings = {
            "errors": [{"field": one.field, "message": one.message, "by": one.by} for one in found.errors],
            "warnings": [{"field": one.field, "message": one.message, "by": one.by} for one in found.warnings],
        }
        return {
            "artifactId": "art-intake",
            "clientName": "Lumen Coffee",
            "contentHash": f"i{self.intake['version']}",
            "mayDecide": True,
            "findings": findings,
            "progress": [],
            "missing": [{"path": field.path, "label": field.label} for field in missing_fields(data)],
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
                unlocked={"label": "Onboard now", "command": "/onboard"},
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
