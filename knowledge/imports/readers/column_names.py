"""What columns are called, in English, German, Portuguese and Spanish: data for guessing which column is what.

Names are folded (``fold_name``). Sources: exports of the review platforms as of 2026 (Trustpilot, G2, Capterra, Amazon's
public review sets, Google), the fields of the Meta Ad Library API, and what people call columns in their own sheets.
"""

#: field of a quote → names; the earlier name is the better one
QUOTES: dict[str, tuple[str, ...]] = {
    "text": (
        *("review content", "review text", "review body", "reviewtext", "review", "reviews", "content", "text", "body"),
        *("quote", "verbatim", "comment", "comments", "review comment", "feedback", "message", "answer", "opinion"),
        *("testimonial", "transcript", "free text", "response text", "description", "snippet", "full review"),
        *(
            "bewertungstext",
            "rezension",
            "rezensionstext",
            "kommentar",
            "kommentare",
            "nachricht",
            "antwort",
            "meinung",
        ),
        *("inhalt", "zitat", "freitext", "erfahrungsbericht", "bewertung", "kundenmeinung", "anmerkung"),
        *("comentario", "comentarios", "texto", "mensagem", "resenha", "depoimento", "opiniao", "conteudo", "resposta"),
        *("texto da avaliacao", "avaliacao", "citacao", "relato"),
        *("resena", "mensaje", "contenido", "respuesta", "texto de la resena", "valoracion", "cita", "reclamo"),
    ),
    "title": (
        *(
            "review title",
            "title",
            "headline",
            "summary",
            "subject",
            "heading",
            "reviewsummary",
            "titel",
            "uberschrift",
        ),
        *("betreff", "titulo", "titulo da avaliacao", "titulo de la resena", "assunto", "asunto", "resumo", "resumen"),
    ),
    "rating": (
        *("review stars", "star rating", "stars", "rating", "review rating", "overall rating", "score", "overall"),
        *("ratings", "note", "nps", "nps score", "points", "grade", "sterne", "sternebewertung", "punkte", "bewertung"),
        *("punktzahl", "gesamtbewertung", "nota", "estrelas", "avaliacao", "classificacao", "pontuacao", "nota geral"),
        *("estrellas", "puntuacion", "calificacion", "valoracion", "puntaje", "likelihood to recommend"),
    ),
    "author": (
        *("review username", "reviewer name", "author", "author name", "reviewer", "username", "user name", "user"),
        *("display name", "profile name", "customer name", "customer", "consumer", "name", "full name", "respondent"),
        *("consumer name", "reviewer display name", "autor", "autorin", "verfasser", "kunde", "kundenname", "nutzer"),
        *("nutzername", "benutzer", "benutzername", "kundin", "rezensent", "cliente", "nome", "nome do cliente"),
        *("usuario", "nombre", "nombre del cliente", "nome do autor", "avaliador", "first name", "vorname"),
        *("who", "wer", "quem", "quien"),
    ),
    "said_on": (
        *("review created utc", "review created", "review date", "date", "created at", "created", "date published"),
        *("timestamp", "submitted at", "submission date", "date submitted", "published", "published at", "posted on"),
        *("review time", "reviewtime", "time", "experience date", "review date of experience utc", "day", "posted at"),
        *("datum", "erstellt am", "bewertungsdatum", "veroffentlicht am", "zeitstempel", "abgegeben am", "tag"),
        *("data", "data da avaliacao", "data de criacao", "criado em", "publicado em", "data do comentario"),
        *("fecha", "fecha de la resena", "fecha de creacion", "creado el", "publicado el", "marca temporal"),
        *("carimbo de data hora", "start date", "last modified"),
    ),
    "language": (
        *("review language", "language", "lang", "locale", "language code", "sprache", "idioma", "lingua", "lengua"),
    ),
    "external_id": (
        *("review id", "reviewid", "id", "uuid", "response id", "answer id", "bewertungs id", "id da avaliacao"),
        *("id de la resena", "comment id", "ticket id", "rezensions id", "survey response id"),
    ),
    "themes": (
        *("themes", "theme", "tags", "topics", "topic", "labels", "schlagworter", "thema", "themen", "etiquetas"),
        *("temas", "tema", "topicos", "palavras chave", "palabras clave", "keywords"),
    ),
    "speaker": ("speaker", "sprecher", "sprecherin", "hablante", "falante", "orador"),
}
#: parts of names whose columns are each a text of their own: what was liked, what was not
QUESTIONS = (
    *("what do you like", "what do you dislike", "what did you like", "what problems", "recommendations to others"),
    *(
        "like best",
        "like least",
        "likes",
        "dislikes",
        "liked",
        "disliked",
        "pros",
        "cons",
        "advantages",
        "disadvantages",
    ),
    *("vorteile", "nachteile", "was gefallt", "was hat ihnen", "pontos positivos", "pontos negativos", "vantagens"),
    *("desvantagens", "ventajas", "desventajas", "lo mejor", "lo peor", "o que voce", "que te gust", "was mag"),
)
#: of a person, and nothing that a quote needs: left out unless somebody asks for it
PRIVATE = (
    *("email", "e mail", "mail", "phone", "telefon", "telefone", "telefono", "mobile", "handy", "celular", "ip"),
    *("ip address", "address", "adresse", "endereco", "direccion", "cpf", "password", "consumer email", "street"),
)
#: answers of the company: not the customer's voice
OF_THE_COMPANY = (
    "company",
    "reply",
    "owner response",
    "response from",
    "seller response",
    "antwort des",
    "resposta da",
)

#: field of an ad → names
ADS: dict[str, tuple[str, ...]] = {
    "external_ad_id": ("ad archive id", "adarchiveid", "ad id", "library id", "ad library id", "external ad id", "id"),
    "external_platform_ad_id": ("external id", "external platform ad id", "platform ad id"),
    "brand_id": ("page id", "pageid", "brand id", "brand external id", "external brand id", "advertiser id"),
    "brand_name": (
        *("page name", "pagename", "brand name", "brand", "advertiser", "advertiser name", "marke", "marca", "seite"),
        *("pagina", "anunciante", "werbetreibender", "company"),
    ),
    "body": (
        *("ad creative bodies", "ad creative body", "body", "primary text", "ad text", "ad copy", "copy", "text"),
        *(
            "message",
            "anzeigentext",
            "texto do anuncio",
            "texto del anuncio",
            "texto principal",
            "caption",
            "description",
        ),
    ),
    "title": (
        *("ad creative link titles", "ad creative link title", "title", "headline", "titel", "titulo", "uberschrift"),
    ),
    "link_description": (
        *("ad creative link descriptions", "ad creative link description", "link description", "descricao do link"),
    ),
    "landing_page": (
        *("landing page", "landing page url", "link url", "destination url", "destination", "website", "final url"),
        *("ad creative link captions", "ad creative link caption", "ziel url", "zielseite", "url de destino"),
    ),
    "ad_source_link": ("ad snapshot url", "snapshot url", "ad library link", "ad source link", "ad url", "ad link"),
    "platforms": (
        *("publisher platforms", "publisher platform", "platforms", "platform", "plattform", "plattformen"),
        *("plataforma", "plataformas", "channel", "kanal", "canal"),
    ),
    "display_format": ("display format", "format", "ad format", "media type", "creative type", "formato", "ad type"),
    "cta_type": ("cta type", "call to action type", "ctatype"),
    "cta_text": ("cta text", "cta", "call to action", "cta title", "button", "handlungsaufforderung"),
    "start_date": (
        *("ad delivery start time", "ad delivery start", "start date", "startdate", "started running", "first seen"),
        *("start", "startdatum", "data de inicio", "fecha de inicio", "begin date", "ad creation time"),
    ),
    "end_date": (
        *("ad delivery stop time", "ad delivery stop", "end date", "enddate", "stop date", "last seen", "end"),
        *("enddatum", "data de termino", "data final", "fecha de fin", "fecha final"),
    ),
    "days_active": ("days active", "days running", "running duration", "laufzeit", "dias ativos", "dias activos"),
    "active": ("active", "is active", "live", "status", "ad active status", "aktiv", "ativo", "activo"),
    "language": ("languages", "language", "lang", "sprache", "idioma"),
    "ad_spend": ("spend", "amount spent", "ad spend", "ausgaben", "gasto", "valor gasto"),
    "currency": ("currency", "wahrung", "moeda", "moneda"),
    "eu_total_reach": ("eu total reach", "total reach", "reichweite eu"),
    "ages": ("target ages", "age audience", "target age"),
    "gender_audience": ("target gender", "gender audience", "gender"),
    "ad_reach_by_location": ("delivery by region", "ad reach by location", "reach by location"),
    "winning_score": ("winning score",),
    "performance_score": ("performance score",),
    "likes": ("likes", "like count"),
    "ad_script": ("ad script", "script", "transcript", "full transcription", "video script", "skript"),
    "verticals": ("verticals", "vertical", "tags", "niches", "categories", "category", "branche", "segmento"),
    "image_url": ("image url", "image", "original image url", "picture", "creative image", "bild", "imagem", "imagen"),
    "video_url": ("video url", "video", "video hd url", "video sd url", "creative video"),
    "thumbnail_url": ("thumbnail url", "thumbnail", "preview image", "vorschaubild"),
}
