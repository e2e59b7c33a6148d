"""Faults against a client's own rules: words, tone, disclaimers, testimonials, colours."""

# ruff: noqa: E501 - a plant a line, so that they can be compared

from benchmarks.planted.pieces import NAME, Given, words
from benchmarks.planted.plant import Change, Plant, body, both

_NOUN = {"en": "elbow", "de": "Ellbogen", "es": "codo", "pt": "cotovelo"}
_PART = {"en": "elbowroom", "de": "Ellbogenschoner", "es": "codos", "pt": "cotoveleira"}
_SAY = {
    "en": "Say “members”, not “guests”.",
    "de": "Sagen Sie „Mitglieder“, nicht „Gäste“.",
    "es": "Di «socios», no «clientes».",
    "pt": "Diga «sócios», não «clientes».",
}
_UNWANTED = {
    "en": "Our guests like it.",
    "de": "Unsere Gäste mögen das.",
    "es": "A los clientes les gusta.",
    "pt": "Os clientes gostam.",
}
_DONT = {"en": "Never say “cheap”.", "de": "Nie „billig“ schreiben.", "es": "Nunca «barato».", "pt": "Não «barato»."}
_CHEAP = {
    "en": "It is cheap in winter.",
    "de": "Im Winter ist es billig.",
    "es": "En invierno es barato.",
    "pt": "No inverno é barato.",
}
_CALM = {
    "en": "Calm and factual, no exclamation marks",
    "de": "Ruhig und sachlich, keine Ausrufezeichen",
    "es": "Sobrio, sin exclamaciones",
    "pt": "Sóbrio, sem exclamações",
}
_SHORT = {"en": "Short sentences", "de": "Kurze Sätze", "es": "Frases cortas", "pt": "Frases curtas"}
_LONG = {
    "en": "The coach on court two looks at how you hold it and then tells you which of the three lighter ones suits you best today.",
    "de": "Der Trainer auf Platz zwei schaut sich an wie Sie ihn halten und sagt Ihnen dann welcher von den drei leichten heute gut passt.",
    "es": "El entrenador de la pista dos mira cómo la coges y luego te dice cuál de las tres que hay en el banco te va bien.",
    "pt": "O treinador do campo dois vê como pega nela e depois diz qual das três que estão no banco é que vai bem consigo hoje.",
}
_FORMAL = {
    "de": ("Du spielst gut, und dein Arm auch.", "Die Dune ist weit."),
    "es": ("Le esperamos a usted en la pista.", "El uso de la pista es fácil."),
}
_OTHER = {"en": "de", "de": "en", "es": "pt", "pt": "es"}
_TOPIC = {
    "en": "back pain relief",
    "de": "Linderung von Rückenschmerzen",
    "es": "alivio del dolor lumbar",
    "pt": "alívio da dor lombar",
}
_ON_TOPIC = {"en": "It brings back pain relief after a week.", "de": "Linderung bei Rückenschmerzen kommt nach einer Woche.",
             "es": "El alivio del dolor lumbar llega en una semana.", "pt": "O alívio da dor lombar chega numa semana."}  # fmt: skip
_INVENTED = {"en": "I won every match since I have this one", "de": "Ich gewinne jedes Spiel seit ich diesen habe",
             "es": "Gano todos los partidos desde que la tengo", "pt": "Ganho todos os jogos desde que a tenho"}  # fmt: skip


def _legal(key: str, texts: dict[str, str]) -> Change:
    def change(given: Given) -> None:
        assert given.facts.canon
        given.facts.canon["constraints"]["legal"][key] = [texts[given.language]]

    return change


def _platform(texts: dict[str, str], *keys: str) -> Change:
    def change(given: Given) -> None:
        assert given.facts.canon
        for key in keys:
            given.facts.canon["constraints"]["platform"][key] = [texts[given.language]]

    return change


def _tone(texts: dict[str, str], side: str = "do") -> Change:
    def change(given: Given) -> None:
        assert given.facts.canon
        given.facts.canon["brand"]["toneOfVoice"][side] = [texts[given.language]]

    return change


def _banned(texts: dict[str, str]) -> Change:
    def change(given: Given) -> None:
        given.facts.banned = [texts[given.language]]

    return change


def _topics(given: Given) -> None:
    given.facts.topics = [_TOPIC[given.language]]


def _add(texts: dict[str, str] | str, form: str = "{}") -> Change:
    """As a paragraph of its own at the end; in the plain-text version too."""

    def change(given: Given) -> None:
        text = form.format(texts if isinstance(texts, str) else texts[given.language])
        for key in ("markdown", "bodyMarkdown", "plainText"):
            if key in given.content:
                given.content[key] += f"\n{text}\n"

    return change


def _without(key: str) -> Change:
    def change(given: Given) -> None:
        line = words(given.language)["email"]["disclaimer"]
        for part in ("markdown", "bodyMarkdown", "plainText", "primaryText", "introText"):
            if part in given.content:
                given.content[part] = given.content[part].replace(line, "")

    return change


def _address(number: int) -> Change:
    """English and Portuguese have no forms of address that could be mixed."""

    def change(given: Given) -> None:
        _add(_FORMAL[given.language][number])(given)

    return change


def _other_language(given: Given) -> None:
    text = words(_OTHER[given.language])["email"]
    given.content |= {"subject": text["subject"], "preheader": text["preheader"], "bodyMarkdown": text["body"],
                      "plainText": text["body"], "callToAction": {"label": text["label"]}}  # fmt: skip


def _colour(colour: str) -> Change:
    def change(given: Given) -> None:
        given.content["html"] = given.content["html"].replace("</body>", f'<p style="color:{colour}"> </p></body>')

    return change


def _quote(name: str) -> Change:
    def change(given: Given) -> None:
        text = words(given.language)["email"]["quote"]
        said = {
            "same": text,
            "part": " ".join(text.split()[:6]),
            "other": _INVENTED[given.language],
            "changed": text.replace(text.split()[3], "ten", 1),
        }[name]
        _add(f"> “{said}”\n> — Marta")(given)

    return change


_MIGHTY = "Smash every doubt with our mighty wonder stick"
PLANTS = [
    Plant("brand.banned", "article", _banned(_NOUN), _banned({key: value[:-1] for key, value in _NOUN.items()})),
    Plant("brand.banned", "email", _banned(_NOUN), both(_banned(_PART))),
    Plant("brand.banned", "email", both(_tone(_DONT, "dont"), _add(_CHEAP)), _tone(_DONT, "dont")),
    Plant("brand.wording", "email", both(_tone(_SAY), _add(_UNWANTED)), _tone(_SAY)),
    Plant("brand.exclamation", "email", _add("Padel! Golf! Tennis! Squash!"), _add("Padel!")),
    Plant("brand.exclamation", "email", both(_tone(_CALM), _add("Padel!")), _tone(_CALM)),
    Plant("brand.emoji", "email", both(_tone(_CALM), _add("Padel 🎾")), _add("Padel 🎾")),
    Plant("brand.short_sentences", "email", both(_tone(_SHORT), _add({key: f"{value} {value} {value}" for key, value in _LONG.items()})), both(_tone(_SHORT))),
    Plant("brand.address", "email", _address(0), _address(1), languages=("de", "es")),
    Plant("brand.bad_example", "email", _add(f"{_MIGHTY}."), _add("Smash it with our stick.")),
    Plant("brand.bad_example", "article", _add(f"{_MIGHTY}.")),
    Plant("brand.name", "email", _add("nordlicht padel."), _add(f"{NAME}.")),
    Plant("brand.name", "article", _add("NORDLICHT Padel."), _add("@nordlicht"), also=("brand.shouting",)),
    Plant("brand.language", "email", _other_language, None, ("compliance.disclaimer", "email.plain_text", "email.spam_words", "brand.address")),
    Plant("brand.palette", "email", _colour("#c2185b"), _colour("#d2e3e8")),
    Plant("brand.palette", "email", _colour("#7b1fa2"), _colour("#9e9e9e")),
    Plant("compliance.forbidden", "article", _legal("forbiddenPhrases", _NOUN), _legal("forbiddenPhrases", {key: value[:-1] for key, value in _NOUN.items()})),
    Plant("compliance.forbidden", "email", _legal("forbiddenPhrases", _NOUN)),
    Plant("compliance.forbidden", "email", both(_legal("forbiddenPhrases", dict.fromkeys(["en", "de", "es", "pt"], "cafe olé")), _add("CAFÉ OLE.")), None, ("brand.shouting",)),
    Plant("compliance.disclaimer", "article", _without("markdown")),
    Plant("compliance.disclaimer", "email", _without("bodyMarkdown")),
    Plant("compliance.disclaimer", "meta", _without("primaryText")),
    Plant("compliance.red_line", "meta", _platform(_NOUN, "metaRedLines"), _platform(_NOUN, "googleRedLines")),
    Plant("compliance.red_line", "email", _platform({key: f"No mention of “{value}”" for key, value in _NOUN.items()}, "tiktokRedLines"), _platform(dict.fromkeys(["en", "de", "es", "pt"], "No pictures of people before and after a treatment of any kind"), "metaRedLines")),
    Plant("compliance.past_violation", "email", _platform(_NOUN, "pastViolations"), _platform(_PART, "pastViolations")),
    Plant("compliance.topic", "email", both(_topics, _add(_ON_TOPIC), _without("bodyMarkdown")), both(_topics, _add(_ON_TOPIC)), ("compliance.disclaimer",)),
    Plant("compliance.testimonial", "email", _quote("other"), _quote("same")),
    Plant("compliance.testimonial", "article", _quote("changed"), _quote("part")),
    Plant("compliance.testimonial", "article", _add(_INVENTED, "“{}” — Jan, Kiel"), _add(_INVENTED, "“{}”, so heißt ein Lied")),
    Plant("compliance.quote_id", "email", body(lambda text: text + "\nPadel [voc:nobody]\n"), body(lambda text: text + "\nPadel [voc:voc-1]\n")),
    Plant("compliance.quote_id", "article", body(lambda text: text + "\nPadel [voc:voc-2]\n")),
]  # fmt: skip
