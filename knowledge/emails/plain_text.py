"""The plain-text part of an email, from its blocks: nothing of the HTML is read for it.

Links stand written out after their words, a button on a line of its own, customers' words are marked as a quotation.
Lines are not wrapped: a mail program does that to its own width.
"""

import re

from knowledge.emails.content import Block, Run


def to_plain_text(blocks: list[Block], footer: list[str]) -> str:
    """``footer``: lines after the signature mark, which mail programs know as the end of the message (RFC 3676, 4.3)."""
    body = "\n\n".join(filter(None, (_block(block) for block in blocks)))
    return re.sub(r"\n{3,}", "\n\n", body).strip() + ("\n\n-- \n" + "\n".join(footer) if footer else "") + "\n"


def _block(block: Block) -> str:
    if block.kind == "list":
        return "\n".join(
            _item(item, f"{block.start + number}. " if block.ordered else "- ")
            for number, item in enumerate(block.items)
        )
    if block.kind == "quote":
        inside = "\n\n".join(filter(None, (_block(one) for one in block.blocks)))
        return "\n".join(f"> {line}".rstrip() for line in inside.split("\n"))
    if block.kind == "rule":
        return "* * *"
    if block.kind == "button":
        run = block.runs[0]
        return f"{run.text}:\n{run.href}"
    if block.kind == "guard":
        return "".join(run.text for run in block.runs)
    text = _inline(block.runs)
    return text.upper() if block.kind == "heading" and block.level == 1 and _plain(text) else text


def _plain(text: str) -> bool:
    """Whether it may be set in capitals: a merge tag may not."""
    return "\ue010" not in text


def _item(blocks: tuple[Block, ...], mark: str) -> str:
    inside = "\n".join(filter(None, (_block(block) for block in blocks)))
    return mark + inside.replace("\n", "\n" + " " * len(mark))


def _inline(runs: tuple[Run, ...]) -> str:
    parts: list[str] = []
    for at, run in enumerate(runs):
        if run.line_break:
            parts.append("\n")
            continue
        parts.append(run.text.replace("\n", " "))
        following = runs[at + 1].href if at + 1 < len(runs) else None
        if run.href and run.href != following and run.href.removeprefix("mailto:") not in run.text:
            parts.append(f" ({run.href.removeprefix('mailto:')})")
    return "".join(parts).strip()
