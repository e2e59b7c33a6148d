"""A newcomer's first questions: what can you do, how do I start, who are you, what does this cost, where is my data.

They are about Adroom, not about a client, so no client's documents are asked. What is answered is in the language of
the question. Only whole questions count: "what can you do about our returns?" is about the client.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from assistant.models.offline.compose.language import WRITABLE
from assistant.models.offline.compose.pen import phrases
from assistant.models.offline.compose.wording import fold

Matter = Literal["can", "start", "who", "cost", "it-costs", "data", "hello", "thanks", "fine", "bye"]

#: said to be polite; nothing is asked
SMALLTALK: frozenset[Matter] = frozenset({"hello", "thanks", "fine", "bye"})
#: characters; a longer message is no such question
LONGEST = 120

#: by language, on folded words without punctuation; the first language that has it is the language of the answer
_ASKED: dict[str, dict[Matter, str]] = {
    "en": {
        "can": r"what (?:all |else )?(?:can|could) (?:you|i|we|this|it|adroom)(?: all| actually)? (?:do|help)(?: with)?"
        r"(?: (?:for|with) (?:me|us|you|this|adroom))?(?: here)?|what do you do(?: here)?|what are you (?:good )?for|"
        r"how (?:can|could|do|will) you help(?: me| us)?|can you help(?: me| us)?(?: out)?|what(?: is|'s) (?:this|adroom)"
        r"(?: all)?(?: about| for)?|what does (?:this|adroom) do|how does (?:this|it|adroom)(?: all)? work|"
        r"how do (?:i|we) use (?:this|it|you|adroom)|what (?:can|should) i ask(?: you)?(?: for)?|"
        r"what are (?:the|your) (?:commands|skills|abilities)|(?:introduce|explain) (?:yourself|adroom)|"
        r"tell me about (?:yourself|adroom)",
        "start": r"(?:how|where) (?:do|can|should|would|shall) (?:i|we) (?:start|begin|get started|get going|go)"
        r"(?: here| with (?:this|you|adroom))?|how to (?:start|begin|get started)|get(?:ting)? started|"
        r"what (?:do|should|must) (?:i|we) do first|what(?: is|'s) the first step|(?:i am|i'm) new(?: here| to this)?",
        "who": r"who are you|what are you|are you (?:an? )?(?:real )?(?:human|person|bot|robot|ai|real|machine|llm|chatgpt)"
        r"(?: or (?:an? )?\w+)?|what(?: is|'s) your name|(?:which|what) (?:ai |language )?model (?:are you|is this|do you use|"
        r"are you using)|who(?: else)? (?:is|works) (?:here|(?:on|in) (?:the|your|this) (?:team|room))|"
        r"who(?: is|'s) (?:on|in) (?:the|your) team|who am i (?:talking|speaking)(?: to| with)|with whom am i speaking",
        "cost": r"(?:what|how much) (?:does|do|will|would) (?:this|you|adroom|using (?:this|you|adroom)|it all) cost"
        r"(?: me| us)?(?: to use)?|how (?:much|expensive) (?:is|are) (?:this|you|adroom)|is (?:this|adroom) free"
        r"(?: of charge| to use)?|do (?:i|we) have to pay(?: for (?:this|it|adroom))?",
        "it-costs": r"(?:what|how much) (?:does|do|will|would) it cost(?: me| us)?|how (?:much|expensive) is it|is it free",
        "data": r"(?:is|are) (?:my|our) (?:data|words|documents|things) (?:safe|secure|private)(?: here)?|"
        r"where (?:is|does|do|are) (?:my |our |the )?data(?: stored| go| kept| live)?|where do you (?:store|keep) "
        r"(?:my |our |the )?data|who (?:can )?sees? (?:this|(?:my|our) data|what i (?:write|say|type))|"
        r"do you (?:share|send|sell) (?:my|our) data",
        "hello": r"hi|hello|hey|good (?:morning|afternoon|evening)|how are you",
        "thanks": r"(?:many )?thanks?(?: you)?(?: (?:a lot|so much|very much))?",
        "fine": r"great|nice|cool|perfect|ok|okay|very good|well done",
        "bye": r"bye|goodbye|good night|see you(?: later| tomorrow)?",
    },
    "de": {
        "can": r"was (?:alles )?(?:kannst|konnt|konnen) (?:du|ihr|sie)(?: alles| hier| eigentlich)*(?: fur (?:mich|uns))?"
        r"(?: alles)?(?: tun| machen| leisten)?|wobei (?:kannst|konnt|konnen) (?:du|ihr|sie)(?: mir| uns)? "
        r"(?:helfen|unterstutzen)|wie (?:kannst|konnt|konnen) (?:du|ihr|sie) (?:mir|uns) helfen|(?:kannst|konnen) (?:du|sie) "
        r"(?:mir|uns) helfen|was (?:ist|macht) (?:das|adroom)(?: hier)?|wie funktioniert (?:das|adroom|es)(?: hier| alles)*|"
        r"was (?:machst|tust) du(?: hier)?|was kann (?:ich|man|adroom)(?: dich| hier| alles)*(?: tun| machen| fragen)?|"
        r"stell dich (?:mal )?vor",
        "start": r"(?:wie|womit|wo) (?:fang|fange|starte|beginne|fangen|starten|beginnen) (?:ich|wir)(?: hier| am besten)*"
        r"(?: an)?|(?:womit|wie) (?:soll|kann) ich (?:anfangen|beginnen|starten)|was (?:muss|soll) ich "
        r"(?:zuerst|als erstes) (?:tun|machen)|ich bin neu(?: hier)?|wie geht(?:'s| es)? (?:hier )?los",
        "who": r"wer bist du|wer sind sie|was bist du|bist du (?:ein |eine )?(?:mensch|ki|bot|roboter|maschine|echt)|"
        r"wie heisst du|welches (?:sprach)?modell (?:bist|nutzt|benutzt|verwendest) du|wer (?:arbeitet|ist) (?:hier|im team|"
        r"in deinem team)|mit wem (?:spreche|rede|schreibe|chatte) ich(?: hier)?",
        "cost": r"(?:was|wie ?viel) (?:kostet|kosten) (?:mich |uns )?(?:das|adroom|die nutzung|du)(?: mich| uns| hier| alles)*|"
        r"(?:ist|sind) (?:das|adroom)(?: hier| alles)* (?:kostenlos|gratis|umsonst)|wie teuer ist (?:das|adroom)(?: hier)?|"
        r"muss ich (?:dafur |etwas |was )*(?:be)?zahlen",
        "it-costs": r"(?:was|wie ?viel) kostet es(?: mich)?|wie teuer ist es",
        "data": r"sind (?:meine|unsere) daten(?: hier)? sicher|wo (?:liegen|sind|werden|landen|speicherst du) "
        r"(?:meine |unsere |die )?daten(?: hier)?(?: gespeichert)?|wer (?:sieht|liest) (?:das|(?:meine|unsere) daten|"
        r"was ich schreibe)|was passiert mit (?:meinen|unseren) daten",
        "hello": r"hallo|moin|servus|gruss gott|guten (?:tag|morgen|abend)|wie geht(?:'s| es dir)",
        "thanks": r"(?:vielen )?danke?(?: schon| sehr| dir)?",
        "fine": r"super|prima|toll|sehr gut|in ordnung",
        "bye": r"tschuss|auf wiedersehen|bis (?:bald|morgen|spater)|gute nacht",
    },
    "es": {
        "can": r"(?:en )?que (?:me )?(?:puedes|puede|podes|podeis|pueden|sabes)(?: (?:tu|usted))? (?:hacer|ayudar(?:me|nos)?)"
        r"(?: por (?:mi|nosotros))?(?: aqui)?|como (?:me |nos )?(?:puedes|puede|podes) ayudar(?:me|nos)?|(?:me |nos )?"
        r"(?:puedes|puede|podes) ayudar(?:me|nos)?|como funciona (?:esto|adroom)|que es (?:esto|adroom)|"
        r"que haces(?: tu| aqui)*|"
        r"que (?:puedo|podemos) (?:hacer|preguntarte|pedirte)(?: aqui)?|para que sirves?(?: esto| adroom)?",
        "start": r"(?:como|por donde|con que) (?:empiezo|comienzo|empezamos|puedo empezar|se empieza|empezar)(?: aqui)?|"
        r"que (?:hago|tengo que hacer|debo hacer) primero|soy nuev[oa](?: aqui)?",
        "who": r"(?:tu )?quien eres(?: tu)?|quien es usted|que eres(?: tu)?|eres (?:un |una )?(?:humano|humana|persona|bot|"
        r"robot|ia|maquina|real)|como te llamas|que modelo (?:eres|usas|utilizas)|quien(?:es)? (?:trabajan?|estan?) "
        r"(?:aqui|en (?:el|tu) equipo)|con quien (?:hablo|estoy hablando)",
        "cost": r"(?:cuanto|que) (?:me |nos )?(?:cuesta|vale|costara)(?: usar)? (?:esto|adroom|usarlo)|(?:esto|adroom) "
        r"(?:es gratis|cuesta algo)|es gratis (?:esto|adroom)|tengo que pagar(?: algo| por esto)?",
        "it-costs": r"cuanto (?:me )?cuesta|cuanto vale|es gratis",
        "data": r"(?:estan|son) segur[oa]s mis datos|mis datos (?:estan|son) segur[oa]s|donde (?:estan|se guardan|guardas|"
        r"quedan) (?:mis |los |nuestros )?datos|quien (?:ve|lee) (?:esto|mis datos|lo que escribo)",
        "hello": r"hola|buen(?:os|as) (?:dias|tardes|noches)|que tal",
        "thanks": r"(?:muchas |mil )?gracias",
        "fine": r"genial|vale|muy bien|perfecto",
        "bye": r"adios|hasta (?:luego|pronto|manana)",
    },
    "pt": {
        "can": r"o que (?:(?:voce|vc|tu) )?(?:pode|podes|consegue|consegues|sabe|sabes) fazer(?: por (?:mim|nos))?(?: aqui)?|"
        r"(?:em que|como) (?:voce |vc |tu )?(?:me |nos )?(?:pode|podes)(?: me| nos)? ajudar(?: me)?|(?:voce |tu )?(?:me )?"
        r"(?:pode|podes)(?: me)? ajudar(?: me)?|como funciona (?:isto|isso|(?:o )?adroom)|o que e (?:isto|isso|(?:o )?adroom)|"
        r"o que (?:voce |tu )?(?:faz|fazes)(?: aqui)?|para que serve(?: isto| isso| o adroom)?|"
        r"o que (?:eu )?posso (?:fazer|perguntar|pedir)(?: aqui)?",
        "start": r"(?:como|por onde|com que) (?:e que )?(?:eu )?(?:comeco|inicio|comecamos|posso comecar|comecar)(?: aqui)?|"
        r"o que (?:eu )?(?:faco|tenho que fazer|devo fazer) primeiro|sou nov[oa](?: aqui)?",
        "who": r"quem (?:e|es) (?:voce|vc|tu)|o que (?:e|es) (?:voce|tu)|(?:voce |tu )?(?:e|es) (?:um |uma )?(?:humano|humana|"
        r"pessoa|bot|robo|ia|maquina|real)|como (?:voce )?(?:se chama|te chamas)|que modelo (?:voce |tu )?(?:e|es|usa|usas)|"
        r"quem (?:trabalha|esta) (?:aqui|na (?:equipe|equipa))|com quem (?:falo|estou (?:falando|a falar))",
        "cost": r"quanto (?:me |nos )?(?:custa|vai custar)(?: usar)? (?:isto|isso|(?:o )?adroom)|(?:isto|isso|(?:o )?adroom) "
        r"(?:e gratis|e gratuito|custa algo)|e (?:gratis|gratuito) (?:isto|isso)|tenho (?:que|de) pagar(?: algo| por isso)?",
        "it-costs": r"quanto (?:me )?custa|e (?:gratis|gratuito)",
        "data": r"(?:os )?(?:meus|nossos) dados (?:estao|sao) seguros|onde (?:estao|ficam|guardas?|sao guardados) (?:os )?"
        r"(?:meus |nossos )?dados|quem (?:ve|le) (?:isto|isso|(?:os )?meus dados|o que (?:eu )?escrevo)",
        "hello": r"ola|oi|bom dia|boa (?:tarde|noite)|tudo bem",
        "thanks": r"(?:muito )?obrigad[oa]",
        "fine": r"otimo|perfeito|muito bem",
        "bye": r"tchau|adeus|ate (?:logo|breve|amanha)",
    },
}
_BEFORE = (
    r"(?:(?:hi|hello|hey|hallo|hola|ola|oi|ok|okay|so|and|und|y|e|please|bitte|good morning|guten (?:tag|morgen)|"
    r"buenos dias|bom dia|there|also|pues|entao) )*"
)
_AFTER = (
    r"(?: (?:please|bitte|por favor|exactly|actually|genau|denn|eigentlich|exactamente|exatamente|then|there|team|everyone|"
    r"zusammen|equipo|equipa))*"
)
_COMPILED: list[tuple[Matter, str, re.Pattern[str]]] = [
    (matter, language, re.compile(f"(?:{_BEFORE})(?:{asked}){_AFTER}"))
    for language, matters in _ASKED.items()
    for matter, asked in matters.items()
]


def read_first_question(text: str) -> tuple[Matter, str] | None:
    """What a newcomer wants to know and the language it was asked in; None when it is something else."""
    if len(text) > LONGEST:
        return None
    plain = " ".join(re.sub(r"[^\w']+", " ", fold(text.replace("’", "'"))).split())
    return next(((matter, language) for matter, language, asked in _COMPILED if asked.fullmatch(plain)), None)


def answer_newcomer(
    matter: str,
    language: str,
    team: Sequence[tuple[str, str]],
    client: str = "",
    money: Mapping[str, str] | None = None,
) -> str:
    """The answer as Markdown; ``matter`` is a :data:`Matter`.

    ``team``: id and name of everybody who can be reached, in order; ``client``: the name of the one in view;
    ``money``: ``spent`` and ``limit`` of this conversation, where they are known.
    """
    say = _said_in(language, {"client": client, "team": ", ".join(name for _, name in team), **(money or {})})
    where = say("with-client" if client else "no-client")
    match matter:
        case "can":
            colleagues = [say(f"does.{id}").replace("{name}", name) for id, name in team]
            return "\n\n".join([say("can"), "\n".join(f"- {line}" for line in colleagues), say("beside"), where])
        case "start":
            return "\n".join([say("start"), *(f"{number}. {say(f'step-{number}')}" for number in range(1, 6))])
        case "cost" | "it-costs":
            return " ".join(filter(None, [say("cost"), say("spent") if money else ""]))
        case "hello" | "fine":
            return f"{say(matter)} {where}"
        case _:
            return say(matter)


def no_client(language: str) -> str:
    """That nothing can be said about a client while none is chosen, and the two ways to one."""
    return phrases(language if language in WRITABLE else "en")["newcomer.no-client"][0]


def _said_in(language: str, values: Mapping[str, str]) -> Callable[[str], str]:
    bank = phrases(language if language in WRITABLE else "en")

    def say(key: str) -> str:
        text = bank[f"newcomer.{key}"][0]
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    return say
