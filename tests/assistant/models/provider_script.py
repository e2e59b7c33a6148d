"""What the provider says in the turn of ``victim``: two parts of work, a handoff, a review, an answer."""

from tests.model_server import Call, ModelRequest, Reply, handoff, say, tool_call


def answer(request: ModelRequest) -> Reply:
    outputs = " ".join(request.tool_outputs.values())
    if request.instructions == "Judge.":
        return say("On brand.", delay=0.05)
    if request.instructions == "Lead.":
        if "two" in outputs:
            return handoff("writer")
        return Reply(calls=(Call("work", {"part": "one"}), Call("work", {"part": "two"})), delay=0.05)
    if "On brand." not in outputs:
        return tool_call("review", input="the draft")
    return say("Here is the draft.", pace=0.01)
