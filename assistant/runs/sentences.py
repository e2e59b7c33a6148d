"""What is said of a run that was ended, or that is in the way of another."""

from knowledge.people.models import Caller
from knowledge.runs.models import NewEvent, RunRow, Step


def stopped_event(caller: Caller, steps: list[Step]) -> NewEvent:
    under_way = next((step for step in reversed(steps) if step.status in ("running", "waiting")), None)
    done = [step for step in steps if step.status == "completed"]
    if under_way is not None and under_way.status == "waiting":
        where = f"Stopped while waiting for ‘{under_way.name}’."
    elif under_way is not None:
        beside = sum(step.status == "running" for step in steps) - 1
        others = f" and {beside} more" if beside else ""
        where = f"Stopped during ‘{under_way.name}’{others}, which start{'' if beside else 's'} over when resumed."
    else:
        where = f"Stopped after ‘{done[-1].name}’." if done else "Stopped before its first step."
    kept = f" {len(done)} finished {'step is' if len(done) == 1 else 'steps are'} kept." if done else ""
    name = under_way.name if under_way else None
    return NewEvent(type="run_stopped", step=name, data={"by": str(caller.user_id), "sentence": where + kept})


def interrupted(steps: list[Step]) -> str:
    done = sum(step.status == "completed" for step in steps)
    kept = f" {done} finished {'step is' if done == 1 else 'steps are'} kept." if done else ""
    return f"Interrupted: it does not go on.{kept}"


def doing(run: RunRow) -> str:
    return {"queued": "about to start", "waiting": "waiting for an answer"}.get(run.status, "under way")


def ended_sentence(run: RunRow, wish: str) -> str:
    if run.status == "completed":
        return f"‘{run.title}’ has already finished, so there is nothing to {wish}."
    if run.status == "failed":
        return f"‘{run.title}’ has failed and cannot go on; start it again."
    return f"‘{run.title}’ was interrupted and does not go on; start it again."
