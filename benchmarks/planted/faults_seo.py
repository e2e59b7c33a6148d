"""Faults of articles and landing pages."""

# ruff: noqa: E501 - a plant a line, so that they can be compared

import json
import re

from benchmarks.planted.pieces import Given
from benchmarks.planted.plant import Plant, body, both, put

_LONG = {
    "en": "The coach on court two looks at how you hold the racket and then tells you which of the three lighter ones would suit you",
    "de": "Der Trainer auf Platz zwei schaut sich an wie Sie den Schläger halten und sagt Ihnen dann welcher von den drei gut zu Ihnen passt",
    "es": "El entrenador de la pista dos mira cómo coges la pala y luego te dice cuál de las tres que hay en el banco te va bien",
    "pt": "O treinador do campo dois vê como pega na raquete e depois diz qual das três que estão no banco é que vai bem consigo",
}
_PASSIVE = {
    "en": [
        "The racket was chosen by a coach",
        "The court is cleaned every night",
        "The balls were brought by a friend",
    ],
    "de": [
        "Der Schläger wurde von einem Trainer gewählt",
        "Der Platz wird jede Nacht gereinigt",
        "Die Bälle wurden von Freunden gebracht",
    ],
    "es": [
        "La pala fue elegida por un entrenador",
        "La pista es limpiada cada noche",
        "Las bolas fueron traídas por un amigo",
    ],
    "pt": [
        "A raquete foi escolhida por um treinador",
        "O campo é limpado todas as noites",
        "As bolas foram trazidas por um amigo",
    ],
}
_STARTS = {
    "en": ["The court is free.", "The light is good.", "The coach is there."],
    "de": ["Der Platz ist frei.", "Der Abend ist lang.", "Der Trainer ist da."],
    "es": ["Mi pista está libre.", "Mi luz es buena.", "Mi red está alta."],
    "pt": ["O campo está livre.", "O sol está bom.", "O treinador está cá."],
}
_HARD = {
    "en": "Institutional considerations necessitate comprehensive methodological investigations regarding organisational infrastructure. ",
    "de": "Organisationstheoretische Verantwortlichkeiten erfordern vergleichsweise umfangreiche Voruntersuchungen institutioneller Rahmenbedingungen. ",
    "es": "Consideraciones institucionales necesitan investigaciones metodológicas extraordinariamente pormenorizadas. ",
    "pt": "Considerações institucionais necessitam investigações metodológicas extraordinariamente pormenorizadas. ",
}
_QUESTION = {"en": "What is it?", "de": "Was ist das?", "es": "¿Qué es eso?", "pt": "O que é isso?"}
_VAGUE = {"en": "click here", "de": "hier klicken", "es": "haz clic aquí", "pt": "clique aqui"}
_OFF = {
    "en": "Rain fell on the roof all day and nobody came to play.",
    "de": "Den ganzen Tag fiel Regen auf das Dach und niemand kam.",
    "es": "Llovió todo el día sobre el techo y nadie vino a jugar.",
    "pt": "Choveu o dia todo no telhado e ninguém veio a jogo.",
}


def _title(edit: str):
    def change(given: Given) -> None:
        given.title = edit

    return change


def _longer_title(given: Given) -> None:
    given.title += " " + given.facts.keyphrase * 1 + " 2026"


def _first_paragraph(new: str | dict[str, str]):
    def change(given: Given) -> None:
        text = new if isinstance(new, str) else new[given.language]
        parts = given.content["markdown"].split("\n\n")
        parts[1] = text
        given.content["markdown"] = "\n\n".join(parts)

    return change


def _insert(texts: dict[str, str] | dict[str, list[str]], at: int = 3):
    """A paragraph within a section."""

    def change(given: Given) -> None:
        parts = given.content["markdown"].split("\n\n")
        own = texts[given.language]
        parts.insert(at + 1, own if isinstance(own, str) else " ".join(own))
        given.content["markdown"] = "\n\n".join(parts)

    return change


def _headings(share: str):
    def change(given: Given) -> None:
        phrase = given.facts.keyphrase
        plain = {"en": "One more thing", "de": "Noch etwas", "es": "Una cosa", "pt": "Mais uma coisa"}[given.language]
        number = iter(range(99))
        new = (lambda _: f"## {phrase} {next(number)}") if share == "all" else (lambda _: f"## {plain} {next(number)}")
        given.content["markdown"] = re.sub(r"(?m)^## .*$", new, given.content["markdown"])

    return change


def _without_keyphrase(given: Given) -> None:
    """Every place of its words but the title, the first paragraph and one heading of three."""
    parts = given.content["markdown"].split("\n\n")
    for at in range(3, len(parts)):
        if not parts[at].startswith("## "):
            for word in re.findall(r"[\w-]{4,}", given.facts.keyphrase):
                parts[at] = re.sub(
                    rf"\b{word[:5]}\w*", "Modell" if given.language == "de" else "model", parts[at], flags=re.I
                )
    given.content["markdown"] = "\n\n".join([*parts, "Golf " * 900])


def _stuffed(given: Given) -> None:
    given.content["markdown"] += "\n\n" + f"{given.facts.keyphrase}. " * 30


def _no_own_link(given: Given) -> None:
    given.content["markdown"] = re.sub(r"\[([^\]]+)\]\(https[^)]+\)", r"\1", given.content["markdown"])


def _link(url: str, label: str = "the page of the club"):
    def change(given: Given) -> None:
        shown = _VAGUE[given.language] if label == "vague" else label
        given.content["markdown"] += f"\n[{shown}]({url})\n"

    return change


def _opened(url: str):
    def change(given: Given) -> None:
        assert given.facts.opened_urls is not None
        given.facts.opened_urls.add(url)

    return change


def _copy_of_page(given: Given) -> None:
    given.facts.competitor_texts = ["Before. " + given.content["markdown"].split("\n\n")[3] + " After."]


def _few_words_of_page(given: Given) -> None:
    line = given.content["markdown"].split("\n\n")[3].split()
    given.facts.competitor_texts = [
        "Before. " + " ".join(line[:5]) + " something else entirely " + " ".join(line[7:11])
    ]


def _twice(given: Given) -> None:
    line = re.split(r"(?<=[.])\s", given.content["markdown"].split("\n\n")[3])[0]
    given.content["markdown"] += f"\n\n{line}\n"


def _terms(*texts: str):
    def change(given: Given) -> None:
        from knowledge.checks.models import Term

        given.facts.terms = [*(given.facts.terms or [])[:2], *(Term(text, 2.0) for text in texts)]

    return change


def _facts(*texts: str):
    def change(given: Given) -> None:
        given.facts.facts = list(texts)

    return change


def _data(thing: object):
    return put("structuredData", thing)


PLANTS = [
    Plant("seo.title_length", "article", _title("Padel"), also=("seo.keyphrase_title", "seo.structured_data_shown")),
    Plant("seo.title_length", "article", _longer_title, also=("seo.structured_data_shown",)),
    Plant("seo.title_length", "landing", _title(""), also=("seo.keyphrase_title",)),
    Plant("seo.description_length", "article", put("metaDescription", "Short."), also=("seo.keyphrase_description",)),
    Plant("seo.description_length", "landing", put("metaDescription", ""), also=()),
    Plant("seo.one_h1", "article", body(lambda text: text + "\n# Padel\n"), body(lambda text: text + "\n```\n# Padel\n```\n")),
    Plant("seo.one_h1", "landing", body(lambda text: text.replace("# ", "## ", 1)), also=("seo.keyphrase_headings",)),
    Plant("seo.heading_order", "article", body(lambda text: text.replace("\n## ", "\n#### ", 1)), body(lambda text: text.replace("\n- ", "\n### Padel\n\n- ", 1)), also=("seo.keyphrase_headings",)),
    Plant("seo.section_length", "article", body(lambda text: re.sub(r"\n## (?!#)", "\n\n", text)), also=("seo.keyphrase_headings",)),
    Plant("seo.section_length", "landing", body(lambda text: text + "\n\nPadel.\n" + "\n\n".join(["Golf und Tennis. " * 33] * 4)), also=("seo.repeated", "seo.same_start", "seo.transitions", "seo.keyphrase_density", "seo.short", "brand.language", "seo.reading_ease")),
    Plant("seo.paragraph_length", "article", body(lambda text: text + "\n\n" + " ".join(["Tennis"] * 160) + ".\n"), body(lambda text: text + "\n\n" + ", ".join(["Tennis"] * 60) + ".\n\n" + ", ".join(["Golf"] * 60) + ".\n"), also=("seo.keyphrase_density", "seo.section_length")),
    Plant("seo.text_length", "article", body(lambda text: "\n\n".join(text.split("\n\n")[:6] + text.split("\n\n")[-1:])), also=("seo.links_internal", "seo.facts", "seo.terms", "seo.transitions", "seo.structured_data_shown", "seo.keyphrase_headings", "seo.keyphrase_density", "seo.reading_ease")),
    Plant("seo.slug", "article", put("slug", "Padel_Racket!"), also=("seo.keyphrase_slug",)),
    Plant("seo.slug", "landing", put("slug", "a" * 90), also=("seo.keyphrase_slug",)),
    Plant("seo.image_alt", "article", body(lambda text: re.sub(r"!\[[^\]]+\]", "![]", text)), body(lambda text: text + '\n<img src="a.jpg" alt="A net">\n')),
    Plant("seo.image_alt", "landing", body(lambda text: text + '\n<img src="a.jpg">\n')),
    Plant("seo.same_start", "article", _insert(_STARTS), _insert({key: value[:2] for key, value in _STARTS.items()}), also=("seo.transitions",)),
    Plant("seo.keyphrase_start", "article", _first_paragraph(_OFF), also=("seo.answer_first",)),
    Plant("seo.keyphrase_description", "article", put("metaDescription", "Golf " * 24 + "on the green."), None),
    Plant("seo.keyphrase_headings", "article", _headings("all"), also=("seo.keyphrase_density",)),
    Plant("seo.keyphrase_headings", "article", _headings("none")),
    Plant("seo.keyphrase_density", "article", _stuffed, also=("seo.paragraph_length", "seo.transitions", "seo.same_start", "seo.section_length")),
    Plant("seo.keyphrase_density", "article", _without_keyphrase, also=("seo.paragraph_length", "seo.section_length", "seo.long_sentences", "seo.terms", "seo.facts", "seo.keyphrase_headings", "seo.reading_ease", "brand.language", "compliance.disclaimer", "seo.structured_data_shown", "compliance.testimonial", "seo.links_internal", "seo.link_unopened")),
    Plant("seo.links_internal", "article", _no_own_link, both(_no_own_link, _link("/preise", "Padel"))),
    Plant("seo.link_unopened", "article", _link("https://www.made-up-source.com/a"), both(_opened("http://made-up-source.com/a/"), _link("https://www.made-up-source.com/a?utm_source=x"))),
    Plant("seo.link_unopened", "email", body(lambda text: text + "\nhttps://www.made-up-source.com/a\n")),
    Plant("seo.link_malformed", "article", _link("#"), _link("#padel")),
    Plant("seo.link_malformed", "landing", _link("www.nordlicht-padel.de")),
    Plant("seo.link_malformed", "email", body(lambda text: text + "\n[Padel](https://example.com/a)\n"), also=("seo.link_unopened",)),
    Plant("seo.link_malformed", "article", _link("https:///a"), _link("mailto:a@nordlicht-padel.de"), also=("seo.link_unopened",)),
    Plant("seo.link_text", "article", _link("https://www.nordlicht-padel.de", "vague"), _link("https://www.nordlicht-padel.de", "Padel: click")),
    Plant("seo.link_https", "article", _link("http://www.nordlicht-padel.de/")),
    Plant("seo.structured_data", "article", _data([]), _data({"@context": "https://schema.org", "@type": "Article", "headline": "Padel"})),
    Plant("seo.structured_data_valid", "article", _data('{"@type": "Article",')),
    Plant("seo.structured_data_valid", "article", _data(json.dumps({"@type": "Article"}))),
    Plant("seo.structured_data_valid", "landing", _data(json.dumps({"@type": "FAQPage", "mainEntity": [{"@type": "Question", "name": "Padel"}]}))),
    Plant("seo.structured_data_valid", "landing", _data(json.dumps({"@type": "Product", "name": "Padel"})), _data(json.dumps({"@type": "Product", "name": "Padel", "offers": {"price": 5}}))),
    Plant("seo.structured_data_shown", "article", _data(json.dumps({"@type": "Article", "headline": "Not in the text at all"}))),
    Plant("seo.copied", "article", _copy_of_page, _few_words_of_page),
    Plant("seo.repeated", "article", _twice),
    Plant("seo.answer_first", "article", _first_paragraph(_QUESTION), also=("seo.keyphrase_start", "seo.text_length")),
    Plant("seo.answer_first", "landing", _first_paragraph(_OFF), also=("seo.keyphrase_start",)),
    Plant("seo.terms", "article", _terms("string tension", "overgrip tape", "dampener ring")),
    Plant("seo.facts", "article", _facts("A club in Oslo had 412 members in 1999", "The net hangs at 88 centimetres")),
]  # fmt: skip
_BY_SENTENCES = {
    "seo.long_sentences": ({key: " ".join(f"{value} {number}." for number in range(20)) for key, value in _LONG.items()}, ("seo.same_start", "seo.transitions", "seo.reading_ease", "seo.repeated", "seo.paragraph_length", "seo.section_length", "brand.language", "seo.keyphrase_density")),
    "seo.passive": ({key: " ".join(f"{one} {number}." for number in range(3) for one in value) for key, value in _PASSIVE.items()}, ("seo.transitions", "seo.same_start", "seo.section_length")),
    "seo.reading_ease": ({key: value * 12 for key, value in _HARD.items()}, ("seo.same_start", "seo.transitions", "seo.repeated", "seo.paragraph_length", "seo.section_length", "seo.keyphrase_density")),
}  # fmt: skip


def _no_transitions(given: Given) -> None:
    texts = {"en": "Courts cost ten euros. Nobody asked. ", "de": "Plätze kosten zehn Euro. Niemand fragte. ",
             "es": "Cuesta diez euros. Nadie preguntó. ", "pt": "Custa dez euros. Ninguém perguntou. "}  # fmt: skip
    _insert({key: value * 30 for key, value in texts.items()})(given)


def _wrong_title(given: Given) -> None:
    given.title = {"en": "How our little club in the north came to have four courts", "de": "Wie unser kleiner Club im Norden zu vier Plätzen kam",
                   "es": "Cómo nuestro pequeño club del norte llegó a cuatro pistas", "pt": "Como o nosso pequeno clube do norte chegou a quatro campos"}[given.language]  # fmt: skip


for _rule, (_texts, _also) in _BY_SENTENCES.items():
    PLANTS += [Plant(_rule, kind, _insert(_texts), None, _also) for kind in ("article", "landing")]
PLANTS += [
    plant
    for kind in ("article", "landing")
    for plant in (
        Plant(
            "seo.transitions",
            kind,
            _no_transitions,
            None,
            ("seo.repeated", "seo.keyphrase_density", "seo.section_length", "seo.paragraph_length"),
        ),
        Plant("seo.keyphrase_title", kind, _wrong_title, None, ("seo.structured_data_shown",)),
        Plant("seo.keyphrase_slug", kind, put("slug", "golf-club"), None),
    )
]
