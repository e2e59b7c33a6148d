"""The CMO's own plan without a model: understand what is wanted, look things up, start work, hand over, answer."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from assistant.agents.intake_words import breaks_off, wants_intake
from assistant.agents.second_thoughts import second_thought
from assistant.models.offline.compose import answer_question
from assistant.models.offline.compose.answers import language_of_words
from assistant.models.offline.compose.intent import Intent, read_intent
from assistant.models.offline.compose.language import WRITABLE, detect
from assistant.models.offline.compose.newcomer import answer_newcomer, no_client
from assistant.models.offline.compose.pen import phrases
from assistant.models.offline.material import looked_up, next_lookup, was_searched
from assistant.models.offline.talk import HandTo, Move, Say, Talk, Use
from knowledge.artifacts.registry import in_titles
from knowledge.json_values import as_list, as_object

LEFT = "Good. Everything so far is kept; /intake or “let's go on with the intake” takes it up again. What shall we do?"
DECIDING = "Approving is your decision, so I leave it to you: the document and its buttons are in your inbox."


#: "back to the CMO: …" asks for the one who reads it
_TO_ME = re.compile(
    r"^\W*(?:[\w'’]+ ){0,5}?(?:back|zurück|talk|speak|volver|voltar)\b[\w ]{0,20}?\bcmo\b[\s:;,.!–-]*", re.I
)
_WHAT_NEXT = re.compile(r"\bwhat(?:'s|’s| is| comes| do we do| should we do| shall we do| to do)? next\b", re.I)
#: "design experiments", "plane zwei Tests für die Kampagne"
_EXPERIMENTS = re.compile(
    r"^\W*(?:(?:please|bitte|can you|could you|por favor)\W+)?(?:design|plan|set up|propose|build|entwirf|plane?|diseña|"
    r"planea|desenha|planeia)\b[\w ]{0,30}\b(?:experiment\w*|a/?b[- ]tests?|tests|experiências)\b",
    re.I,
)


def plan(talk: Talk) -> Move:
    said = _WHAT_NEXT.sub("what's next", _TO_ME.sub("", talk.said))
    if not said or breaks_off(said):
        return Say(LEFT if talk.handed_over and breaks_off(said) else "I am here. What shall we do?")
    if wants_intake(said):
        return _to("planner")(talk, Intent("fill_intake"))
    if _EXPERIMENTS.match(said):
        return _to("experiment_architect")(talk, Intent("question"))
    wanted = second_thought(talk) or read_intent(said)
    return _PLANS.get(wanted.kind, _question)(replace(talk, said=said), wanted)


def _create_client(talk: Talk, wanted: Intent) -> Move:
    name = str(wanted.args.get("name") or "").strip()
    if not name:
        return Say("What is the client called?")
    known = _find(talk.context.get("clients", []), name)
    if known is not None:
        return _choose(talk, known)
    made = talk.result("create_client")
    if made is None:
        return Use("create_client", {"name": name})
    if made.data is None:
        return Say(made.text)
    return Say(f"**{name}** is set up and chosen. The intake comes first: /intake for the form, or answer me here.")


def _choose_client(talk: Talk, wanted: Intent) -> Move:
    name = str(wanted.args.get("name") or "").strip()
    known = _find(talk.context.get("clients", []), name)
    if known is None:
        names = ", ".join(client["name"] for client in talk.context.get("clients", [])) or "none yet"
        return Say(f"I know no client called “{name}”. There are: {names}. /client {name} sets it up.")
    return _choose(talk, known)


def _choose(talk: Talk, client: dict[str, Any]) -> Move:
    chosen = talk.result("choose_client")
    if chosen is None:
        return Use("choose_client", {"clientId": client["id"]})
    return Say(f"We are working on **{client['name']}**." if chosen.data is not None else chosen.text)


def _create_campaign(talk: Talk, wanted: Intent) -> Move:
    if talk.context.get("client") is None:
        return Say("Choose a client first: /client.")
    name = str(wanted.args.get("name") or "").strip() or "First campaign"
    made = talk.result("create_campaign")
    if made is None:
        return Use("create_campaign", {"name": name})
    return Say(f"Campaign **{name}** is set up. /strategy plans it." if made.data is not None else made.text)


def _onboard(talk: Talk, wanted: Intent) -> Move:
    return _start(
        talk, {"kind": "client_onboarding"}, "Onboarding has started: the canon comes first, for your approval."
    )


def _strategy(talk: Talk, wanted: Intent) -> Move:
    if talk.context.get("campaign") is None and talk.context.get("client") is not None:
        made = talk.result("create_campaign")
        if made is None:
            return Use("create_campaign", {"name": "First campaign", "goalDescription": wanted.args.get("goal")})
        if made.data is None:
            return Say(made.text)
    work = {"kind": "campaign_planning", "goal": wanted.args.get("goal")}
    return _start(talk, work, "Planning has started. The strategy sheet comes here for your approval.")


def _start(talk: Talk, work: dict[str, Any], told: str) -> Move:
    if talk.context.get("client") is None:
        return Say("Choose a client first: /client.")
    started = talk.result("start_run")
    if started is None:
        return Use("start_run", work)
    return Say(told if started.data is not None else in_titles(started.text))


def _to(agent: str) -> Callable[[Talk, Intent], Move]:
    def hand(talk: Talk, wanted: Intent) -> Move:
        if talk.context.get("client") is None:
            return Say("Choose a client first: /client. Or try it with the demo client: /demo.")
        return HandTo(agent)

    return hand


def _show_tool(tool: str, told: str) -> Callable[[Talk, Intent], Move]:
    def show(talk: Talk, wanted: Intent) -> Move:
        found = talk.result(tool)
        if found is None:
            return Use(tool)
        return Say(told if found.data is not None else found.text)

    return show


def _show(talk: Talk, wanted: Intent) -> Move:
    """A document by its name, from what the context lists."""
    thing = str(wanted.args.get("thing") or "").lower()
    words = {word for word in thing.replace("_", " ").split() if len(word) > 3}
    for document in talk.context.get("documents", []):
        if words & set(document["type"].split("_")):
            if talk.result("show_document") is None:
                return Use("show_document", {"artifactId": document["id"]})
            return Say("Here it is.")
    if thing in _PIECES:
        return _show_piece(talk, wanted, thing)
    return Say(_ELSEWHERE[thing]) if thing in _ELSEWHERE else _question(talk, wanted)


def _show_piece(talk: Talk, wanted: Intent, thing: str) -> Move:
    """The client's newest article or email."""
    client = talk.context.get("client")
    if client is None:
        return _question(talk, wanted)
    listed = talk.result("list_assets")
    if listed is None:
        return Use("list_assets", {"clientId": client["id"]})
    pieces = [as_object(piece) for piece in as_list((listed.data or {}).get("items"))]
    newest = next((piece for piece in pieces if piece.get("channel") == _PIECES[thing]), None)
    if newest is None:
        return Say(f"There is no {thing} for {client['name']} yet.")
    if talk.result("show_asset") is None:
        return Use("show_asset", {"assetId": newest["id"]})
    return Say("Here it is.")


#: what people call a piece, and its channel
_PIECES = {"article": "blog", "email": "email"}
#: what a command shows and no tool does
_ELSEWHERE = {
    "dashboard": "`/dashboard` shows where everything stands: agents, campaigns, documents, runs, spend.",
    "clients": "`/client` lists the clients and chooses one.",
    "campaigns": "`/campaign` lists the campaigns and chooses one.",
    "intake": "There is no intake yet. `/intake` opens the form.",
}


def _approve(talk: Talk, wanted: Intent) -> Move:
    if talk.result("list_inbox") is None:
        return Use("list_inbox")
    return Say(DECIDING)


def _newcomer(talk: Talk, wanted: Intent) -> Move:
    """What is asked about Adroom itself: answered from who can be reached, and from what this conversation has spent."""
    matter, language = wanted.args.get("matter", "can"), wanted.args.get("language") or language_of_words(talk.said)
    client = as_object(talk.context.get("client"))
    if client and matter in _OF_THE_CLIENT:
        return _question(talk, wanted)
    money: dict[str, str] = {}
    if matter in _MONEY:
        budget = talk.result("get_budget")
        if budget is None:
            return Use("get_budget")
        money = _spent_here(budget.data)
    reach = talk.handoffs | {tool.removeprefix("ask_") for tool in talk.tools if tool.startswith("ask_")}
    return Say(answer_newcomer(matter, language, _colleagues(reach), str(client.get("name") or ""), money))


#: with a client in view "what does it cost?" is about what the client sells, "how do I start?" about its next step
_OF_THE_CLIENT = {"it-costs", "start"}
_MONEY = {"cost", "it-costs"}


def _colleagues(reach: frozenset[str]) -> list[tuple[str, str]]:
    from assistant.agents.team import TEAM  # the team is made of this agent too

    return [(spec.id, spec.name) for spec in TEAM.values() if spec.id in reach]


def _spent_here(budget: dict[str, Any] | None) -> dict[str, str]:
    scopes = [as_object(scope) for scope in as_list((budget or {}).get("scopes"))]
    mine = next((scope for scope in scopes if scope.get("scope") == "session" and scope.get("limit") is not None), None)
    return {key: f"{Decimal(str(mine[key])):.2f}" for key in ("spent", "limit")} if mine else {}


def _leave(talk: Talk, wanted: Intent) -> Move:
    """ "Never mind": what is at work is shown, for it can be stopped; nothing new is begun."""
    if talk.result("list_runs") is None:
        return Use("list_runs")
    before = next((text for speaker, text in reversed(talk.before) if speaker == "user"), "")
    seen = detect(talk.said) or ""
    language = seen if seen in WRITABLE else language_of_words(before)
    return Say(phrases(language)["newcomer.left"][0])


def _smalltalk(talk: Talk, wanted: Intent) -> Move:
    return _newcomer(talk, Intent("newcomer", {"matter": "hello", **wanted.args}))


def _question(talk: Talk, wanted: Intent) -> Move:
    if talk.context.get("client") is None:
        return Say(no_client(language_of_words(talk.said)))
    lookup = next_lookup(talk)
    if lookup is not None:
        return lookup
    return Say(answer_question(looked_up(talk), talk.said, searched=was_searched(talk)))


def _find(clients: list[dict[str, Any]], name: str) -> dict[str, Any] | None:
    wanted = " ".join(name.lower().split())
    return next((client for client in clients if client["name"].lower() == wanted), None)


_PLANS: dict[str, Callable[[Talk, Intent], Move]] = {
    "create_client": _create_client,
    "choose_client": _choose_client,
    "create_campaign": _create_campaign,
    "fill_intake": _to("planner"),
    "onboard": _onboard,
    "strategy": _strategy,
    "write_article": _to("seo_writer"),
    "research": _to("seo_writer"),
    "write_email": _to("email_marketer"),
    "write_series": _to("email_marketer"),
    "show": _show,
    "approve": _approve,
    "budget": _show_tool("get_budget", "This is where the money stands."),
    "runs": _show_tool("list_runs", "This is what runs."),
    "inbox": _show_tool("list_inbox", "This waits for a decision."),
    "help": _newcomer,
    "newcomer": _newcomer,
    "change_mind": _leave,
    "smalltalk": _smalltalk,
}
