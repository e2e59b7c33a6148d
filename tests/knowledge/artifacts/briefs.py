"""Briefs as people write them, and files made of them."""

import io
from typing import Any

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from knowledge.artifacts.brief_reading import BriefReading, read_brief
from knowledge.artifacts.registry import validate
from knowledge.errors import Invalid

MARKDOWN = """# Client brief

**Company:** Lumen Candles
- Website: lumen.example
Industry: E-commerce
Markets: Germany and Austria
Contact e-mail: hello@lumen.example

## What do you sell?
* Refillable soy candle
* Refill pack

Price range: 29 to 49 EUR
AOV: approx. 42,00 €

### USPs
1. The glass is refilled, never thrown away
2. Poured in Leipzig

## Who is your target audience?
City renters of 25 to 40
who buy fewer, better things.

## Pain points
- Candles that smoke: nobody says so
- Glass in the bin

Desired outcomes: A home that smells calm

## Goals
Primary objective: More sales
Budget: 3,000 – 6,000 EUR
Start date: 1.3.2026
Duration: 3 months

| Tone | Warm, dry, short |
| Languages | English, Deutsch |
| Deliverables | PDF and PowerPoint |
| Reporting | every week |

Banned words: cheap, non-toxic

Legal entity: Lumen GmbH
"""

GERMAN = """Kunde: Lumen Kerzen
Webseite: https://lumen.example
Branche: Onlinehandel
Region: Deutschland
Angebot: Nachfüllbare Sojakerze
Alleinstellungsmerkmale:
- Das Glas wird nachgefüllt
Zielgruppe: Mieterinnen in Großstädten, 25 bis 40
Schmerzpunkte:
- Kerzen, die rußen
Gewünschte Ergebnisse:
- Ein ruhiges Zuhause
Ziel: Umsatz steigern
Tonalität: warm und trocken
Sprachen: Deutsch
Laufzeit: 12 Wochen
"""

SPANISH = """Cliente: Lumen Velas
Sitio web: https://lumen.example
Sector: Servicios
Países: España
Oferta principal: Vela recargable
Propuesta de valor: El vaso se recarga
Público objetivo: Inquilinos de 25 a 40 años
Puntos de dolor: Velas que humean
Resultados deseados: Un hogar en calma
Objetivo principal: Ventas
Tono de voz: Cálido y breve
Idioma: Español
"""

PORTUGUESE = """Nome da empresa: Lumen Velas
Site: https://lumen.example
Setor: Varejo
Região: Brasil
Produtos: Vela recarregável
Diferenciais: O copo é recarregado
Público-alvo: Inquilinos de 25 a 40 anos
Dores: Velas que soltam fumaça
Resultados desejados: Uma casa calma
Objetivo principal: Vendas
Tom de voz: Caloroso e breve
Idiomas: Português
Orçamento: R$ 10.000
"""


def answers(reading: BriefReading) -> dict[str, Any]:
    """The answers by path; every reading must also be a valid, half-filled intake."""
    validate("intake", reading.data)
    return {f"{section}.{name}": value for section, group in reading.data.items() for name, value in group.items()}


def read_text(text: str, name: str = "brief.md") -> dict[str, Any]:
    return answers(read_brief(name, text.encode()))


def refused(content: bytes, name: str = "brief.md") -> str:
    with pytest.raises(Invalid) as caught:
        read_brief(name, content)
    assert caught.value.message.startswith("This file is not a brief we can read: ")
    assert caught.value.message.endswith(".")
    return caught.value.message


def docx_of(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def pdf_of(*pages: list[str]) -> bytes:
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        shown = " ".join(f"({line}) Tj T*" for line in lines)
        stream = DecodedStreamObject()
        stream.set_data(f"BT /F1 11 Tf 14 TL 50 800 Td {shown} ET".encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()
