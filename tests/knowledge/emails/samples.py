"""Emails to render in tests."""

from typing import Any

CANON: dict[str, Any] = {
    "brand": {
        "visualStyleRefs": {
            "logoUrl": "https://bona.example/logo.png",
            "palette": ["#0f766e", "cream #fff7ed", "navy"],
        }
    }
}

BODY = """Hi {{ first_name | default: "there" }},

# Fresh beans, every week

{% if vip %}

## For regulars

Your discount is 10 %.

{% endif %}

> “Great coffee & quick delivery.”
>
> — Anna

- one **bold** [link](https://bona.example/?a=1&b=2&n={{ first_name | default: "x" }})
- two

1. first
2. second

**[See the offer](https://bona.example/offer)**

Best wishes\\
Bona

*Terms apply.*
"""


def email(**changed: Any) -> dict[str, Any]:
    content: dict[str, Any] = {
        "subject": "Fresh beans, every week",
        "preheader": "What happens next, and what you can change at any point.",
        "bodyMarkdown": BODY,
        "callToAction": {"label": "See the offer", "url": "https://bona.example/offer"},
        "language": "en",
        "senderName": "Bona",
    }
    return {**content, **changed}
