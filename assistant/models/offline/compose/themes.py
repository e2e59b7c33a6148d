"""What a statement is about, and whether it is a worry or a gain, told from its words in four languages.

Stems are written without accents and match the beginning of a word. The order of ``THEMES`` breaks ties: the more
specific theme stands first, and ``general`` is the answer when nothing else matches.
"""

import re
from functools import lru_cache

from assistant.models.offline.compose.sources import VocSnippet
from assistant.models.offline.compose.wording import fold, sentences

_STEMS = {
    "body": "elbow|pain(?:$|ful|less|s$)|hurt|sore|injur|shoulder|wrist|back ache|schmerz|verletz|ellbogen|"
    "schulter|"
    "rucken|dolor|codo|lesion|hombro|dor$|dores$|cotovelo|lesao|lesoes|ombro",
    "errors": "pruf|error|mistake|wrong|correct|fehler|falsch|korrekt|korrektur|equivoc|errone|fallo|erro$|erros$|"
    "errad|"
    "corrig|complian|audit|fine$|bussgeld|multa",
    "price": "presupuest|extras|factur|fatur|orcament|price|pricy|cost|cheap|expens|afford|money|budget|fee|euro|"
    "preis|kosten|teuer|gunstig|billig|gebuhr|"
    "precio|caro|cara$|barat|coste|dinero|tarifa|preco|custo|dinheiro|barato",
    "delivery": "aparec|erschein|show up|termin$|fecha|deliver|shipping|shipped|parcel|arriv|liefer|versand|paket|"
    "entrega|envio|pedido|encomenda|chegou|llego",
    "time": "(?:on|in|no|my|save|saves|saved|save us) time$|hour|quick|fast|slow|wait|evening|weekend|late$|"
    "deadline|zeit|stunde|schnell|langsam|warte|"
    "abend|wochenend|frist|tiempo|hora|rapid|lent|esper|plazo|tempo|demor|prazo|sofort",
    "choice": "try$|tried|trying|test|probier|experiment|probar|probad|choos|choice|which|right one|suit|fit$|fits|"
    "fitting|compare|level|beginner|decid|auswahl|wahl|passend|"
    "passt|vergleich|anfanger|entscheid|eleg|eligi|escog|adecuad|nivel|principiant|compar|escolh|adequad|indicad|"
    "certa$",
    "switching": "parallel|riskant|switch|migrat|onboard|setup|set up|import|implement|wechsel|umstell|einfuhr|"
    "umstieg|einricht|cambi|"
    "implant|mudar|mudanca|instal",
    "ease": "imagin|vorstell|easy|easi|simple|simpl|complicat|confus|jargon|understand|clear|einfach|leicht|"
    "komplizi|verstand|klar|"
    "unubersicht|facil|sencill|complic|entend|claro|clara|entiend|perceb|compreend",
    "service": "service|support|help|staff|team|advice|advis|answer|friendly|call|beratung|berat|hilf|antwort|"
    "freundlich|ansprech|erreichbar|telefon|hotline|atencion|ayud|equipo|asesor|respuest|amable|respond|atend|ajud|"
    "equipa|equipe|aconselh|simpatic|conselho|suporte",
    "trust": "advert|review|werbung|bewertung|publicidad|resena|publicidade|avaliac|trust|honest|fear|afraid|risk|"
    "safe|secur|guarant|privacy|data|vertrau|ehrlich|angst|risiko|sicher|"
    "garantie|datenschutz|daten|confi|honest|miedo|riesgo|segur|garant|datos|medo|risco|dados|sincer",
    "quality": "weigh|measur|gewogen|gemessen|pesad|medid|geprüft|qualit|durab|broke|break|lasts|worn|material|"
    "premium|haltbar|kaputt|verarbeit|hochwert|calidad|rompi|"
    "durad|materiales|qualidade|partiu|resist|durou",
    "results": "result|improv|better|game|grow|sales|success|perform|ergebnis|besser|erfolg|wachs|leistung|result|"
    "mejor|"
    "crec|exito|rendim|jueg|juego|melhor|cresc|sucesso|jogo|jogar",
}
THEMES: tuple[str, ...] = (*_STEMS, "general")
_PATTERNS = {theme: re.compile(rf"\b(?:{stems.replace('$', chr(92) + 'b')})") for theme, stems in _STEMS.items()}

_WORRY = re.compile(
    r"\b(?:not|no|never|don'?t|doesn'?t|didn'?t|can'?t|cannot|wrong|afraid|fear|too|lost|hate|annoy|problem|bad|"
    r"worst|"
    r"nicht|kein\w*|nie|falsch|angst|zu|problem\w*|leider|arger\w*|schlecht\w*|muhsam|stress\w*|"
    r"nunca|miedo|demasiad\w*|mal|mala|malo|problema\w*|perd\w*|peor|dificil\w*|"
    r"nao|medo|demasiado|errad\w*|pior|receio|dificuldade\w*)\b"
)
_GAIN = re.compile(
    r"\b(?:love\w*|liked?|done|now the|now i|signed up because|any more because|"
    r"great|finally|best|perfect\w*|happy|recommend\w*|helped|easy|excellent|thank\w*|saved|good|"
    r"endlich|jetzt|super|empfehl\w*|perfekt\w*|zufrieden|toll\w*|gut|geholfen|danke|einfach|gespart|klasse|"
    r"encant\w*|ahora|por fin|excelente\w*|recomiend\w*|perfect\w*|gracias|bien|mejor|genial|ayud\w*|"
    r"adoro|adorei|agora|finalmente|recomendo|perfeit\w*|obrigad\w*|bom|boa|otim\w*|ajud\w*|excelente|impecavel)\b"
)


@lru_cache(maxsize=4096)
def theme_of(text: str) -> str:
    """The theme that most words of ``text`` point at."""
    plain = fold(text)
    counts = {theme: len(pattern.findall(plain)) for theme, pattern in _PATTERNS.items()}
    best = max(counts.values())
    return next((theme for theme in _STEMS if best and counts[theme] == best), "general")


def mood_of(snippet: VocSnippet) -> str:
    """``gain``, ``worry`` or ``question``, from the rating where there is one, else from the words.

    Where good and bad words balance, the last sentence decides: stories of a change end with how it turned out.
    """
    if snippet.rating and snippet.rating != 3:
        return "gain" if snippet.rating > 3 else "worry"
    asked = "?" in snippet.text and snippet.kind not in {"review", "survey"}
    if asked or snippet.text.rstrip().endswith("?"):
        return "question"
    for part in (snippet.text, sentences(snippet.text)[-1] if snippet.text.strip() else ""):
        plain = fold(part)
        good, bad = len(_GAIN.findall(plain)), len(_WORRY.findall(plain))
        if good != bad:
            return "gain" if good > bad else "worry"
    return "worry"
