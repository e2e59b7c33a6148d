"""A run from its start over an approval to its end, and what its log says of it."""

from tests.assistant.runs.toys import Room, check_log, ran


async def test_a_run_goes_from_start_over_an_approval_to_its_end(room: Room) -> None:
    run = await room.start("speak", "good", "morning")
    waiting = await room.until(run.id, "waiting")
    assert waiting.started_at is not None
    view = await room.runs.view(room.org_id, run.id)
    assert [(step.name, step.status) for step in view.steps] == [
        ("say", "completed"),
        ("say#2", "completed"),
        ("canon", "waiting"),
        ("join", "pending"),
    ]
    assert view.waiting is not None and view.waiting.gate == "canon"
    await room.decide(run.id, "canon")
    done = await room.until(run.id, "completed")
    assert done.output == {"text": "good morning"}
    assert (done.progress, done.state) == (100, "JOINING")
    log = await room.log(run.id)
    check_log(log)
    assert [event.type for event in log] == [
        "run_started",
        "step_started",
        "message",
        "step_completed",
        "step_started",
        "message",
        "step_completed",
        "approval_requested",
        "approval_decided",
        "progress",
        "step_started",
        "step_completed",
        "run_completed",
    ]
    assert ran == [f"{run.id}:say", f"{run.id}:say#2", f"{run.id}:join"]
