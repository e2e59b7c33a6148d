"""What the critics said of a pasted text, in words."""

from typing import Any

from assistant.commands.answer import literal
from knowledge.json_values import as_object
from tools.checks.view import CriticView

_VERDICTS = {"pass": "it passes", "needs_changes": "it needs changes", "fail": "it must not go out like this"}
#: findings of one critic that are told
MOST_TOLD = 8
OFFLINE = "The brand and compliance critics need a model; without a key only the rules have read it."
NO_CLIENT = "Choose a client (`/client`), and the brand and compliance critics read it, too."


def critics_words(critics: list[CriticView], *, offline: bool, client: bool) -> str:
    """Each critic's verdict and findings in Markdown; or why there are none."""
    if offline:
        return OFFLINE
    return "\n\n".join(map(_told, critics)) if client else NO_CLIENT


def _told(heard: CriticView) -> str:
    if not heard.verdict:
        return f"**{heard.critic}:** it could not read the text. {literal(heard.why)}"
    lines = [f"**{heard.critic}:** {_VERDICTS[heard.verdict]}, {heard.score:g} of 10."]
    lines += [_line(one) for one in heard.findings[:MOST_TOLD]]
    if len(heard.findings) > MOST_TOLD:
        lines.append(f"… and {len(heard.findings) - MOST_TOLD} more.")
    return "\n\n".join(lines)


def _line(check: dict[str, Any]) -> str:
    where = str(as_object(check.get("where")).get("text") or "")
    place = f" “{literal(where)}”" if where else ""
    said = " ".join(filter(None, (literal(check.get("evidence") or ""), literal(check.get("fix") or ""))))
    return f"- **{check['severity']}** · {literal(check['rule'])}{place} {said}".rstrip()
