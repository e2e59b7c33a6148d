"""What a writer does in talk, without a model: start the piece that was asked for, or hand back."""

from assistant.agents.second_thoughts import second_thought
from assistant.models.offline.compose.intent import read_intent
from assistant.models.offline.talk import HandTo, Move, Say, Talk, Use
from knowledge.artifacts.registry import in_titles


def piece_talk(talk: Talk, kind: str, intent: str, noun: str) -> Move:
    """``intent``: what the person must want for this writer to stay."""
    wanted = second_thought(talk) or read_intent(talk.said)
    started = talk.result("start_run")
    if started is not None:
        if started.data is None:
            return Say(in_titles(started.text))
        return Say(f"I have started the {noun}. The card shows how far it is; both critics read it before you do.")
    if wanted.kind != intent:
        return Say(f"What should the {noun} be about?") if talk.handed_over else HandTo("cmo")
    brief = str(wanted.args.get("brief") or "").strip()
    if not brief:
        return Say(f"What should the {noun} be about? One sentence is enough.")
    return Use("start_run", {"kind": kind, "brief": brief})
