"""The words by which briefs name the questions of the intake form, in English, German, Spanish and Portuguese.

A label is matched without regard to case, accents, numbering and punctuation; "painPoints", "pain_points",
"Pain points:" and "3.2 PAIN POINTS *" are the same label.
"""

import re
import unicodedata
from functools import cache

from knowledge.artifacts.intake_fields import FIELDS, SECTIONS

#: labels that stand for two fields at once
BUDGET = "goals.budget"
ORDER_AND_LIFETIME = "offer.aovAndLtv"

_WORDS: dict[str, str] = {
    "identity.name": "name|client|company|company name|business name|brand|brand name|organisation|organization|customer|"
    "kunde|kundenname|firma|firmenname|unternehmen|marke|markenname|cliente|nombre|nombre del cliente|empresa|marca|"
    "nombre de la empresa|nome|nome do cliente|nome da empresa",
    "identity.website": "url|web|site|homepage|website url|web site|webseite|internetseite|internetadresse|sitio web|"
    "pagina web|sitio|pagina|endereco do site",
    "identity.noWebsiteYet": "no website|noch keine website|sin sitio web|sem site|ainda sem site",
    "identity.industry": "sector|vertical|market sector|branche|industriezweig|industria|rubro|setor|ramo|segmento",
    "identity.geography": "geography|region|regions|location|markets|market|primary markets|countries|country|area served|"
    "geo|region served|land|lander|markt|markte|gebiet|regionen|vertriebsgebiet|geografie|geografia|pais|paises|mercado|"
    "mercados|regiao|regioes|ubicacion|zona geografica|abrangencia geografica",
    "identity.timezone": "timezone|tz|zeitzone|zona horaria|huso horario|fuso horario",
    "identity.contactEmail": "email|e mail|contact|contact e mail|kontakt|kontakt email|kontakt e mail|mail|correo|"
    "correo electronico|email de contacto|correo de contacto|contacto|email de contato|contato",
    "offer.primaryOffers": "offer|offers|primary offer|product|products|services offered|what we sell|main offer|"
    "product or service|angebot|angebote|hauptangebot|produkt|produkte|leistungen|oferta|ofertas|oferta principal|"
    "ofertas principales|producto|productos|ofertas principais|produto|produtos|what do you sell",
    "offer.pricing": "price|prices|price range|pricing model|cost|preis|preise|preisspanne|preisgestaltung|precio|precios|"
    "rango de precios|preco|precos|faixa de preco|faixa de precos",
    "offer.currency": "wahrung|moneda|divisa|moeda",
    "offer.aov": "aov|avg order value|average basket|basket size|warenkorb|durchschnittlicher bestellwert|"
    "durchschnittlicher warenkorb|bestellwert|ticket medio|valor medio del pedido|valor medio do pedido|pedido medio",
    "offer.ltv": "ltv|clv|lifetime value|customer value|kundenwert|kundenlebenszeitwert|valor de vida del cliente|"
    "valor do tempo de vida|valor vitalicio do cliente",
    ORDER_AND_LIFETIME: "aov ltv|aov and ltv",
    "offer.differentiators": "differentiator|usp|usps|unique selling points|unique selling proposition|what makes us different|"
    "difference|why us|alleinstellungsmerkmale|alleinstellungsmerkmal|besonderheiten|vorteile|was uns unterscheidet|"
    "diferenciadores|diferenciales|propuesta de valor|ventajas|que nos diferencia|diferenciais|vantagens|"
    "proposta de valor|o que nos diferencia",
    "offer.competitors": "competitor|competition|competitive landscape|wettbewerber|wettbewerb|konkurrenz|konkurrenten|"
    "mitbewerber|competidores|competencia|concorrentes|concorrencia",
    "offer.proof": "testimonials|social proof|case studies|reviews|evidence|results|beweise|referenzen|kundenstimmen|"
    "bewertungen|nachweise|pruebas|testimonios|casos de exito|resenas|prueba social|provas|depoimentos|avaliacoes|"
    "prova social",
    "audience.targetAudience": "audience|target group|target market|target customer|target customers|ideal customer|icp|"
    "who is it for|customers|zielgruppe|zielgruppen|zielpublikum|zielkunden|publico|publico objetivo|audiencia|"
    "cliente ideal|publico alvo|quem e o publico",
    "audience.painPoints": "pain point|pains|problems|problem|challenges|frustrations|schmerzpunkte|probleme|"
    "herausforderungen|puntos de dolor|dolores|problemas|desafios|retos|dores|pontos de dor",
    "audience.desiredOutcomes": "outcomes|desired outcome|desired results|goals of the audience|customer goals|benefits|"
    "what they want|gewunschte ergebnisse|wunschergebnisse|ergebnisse|wunsche|nutzen|resultados deseados|"
    "resultados esperados|beneficios|deseos|resultados desejados|desejos",
    "audience.objections": "objections|concerns|hesitations|einwande|haufige einwande|bedenken|objeciones|"
    "objeciones comunes|dudas|objecoes|objecoes comuns|duvidas",
    "goals.objective": "objective|goal|main goal|main objective|campaign goal|campaign objective|primary goal|purpose|ziel|"
    "hauptziel|kampagnenziel|primares ziel|objetivo|objetivo principal|objetivo de la campana|meta|meta principal|"
    "objetivo da campanha",
    "hiring.evp": "evp|why work here|why work with us|arbeitgeberversprechen|arbeitgebervorteile|"
    "propuesta de valor al empleado|por que trabajar aqui|proposta de valor ao empregado|por que trabalhar aqui",
    "hiring.roleTypes": "roles|open roles|positions|vacancies|stellen|offene stellen|rollen|puestos|vacantes|vagas|cargos",
    "hiring.locations": "work locations|locations|arbeitsorte|standorte|ubicaciones|lugares de trabajo|locais de trabalho|"
    "locais",
    "hiring.employerBrandNotes": "employer brand|employer branding|arbeitgebermarke|marca empleadora|marca empregadora",
    "goals.kpiTargets": "kpi|kpis|kpi target|targets|target|success metrics|metrics|key results|goals|zielwerte|kennzahlen|"
    "kpi ziele|zielzahlen|metricas|objetivos kpi|objetivos de kpi|indicadores|metas|metas de kpi|ziele",
    "goals.startDate": "start|launch|launch date|starts on|beginn|startdatum|startet am|inicio|fecha de inicio|"
    "data de inicio|lancamento|lanzamiento",
    "goals.endDate": "end|ends on|deadline|ende|enddatum|fin|fecha de fin|fecha de finalizacion|fim|data de termino|"
    "data final|data de fim",
    "goals.durationWeeks": "duration|timeline|timeframe|length|weeks|campaign length|dauer|laufzeit|zeitraum|"
    "dauer in wochen|duracion|duracion en semanas|plazo|duracao|duracao em semanas|prazo",
    BUDGET: "budget|budget range|spend|media budget|total budget|werbebudget|budgetrahmen|presupuesto|"
    "rango de presupuesto|orcamento|verba|faixa de orcamento",
    "goals.budgetMin": "minimum budget|min budget|budget min|mindestbudget|presupuesto minimo|orcamento minimo",
    "goals.budgetMax": "maximum budget|max budget|budget max|hochstbudget|maximalbudget|presupuesto maximo|orcamento maximo",
    "goals.regulatedClaims": "constraints|claims|compliance|legal|regulierte aussagen|rechtliches|werbeaussagen|"
    "afirmaciones reguladas|restricciones|restricoes|alegacoes reguladas|limitacoes",
    "goals.forbiddenTopics": "topics to avoid|avoid|off limits|tabu|tabuthemen|verbotene themen|temas prohibidos|"
    "temas a evitar|temas proibidos|assuntos proibidos",
    "voice.tone": "tone of voice|voice|brand voice|style|tonalitat|tonfall|ton|ansprache|stil|markenstimme|tono|"
    "tono de voz|voz de marca|tom|tom de voz|voz da marca|estilo",
    "voice.voiceExamples": "voice example|example copy|examples|copy examples|sample sentences|beispiele|textbeispiele|"
    "beispielsatze|stimmbeispiele|ejemplos|ejemplos de voz|ejemplos de tono|exemplos|exemplos de voz|exemplos de tom",
    "voice.bannedWords": "banned words|words to avoid|forbidden words|do not use|blacklist|verbotene worter|"
    "zu vermeidende worter|palabras prohibidas|palabras a evitar|palavras proibidas|palavras a evitar",
    "voice.requiredDisclaimers": "disclaimer|disclaimers|mandatory text|legal text|pflichthinweise|pflichthinweis|hinweise|"
    "haftungsausschluss|avisos legales|avisos obligatorios|aviso legal|avisos obrigatorios|avisos legais",
    "voice.languages": "language|content language|sprache|sprachen|idioma|idiomas|lengua|lenguas|lingua|linguas",
    "access.brandKitUrl": "brand kit|brand guide|brand guidelines|style guide|logo and colours|markenhandbuch|styleguide|"
    "markenrichtlinien|manual de marca|kit de marca|guia de marca|manual da marca|kit da marca",
    "access.contentLibraryUrl": "content library|assets|asset library|drive|media library|medienbibliothek|inhaltsbibliothek|"
    "biblioteca de contenido|biblioteca de contenidos|biblioteca de conteudo|biblioteca de conteudos",
    "access.socialHandles": "social|socials|social media|social profiles|instagram|social media profile|soziale medien|"
    "redes sociales|redes sociais|perfis sociais|perfiles sociales",
    "access.analyticsStatus": "analytics|pixel|pixels|tracking|analytics status|analytics and pixel|webanalyse|analitica|"
    "analitica y pixeles|analytics e pixel|rastreamento|seguimiento",
    "access.adAccountStatus": "ad account|ad accounts|ad account readiness|ads account|ad account status|werbekonto|"
    "werbekonten|cuenta publicitaria|cuentas publicitarias|conta de anuncios|contas de anuncios",
    "delivery.outputs": "outputs|output|deliverables|formats|ergebnisformate|ausgabeformate|formate|lieferumfang|"
    "entregables|formatos|entregaveis",
    "delivery.reportFrequency": "report frequency|reporting|reports|reporting frequency|berichte|berichtsfrequenz|"
    "berichtshaufigkeit|frecuencia de informes|informes|frequencia de relatorios|relatorios",
    "ecommerce.productFeedUrl": "feed|feed url|product feed url|produktfeed|feed de productos|feed de produtos",
    "ecommerce.topSkus": "skus|best sellers|bestsellers|top sellers|bestseller|topseller|mas vendidos|mais vendidos|"
    "productos mas vendidos|produtos mais vendidos",
    "ecommerce.typicalMargins": "margin|margins|gross margin|marge|margen|ubliche margen|margenes|margem|margens|"
    "margenes habituales|margens tipicas",
    "services.serviceDeckUrl": "deck|service deck|leistungsubersicht|presentacion de servicios|apresentacao de servicos",
    "services.serviceAreas": "areas served|einzugsgebiet|einsatzgebiet|servicegebiete|areas de servicio|zonas de servicio|"
    "areas de atendimento|areas de servico",
    "services.bookingUrl": "booking|booking url|book a call|calendly|buchung|buchungslink|terminbuchung|reservas|"
    "enlace de reserva|agendamento|link de agendamento",
}  # fmt: skip
_SECTION_WORDS = (
    "brief|client brief|marketing brief|intake|intake form|campaign brief|identity|offer and economics|economics|"
    "audience and market|goals and constraints|voice and compliance|assets and access|access|delivery|hiring|ecommerce|"
    "services|kundenidentitat|angebot und wirtschaftlichkeit|zielgruppe und markt|ziele und rahmenbedingungen|"
    "stimme und compliance|material und zugange|lieferung|identidad del cliente|oferta y economia|publico y mercado|"
    "objetivos y restricciones|voz y cumplimiento|activos y accesos|entrega|identidade do cliente|oferta e economia|"
    "publico e mercado|objetivos e restricoes|voz e conformidade|ativos e acessos"
)


def normal(label: str) -> str:
    """Return a label as it is compared: folded, and without numbering and remarks in brackets."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", label[:300])
    return re.sub(r"^(?:\d+\s+)+", "", folded(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", words)))


def folded(text: str) -> str:
    """Return the first words of a text in lower case, without accents and punctuation."""
    words = text[:300]
    bare = "".join(c for c in unicodedata.normalize("NFKD", words) if not unicodedata.combining(c)).casefold()
    return re.sub(r"[^\w]+|_", " ", bare).strip()


@cache
def _paths() -> dict[str, str]:
    known: dict[str, str] = {}
    for path, field in FIELDS.items():
        for words in (field.label, path.split(".")[1], path):
            known[normal(words)] = path
    for path, words in _WORDS.items():
        for label in words.split("|"):
            known.setdefault(label, path)
    return known


@cache
def _sections() -> frozenset[str]:
    return frozenset(_SECTION_WORDS.split("|")) | {normal(section.title) for section in SECTIONS}


def path_of(label: str) -> str | None:
    """Return the path of the field a label names exactly, or None."""
    return _paths().get(normal(label))


def path_within(label: str) -> str | None:
    """Return the one field a longer heading or question names ("Who is your target audience?"), or None."""
    words = f" {normal(label)} "
    if len(words.split()) > 10:
        return None
    telling = {
        name: path for name, path in _paths().items() if (" " in name or len(name) >= 7) and f" {name} " in words
    }
    longest = [name for name in telling if not any(name != other and name in other for other in telling)]
    paths = {telling[name] for name in longest}
    return paths.pop() if len(paths) == 1 else None


def is_section(label: str) -> bool:
    """Tell whether a heading names a whole section, not a question."""
    return normal(label) in _sections()
