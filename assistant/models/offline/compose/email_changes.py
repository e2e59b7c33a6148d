"""A reviewer's requests on an email, and the text part that follows from the body."""

import re

from assistant.models.offline.compose.change_requests import Request
from assistant.models.offline.compose.sources import Document
from assistant.models.offline.compose.wording import bare, clip, fold, words

SUBJECT_MOST = 50


def carry_out(requests: list[Request], data: Document, previous: Document) -> tuple[list[str], list[str]]:
    """Change ``data`` as asked; what was done, and what was not."""
    answered: list[str] = []
    unanswered: list[str] = []
    for request in requests:
        done = _carried_out(request, data, previous)
        (answered if done else unanswered).append(done or f"Not done: “{request.text}”.")
    return answered, unanswered


def _carried_out(request: Request, data: Document, previous: Document) -> str:
    if request.op == "shorten" and request.target in {"", "text"}:
        old, new = (len(words(str(part.get("bodyMarkdown", "")))) for part in (previous, data))
        return f"Shortened the email: it has {new} words now." if not old or new < old else ""
    if request.op == "replace" and request.target == "subject" and 0 < len(request.new) <= SUBJECT_MOST:
        data["subject"] = request.new
        return f"Set the subject to “{request.new}”."
    if request.op == "shorten" and request.target == "subject":
        data["subject"] = clip(re.split(r"[:,]\s", data["subject"])[0], 35)
        return f"Shortened the subject to “{data['subject']}”."
    if request.op == "replace" and request.target == "cta" and request.new:
        _rename_call(data, request.new)
        return f"The call to action now reads “{request.new}”."
    if request.op in {"remove", "forbid"} and request.value and _drop_block(data, request.value):
        return f"Took out what mentions “{request.value}”."
    return ""


def _rename_call(data: Document, label: str) -> None:
    old = data["callToAction"]["label"]
    data["bodyMarkdown"] = (
        data["bodyMarkdown"].replace(f"**[{old}](", f"**[{label}](").replace(f"**{old}**", f"**{label}**")
    )
    data["plainText"] = plain_text(data["bodyMarkdown"])
    data["callToAction"]["label"] = label


def _drop_block(data: Document, value: str) -> bool:
    """Take out the paragraphs and list lines that mention the value; quotes go with the sentence that leads to them."""
    plain = fold(bare(value))
    kept = [
        "\n".join(line for line in block.split("\n") if plain not in fold(line))
        for block in data["bodyMarkdown"].split("\n\n")
    ]
    body = "\n\n".join(block for block in kept if block.strip())
    if body == data["bodyMarkdown"] or plain in fold(data["subject"] + data["preheader"]):
        return False
    data["bodyMarkdown"], data["plainText"] = body, plain_text(body)
    return True


def plain_text(markdown: str) -> str:
    """The text part of an email: no markup, links written out after their label."""
    text = re.sub(r"\*\*\[([^\]]+)\]\(([^)]+)\)\*\*", r"\1: \2", markdown)
    text = re.sub(r"\[([^\]]+)\]\(([^)]+)\)", r"\1: \2", text)
    text = re.sub(r"(?m)^>\s?", "", text)
    text = re.sub(r"\*{1,2}([^*\n]+)\*{1,2}", r"\1", text)
    text = re.sub(r"(?m)^#+\s*", "", text)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)).strip()
