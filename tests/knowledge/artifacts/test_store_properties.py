"""Whatever is written, edited, approved and sent back, in whatever order: a model written from the rules agrees.

Two clients, two campaigns each. The model knows the table of types, the life of an artifact and the cascade as a
person would say them; it holds plain records and shares nothing with the product but the names of the types. For a
longer search: ``ADROOM_EXAMPLES=300 python -m pytest tests/knowledge/artifacts/test_store_properties.py``.
"""

import asyncio
import os
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from knowledge.artifacts import store
from knowledge.artifacts.models import Artifact
from knowledge.artifacts.queries import COLUMNS
from knowledge.artifacts.registry import SPECS
from knowledge.clients import service as clients
from knowledge.db import Database, fetch_all
from knowledge.errors import AdroomError, Blocked, Conflict
from tests.conftest import TestDatabase, make_people
from tests.knowledge.desk import Desk, document, open_desk

#: spec: types and what each may be built from. The sources of a client's document are the client's.
REQUIRES = {
    "intake": [],
    "client_canon": ["intake"],
    "metric_schema": ["client_canon"],
    "strategy_sheet": ["intake", "client_canon", "metric_schema"],
    "experiment_spec": ["strategy_sheet"],
    "asset_brief": ["strategy_sheet", "experiment_spec"],
    "creatives": ["strategy_sheet"],
    "execution": ["strategy_sheet", "creatives"],
    "monitoring": ["execution"],
}
CLIENT_WIDE = {"intake", "client_canon", "metric_schema"}
EXAMPLES = int(os.environ.get("ADROOM_EXAMPLES", "6"))

Name = tuple[int, int | None, str]  # client, campaign (None: client-wide), type


@dataclass
class Version:
    """One version of one document, as the rules see it."""

    name: Name
    number: int
    status: str
    words: str
    inputs: str
    built_from: dict[str, "Version"]
    approved_once: bool = False
    moved: dict[str, tuple[int, int]] = field(default_factory=dict)  # type → from, to
    notes: list[str] = field(default_factory=list)
    real: Artifact | None = None

    @property
    def reason(self) -> str | None:
        told = [f"{type} went from v{old} to v{new}" for type, (old, new) in self.moved.items()]
        return ", ".join(told) or None


class Rules:
    """The life of artifacts (spec: artifacts), on plain records."""

    def __init__(self) -> None:
        self.documents: dict[Name, list[Version]] = {}

    def newest(self, name: Name) -> Version | None:
        return self.documents.get(name, [None])[-1]  # type: ignore[list-item]

    def upstream(self, name: Name) -> dict[str, Version | None]:
        client, campaign, type = name
        needed = REQUIRES[type]
        return {t: self.newest((client, None if t in CLIENT_WIDE else campaign, t)) for t in needed}

    def gate(self, name: Name) -> list[str]:
        reasons: list[str] = []
        for type, found in self.upstream(name).items():
            if found is None:
                reasons.append(f"{type} is missing")
            elif found.status in ("draft", "revised"):
                reasons.append(f"{type} is {found.status} (v{found.number}) and must be approved")
            elif found.status == "flagged_for_review":
                reasons.append(f"{type} is flagged for review (v{found.number}): {found.reason}")
        return reasons

    def write(self, name: Name, words: str, inputs: str) -> Version | str:
        """The version, or why there is none."""
        if self.gate(name):
            return "blocked"
        last = self.newest(name)
        sources = {type: found for type, found in self.upstream(name).items() if found}
        if last:
            same_sources = all(last.built_from[type] is source for type, source in sources.items())
            rebuilding = last.status == "flagged_for_review"
            if same_sources and (words == last.words or (inputs == last.inputs and not rebuilding)):
                return "nothing changed"
        before = self.documents.setdefault(name, [])
        revised = any(version.approved_once for version in before)
        version = Version(name, len(before) + 1, "revised" if revised else "draft", words, inputs, sources)
        before.append(version)
        if revised:
            self.cascade(version)
        return version

    def decide(self, version: Version, decision: str) -> str:
        if self.newest(version.name) is not version:
            return "newer"
        if version.status == "approved":
            return "already"
        if decision != "approved":
            version.notes.append(decision)
            return "kept"
        if self.gate(version.name):
            return "blocked"
        first_time = not version.approved_once
        version.status, version.approved_once, version.moved = "approved", True, {}
        version.notes.append(decision)
        for older in self.documents[version.name][:-1]:
            older.status, older.moved = "archived", {}
        if first_time:
            self.cascade(version)
        return "approved"

    def cascade(self, moved: Version) -> None:
        type = moved.name[2]
        for versions in self.documents.values():
            for version in versions:
                if version.status == "archived" or version.name == moved.name:
                    continue
                way = self.way_back(version, moved.name)
                if way is not None and way < moved.number:
                    if version.status != "flagged_for_review":
                        version.moved = {}
                    version.status = "flagged_for_review"
                    version.moved.pop(type, None)
                    version.moved[type] = (way, moved.number)

    def way_back(self, version: Version, to: Name) -> int | None:
        """The version of ``to`` that this one goes back to: the nearest, of equally near ones the oldest."""
        level = [version]
        while level:
            level = [source for one in level for source in one.built_from.values()]
            found = [source.number for source in level if source.name == to]
            if found:
                return min(found)
        return None


PLACES = [(client, campaign) for client in (0, 1) for campaign in (0, 1)]
TYPES = st.sampled_from(list(REQUIRES))
WHERE = st.sampled_from([(0, 0)] * 4 + PLACES)  # mostly one place, so that chains grow long
WORDS = st.sampled_from(["one", "two", "three"])


class Documents(RuleBasedStateMachine):
    loop: asyncio.AbstractEventLoop
    db: Database

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    @initialize()
    def begin(self) -> None:
        self.rules = Rules()
        self.desks: dict[tuple[int, int], Desk] = self.run(self.open_desks())

    async def open_desks(self) -> dict[tuple[int, int], Desk]:
        people = await make_people(self.db)
        async with self.db.org(people.org_id) as conn:
            other = await clients.create_client(conn, people.org_id, "Other")
        ids = (people.client_id, other.id)
        return {(c, k): await open_desk(self.db, people, ids[c], f"Campaign {k}") for c, k in PLACES}

    def desk(self, name: Name) -> Desk:
        return self.desks[name[0], name[1] or 0]

    @staticmethod
    def name(where: tuple[int, int], type: str) -> Name:
        return (where[0], None if type in CLIENT_WIDE else where[1], type)

    def attempt(self, work: Any) -> Any:
        try:
            return self.run(work)
        except AdroomError as error:
            return error

    # ------------------------------------------------------------ what people and agents do

    @rule(where=WHERE, type=TYPES, words=WORDS, inputs=WORDS)
    def write(self, where: tuple[int, int], type: str, words: str, inputs: str) -> None:
        name = self.name(where, type)
        reasons = self.rules.gate(name)
        last = self.rules.newest(name)
        expected = self.rules.write(name, words, inputs)
        got = self.attempt(self.desk(name).write(type, words, inputs={"given": inputs}))
        note(f"write {name} {words}/{inputs}: {expected if isinstance(expected, str) else expected.number}")
        if isinstance(expected, Version):
            assert isinstance(got, Artifact), got
            expected.real = got
        elif expected == "blocked":
            assert isinstance(got, Blocked), got
            assert got.reasons == reasons
        else:
            assert isinstance(got, Conflict) and last is not None and last.real is not None, got
            assert got.message == f"Nothing changed since v{last.number}."
            assert got.facts["artifact_id"] == str(last.real.id)

    @rule(where=WHERE)
    def go_on(self, where: tuple[int, int]) -> None:
        """Write or approve the first thing that is missing, so that deep chains come about often."""
        for type in REQUIRES:
            name = self.name(where, type)
            newest = self.rules.newest(name)
            if newest is None:
                self.write(where, type, "one", "one")
                newest = self.rules.newest(name)
                if newest is None:
                    return
            if newest.status != "approved":
                self.say(newest, "approved", None)

    @rule(where=WHERE, type=TYPES, data=st.data())
    def decide(self, where: tuple[int, int], type: str, data: st.DataObject) -> None:
        versions = self.rules.documents.get(self.name(where, type))
        if versions:
            back = data.draw(st.sampled_from([0, 0, 0, 1, 2]))
            version = versions[max(0, len(versions) - 1 - back)]
            decision = data.draw(st.sampled_from(["approved", "approved", "rejected", "changes_requested"]))
            edit = data.draw(st.sampled_from([None, None, "four", "five"])) if decision == "approved" else None
            self.say(version, decision, edit)

    def say(self, version: Version, decision: str, edit: str | None) -> None:
        assert version.real is not None
        desk, type = self.desk(version.name), version.name[2]
        edits = document(type, edit) if edit else None
        note(f"{decision} {version.name} v{version.number} {edit or ''}")
        got = self.attempt(desk.decide_directly(version.real, decision, notes=decision, edits=edits))
        edited = self.edited(version, edit) if edit else version
        if isinstance(edited, str):
            expected, subject = edited, version
        else:
            expected, subject = self.rules.decide(edited, decision), edited
        if expected in ("approved", "kept"):
            assert not isinstance(got, AdroomError), got
            if subject is not version:
                subject.real = self.run(desk.now(got.outcome.artifact))
            assert got.outcome.subject_version == subject.number
            return
        if subject is not version:
            raise AssertionError("an edit is only planned where its approval succeeds")
        newest = self.rules.newest(version.name)
        assert newest is not None
        if expected == "newer":
            assert isinstance(got, Conflict) and got.message == f"v{newest.number} is newer.", got
        elif expected == "already":
            assert isinstance(got, Conflict) and f"already approved v{version.number}" in got.message, got
        else:
            assert isinstance(got, Blocked), got

    def edited(self, version: Version, words: str) -> Version | str:
        """The version an approval with edits makes, when it can be approved; all of it is one transaction."""
        if self.rules.newest(version.name) is not version:
            return "newer"
        if words == version.words:
            return version
        if version.status == "approved":
            return "already"
        if self.rules.gate(version.name):
            return "blocked"
        made = self.rules.write(version.name, words, f"edited {words}")
        assert isinstance(made, Version)
        return made

    # ------------------------------------------------------------ what always holds

    @invariant()
    def every_version_is_as_the_rules_say(self) -> None:
        if not hasattr(self, "rules"):
            return
        expected = [version for versions in self.rules.documents.values() for version in versions]
        found = self.run(self.read_all())
        assert len(found) == len(expected)
        for version in expected:
            assert version.real is not None
            row = found[version.real.id]
            assert (row.version, row.status) == (version.number, version.status), version
            assert row.flagged_reason == version.reason, version
            assert [n.kind for n in row.notes] == version.notes
            sources = {type: source.real.source for type, source in version.built_from.items() if source.real}
            assert row.source_versions == sources
            assert (row.data, row.content_hash, row.inputs_hash) == (
                version.real.data,
                version.real.content_hash,
                version.real.inputs_hash,
            ), "a version's content never changes"

    @invariant()
    def every_gate_is_as_the_rules_say(self) -> None:
        if not hasattr(self, "rules"):
            return
        found = self.run(self.read_gates())
        assert found == {name: self.rules.gate(name) for name in found}

    async def read_gates(self) -> dict[Name, list[str]]:
        found: dict[Name, list[str]] = {}
        async with self.db.org(self.desks[0, 0].people.org_id) as conn:
            for where, desk in self.desks.items():
                for type in REQUIRES:
                    gate = await store.gate(conn, type, desk.client_id, desk.place(type))  # type: ignore[arg-type]
                    found[self.name(where, type)] = list(gate.reasons)
        return found

    async def read_all(self) -> dict[Any, Artifact]:
        org_id = self.desks[0, 0].people.org_id
        async with self.db.org(org_id) as conn:
            rows = await fetch_all(conn, Artifact, f"select {COLUMNS} from artifacts", {})
        return {row.id: row for row in rows}


def test_documents_follow_the_rules(database: TestDatabase) -> None:
    loop = asyncio.new_event_loop()
    db = Database(database.app_url, min_size=1, max_size=2)
    loop.run_until_complete(db.open())
    try:
        machine = type("Machine", (Documents,), {"loop": loop, "db": db})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=30,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                database=None,
            ),
        )
    finally:
        loop.run_until_complete(db.close())
        loop.close()


@pytest.mark.parametrize("type", list(REQUIRES))
def test_the_model_knows_every_requirement_that_the_product_has(type: str) -> None:
    assert list(SPECS[type].requires) == REQUIRES[type]  # type: ignore[index]
