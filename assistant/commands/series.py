"""/create-series: goal, number and tone in one line, or asked for with buttons."""

import re

from assistant.commands.answer import Answer, Next, literal
from assistant.commands.desk import Desk
from assistant.commands.work import start_work
from knowledge.errors import Invalid
from knowledge.series.models import FEWEST, MOST

#: "6 emails", "6 E-Mails", "seis" is left to the conversation; at the beginning, or after a comma
_COUNT = re.compile(
    r"(?:^|[,;·]\s*|\s)(-?\d{1,9})\s*(?:e-?mails?|mails?|nachrichten|correos?|mensajes|mensagens)\b[,;:]?\s*(?:(?:for|für|para|to)\b)?\s*",
    re.IGNORECASE,
)
_TONE = re.compile(
    r"(?:^|[,;·.]\s*|\s)(?:tone|ton|tonfall|tono|tom)\s*[:=]\s*([^,;·\n]{1,200}?)\s*(?=[,;·\n]|$)", re.IGNORECASE
)
#: "calm tone", "in a calm tone", "in einem ruhigen Ton", "con un tono cercano"
_SAID_TONE = re.compile(
    r"[,;·.]\s*(?:in (?:an? |einem )?|(?:con|en|em|num) (?:un |um )?|with an? )?"
    r"(?:([^\W\d]+(?:,? (?:and|but|und|aber) [^\W\d]+)?) (?:tone|ton)|(?:tono|tom) ([^\W\d]+(?: (?:y|e|pero|mas) [^\W\d]+)?))"
    r"\s*(?=[,;·.\n]|$)",
    re.IGNORECASE,
)
_DIALECT = re.compile(r"(?:^|[,;·.]\s*|\s)(?:for |für |para )?(liquid|handlebars|mailchimp)\b", re.IGNORECASE)
#: numbers offered where none is given
OFFERED = (3, 5, 7)
EXAMPLE = "/create-series Welcome new subscribers, 6 emails, tone: warm"


async def create_series(desk: Desk, words: str) -> Answer:
    client = await desk.need_client()
    goal, count, tone, dialect = read_series(words)
    if not goal:
        return Answer(f"What should the series achieve? Say it after the command, for example:\n\n`{EXAMPLE}`")
    if count is None:
        buttons = tuple(Next(f"{number} emails", f"/create-series {words}, {number} emails") for number in OFFERED)
        return Answer(f"How many emails should the series for “{literal(goal)}” have?", (), buttons)
    if not FEWEST <= count <= MOST:
        raise Invalid(f"A series has {FEWEST} to {MOST} emails; {count} is not among them.")
    session = await desk.session()
    given = {"campaignId": str(session.campaign_id)} if session.campaign_id else {}
    given |= {"tone": tone} if tone else {}
    given |= {"dialect": dialect} if dialect else {}
    card = await start_work(desk, "email_series", clientId=str(client.id), brief=goal, count=count, **given)
    noun = "one email" if count == 1 else f"{count} emails"
    text = f"Planning and writing {noun} for **{literal(client.name)}**. Both critics read each before you do."
    return Answer(text, (card,))


def read_series(words: str) -> tuple[str, int | None, str, str]:
    """Goal, number (None when none is named), tone and dialect, from words in any order."""
    text = f"{words} "
    counted = _COUNT.search(text)
    if counted is not None:
        text = f"{text[: counted.start()]}, {text[counted.end() :]}"
    toned = _TONE.search(text) or _SAID_TONE.search(text)
    if toned is not None:
        text = f"{text[: toned.start()]}, {text[toned.end() :]}"
    spoken = _DIALECT.search(text)
    if spoken is not None:
        text = f"{text[: spoken.start()]}, {text[spoken.end() :]}"
    goal = re.sub(r"(?:\s*[,;·]\s*)+(?=[,;·]|$)|^[\s,;·]+", "", " ".join(text.split())).strip(" ,;·")
    goal = re.sub(r"(?:,\s*)+,", ",", goal)
    return (
        goal,
        int(counted[1]) if counted else None,
        next((found.strip() for found in toned.groups() if found), "") if toned else "",
        spoken[1].lower() if spoken else "",
    )
