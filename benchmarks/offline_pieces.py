"""Articles and emails of the offline writer for four clients, with the material their claims have to rest on."""

from collections.abc import Iterator

from assistant.models.offline.compose import Sources, write_email
from knowledge.claims import shelf as shelves
from knowledge.claims.matching import Shelf
from knowledge.claims.models import About
from tests.assistant.models.offline.clients import builder, padel, padel_pt, payroll
from tests.assistant.models.offline.written import with_canon, write_article

ARTICLES = (
    (padel, "How to choose a padel racket for beginners. Audience: new club players"),
    (padel, "Elbow pain and padel: why it happens and how to stop it"),
    (padel, "Padel rackets compared: shop or Amazon?"),
    (padel, "From borrowed racket to your own: the story of switching"),
    (payroll, "Schreibe einen Blogartikel über Fehler in der Lohnabrechnung und was sie kosten"),
    (payroll, "Wechsel der Lohnsoftware mitten im Jahr: vorher und nachher. Zielgruppe: kaufmännische Leitung"),
    (payroll, "Welche Lohnsoftware passt: ein Vergleich für kleine Betriebe"),
    (builder, "Escribe un artículo sobre cómo reformar el baño sin sorpresas en el presupuesto"),
    (builder, "Reforma de cocina: antes y después, la historia de un cambio"),
    (padel_pt, "Artigo para o blog: como escolher a primeira raquete de padel. Público: principiantes"),
    (padel_pt, "Dor no cotovelo: porque aparece e o que fazer"),
)
EMAILS = (
    (padel, "Welcome email for people who bought their first racket"),
    (padel, "Win back customers who have not ordered for six months"),
    (payroll, "E-Mail: Demo der Lohnsoftware anbieten"),
    (builder, "Correo de bienvenida tras pedir presupuesto"),
    (padel_pt, "Email de boas-vindas"),
)

Piece = tuple[str, list[tuple[str, str]], About, Shelf]


def pieces() -> Iterator[Piece]:
    for client, brief in ARTICLES:
        sources = with_canon(client(brief=brief))
        _, _, article = write_article(sources)
        body = str(article.data["markdown"])
        parts = [("title", str(article.data["title"])), ("body", body)]
        parts += [("metaDescription", str(article.data.get("metaDescription") or ""))]
        yield brief[:40], parts, *_desk(sources, body)
    for client, brief in EMAILS:
        sources = with_canon(client(brief=brief))
        email = write_email(sources).data
        parts = [(name, str(email[name])) for name in ("subject", "preheader")] + [("body", str(email["bodyMarkdown"]))]
        yield f"email: {brief[:33]}", parts, *_desk(sources, str(email["bodyMarkdown"]))


def _desk(sources: Sources, body: str) -> tuple[About, Shelf]:
    canon, intake = sources.canon or {}, sources.intake or {}
    about = shelves.about(sources.client.name, canon, intake)
    passages = list(shelves.of_document("canon", "canon", "Canon", canon))
    passages += shelves.of_document("intake", "intake", "Intake", intake)
    voices = [shelves.passage("voc", one.id, one.text, one.author) for one in sources.voc]
    return about, Shelf(tuple(passages), tuple(voices), all(line in body for line in about.disclaimers))
