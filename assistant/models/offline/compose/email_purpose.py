"""What an email is for, told from its brief: to welcome, to launch, to remind, to give a tip, to win back, or to inform."""

import re
from typing import Literal

Purpose = Literal["welcome", "cart", "winback", "launch", "tip", "general"]

#: the order decides: an offer to lapsed customers wins back, a welcome with an offer welcomes
_SIGNS: dict[Purpose, str] = {
    "welcome": r"welcom\w*|new subscribers?|just (?:signed up|subscribed)|willkommen\w*|begrüß\w*|neue abonnent\w*|"
    r"bienvenid\w*|nuevos suscriptores|boas[- ]vindas|bem[- ]vind\w*|novos (?:subscritores|assinantes)",
    "winback": r"win[- ]?back|lapsed|inactive|(?:have|has|who) ?(?:n't|not) (?:bought|ordered)\w*|not (?:bought|ordered)|"
    r"gone quiet|come back|nicht mehr (?:bestellt|gekauft)\w*|lange nicht|zurückgewinn\w*|inaktiv\w*|"
    r"no (?:han|ha) (?:comprado|pedido)|hace tiempo que|recuperar|inactiv[oa]s|há muito (?:tempo )?que|"
    r"não (?:compram|compraram|encomendam)|reativa\w*|inativ[oa]s",
    "cart": r"carts?|baskets?|checkout|left .{0,30}behind|abandoned|warenkorb\w*|abgebrochen\w*|carritos?|"
    r"compra a medias|carrinhos?|abandonad\w+",
    "launch": r"launch\w*|announc\w*|introduc\w*|presenting|new (?:offer|product|collection|range|service)|promot\w*|"
    r"an offer|the offer|special offer|vorstell\w*|ankündig\w*|neue[ns]? (?:angebot|produkt|kollektion)|einführung|"
    r"angebot|lanza\w*|anuncia\w*|presenta\w*|nuev[oa] (?:oferta|producto)|oferta|lança\w*|anunci\w*|apresent\w*|"
    r"nov[oa] (?:oferta|produto)",
    "tip": r"newsletter\w*|tips?|how to|advice|tipps?|ratgeber|wie man|boletín|consejos?|cómo|dicas?|conselhos?|como",
}
_PATTERNS: dict[Purpose, re.Pattern[str]] = {
    purpose: re.compile(rf"(?<!\w)(?:{signs})(?!\w)", re.IGNORECASE) for purpose, signs in _SIGNS.items()
}


def purpose_of(brief: str) -> Purpose:
    """The first purpose whose words stand in the brief; ``general`` without any."""
    for purpose, pattern in _PATTERNS.items():
        if pattern.search(brief):
            return purpose
    return "general"
