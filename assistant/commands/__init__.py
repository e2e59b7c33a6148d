"""Slash commands: what each does and the one function behind it. No command decides anything a tool would not.

A command that cannot go ahead raises the error that says why; ``run_command`` adds the way on as buttons.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from assistant.commands import (
    choosing,
    demo,
    editing,
    experiments,
    library,
    overview,
    planned,
    research,
    reviewing,
    running,
    series,
    work,
)
from assistant.commands.answer import Answer, Card, Next, literal, sentence
from assistant.commands.desk import Desk
from knowledge.errors import AdroomError, Blocked


@dataclass(frozen=True)
class Command:
    """``icon`` is a lucide icon's name."""

    name: str
    does: str
    icon: str
    run: Callable[[Desk, str], Awaitable[Answer]]


_ALL = (
    Command("client", "choose or create a client", "building-2", choosing.client),
    Command("campaign", "choose or create a campaign", "flag", choosing.campaign),
    Command("intake", "the client's answers, and what is missing", "clipboard-list", work.intake),
    Command("onboard", "build the client canon and the metric schema", "rocket", work.onboard),
    Command("strategy", "plan a campaign for a goal", "compass", work.strategy),
    Command("experiments", "design experiments for the campaign", "flask-conical", experiments.experiments),
    Command("research", "find out about a topic: questions, competing pages, the gap", "search", research.research),
    Command("briefs", "write briefs for the experiments", "file-text", experiments.briefs),
    Command("assets", "make variants from the briefs", "layers", experiments.assets),
    Command("plan-task", "plan a task, then have it done", "list-checks", planned.plan_task),
    Command("write", "write an article from a brief", "pen-line", work.write),
    Command("landing-page", "write a landing page for an offer", "panel-top", editing.landing_page),
    Command("polish", "edit the lines of a piece; you take the changes one by one", "sparkle", editing.polish),
    Command("optimize", "raise the content score of an article or a landing page", "gauge", editing.optimize),
    Command("create-email", "write an email from a brief", "mail", work.create_email),
    Command("create-series", "plan and write a series of emails", "mails", series.create_series),
    Command("swipe", "search the swipe library", "images", library.swipe),
    Command("voc", "what customers said, and on which themes", "messages-square", library.voc),
    Command("import", "bring in ads, reviews, calls, documents", "upload", library.bring_in),
    Command("review", "check a text or a piece against the rules", "list-checks", reviewing.review),
    Command("inbox", "what waits for a decision", "inbox", overview.inbox),
    Command("runs", "what is running", "activity", running.runs),
    Command("stop", "stop a run", "square", running.stop),
    Command("resume", "go on with a stopped run", "play", running.resume),
    Command("budget", "spent, held, left; set a limit", "wallet", overview.budget),
    Command("dashboard", "agents, campaigns, documents, runs, spend", "layout-dashboard", overview.dashboard),
    Command("selftest", "check the whole chain on a scratch client", "stethoscope", running.selftest),
    Command("demo", "set up a demo client to try things with", "sparkles", demo.demo),
    Command("help", "what can be asked", "circle-help", overview.help),
)

COMMANDS: dict[str, Command] = {command.name: command for command in _ALL}


def read_command(text: str) -> tuple[str, str] | None:
    """``/name words`` as a pair; None when the text is no command. An unknown name is a command too."""
    if not text.startswith("/") or text.startswith("//"):
        return None
    name, _, words = text[1:].partition(" ")
    return (name.strip().lower(), words.strip()) if name.strip() else None


async def run_command(desk: Desk, name: str, words: str) -> Answer:
    """Do it; what stands in the way is an answer too, with the way on."""
    command = COMMANDS.get(name)
    if command is None:
        return Answer(
            f"There is no command /{literal(name[:40])}. /help lists what there is.", (), (Next("Show me", "/help"),)
        )
    try:
        return await command.run(desk, words.replace("\x00", ""))
    except Blocked as blocked:
        steps = blocked.facts.get("steps") or _way_on(blocked)
        return Answer(sentence(blocked), (), tuple(steps))
    except AdroomError as error:
        return Answer(sentence(error))


def _way_on(blocked: Blocked) -> tuple[Next, ...]:
    command = blocked.facts.get("command")
    return (Next(f"Go to {command}", str(command)),) if command else ()


__all__ = ["COMMANDS", "Answer", "Card", "Command", "Desk", "Next", "read_command", "run_command"]
