"""Words that a question is asked with, not about: "what do they *say* about the price", "*show* me *ads*".

Stop words of a language miss them, since in a text they do mean something; in a question they hide the answer.
"""

#: folded; English, German, Portuguese, Spanish
_WORDS = """
    say says said saying tell tells think thinks thought mention mentions mentioned ask asks talk talks talking find finds
    show shows give search look looking want know write writes people customer customers client clients buyer buyers user
    users ad ads advert adverts advertisement advertisements example examples quote quotes review reviews about anything
    something everything please like
    sagt sagen sagte denken denkt meinen meint erwahnen erwahnt fragen fragt reden redet finde finden zeig zeige zeigen gib
    suche suchen schreiben schreibt leute kunde kunden kundinnen nutzer anzeige anzeigen werbung beispiel beispiele zitat
    zitate bewertung bewertungen uber etwas bitte
    diz dizem disse falam fala falar acham acha pensam pensa mencionam perguntam mostra mostre mostrar encontre encontrar
    procure procurar pessoas cliente clientes comprador compradores usuario usuarios anuncio anuncios exemplo exemplos
    citacao citacoes avaliacao avaliacoes sobre algo favor
    dice dicen dijo hablan habla hablar piensan piensa opinan opina mencionan preguntan muestra muestrame mostrar busca
    buscar gente usuarios ejemplo ejemplos cita citas resena resenas opiniones
"""
ASKING = frozenset(_WORDS.split())


def asked_about(words: list[str]) -> list[str]:
    """``words`` (folded) without those that one asks with; all of them when there are no others."""
    return [word for word in words if word not in ASKING] or words
