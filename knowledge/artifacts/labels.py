"""What people call the fields of a document.

A label is derived from the field's name, so that no field is ever without one; the few that read badly are
listed.
"""

import re

_LISTED = {
    "aov": "Average order value",
    "ltv": "Customer lifetime value",
    "cvr": "Conversion rate",
    "epc": "Earnings per click",
    "p": "p",
    "dont": "Don't",
    "icps": "Customer profiles",
    "icpId": "Customer profile",
    "icpFocus": "Customer profiles in focus",
    "vocSnippets": "Customer quotes",
    "jobsToBeDone": "Jobs to be done",
    "evp": "Employer value proposition",
    "kpis": "KPIs",
    "kpiTargets": "KPI targets",
    "kpiMetricId": "KPI",
    "topSkus": "Top products",
    "sha256": "SHA-256",
    "where": "Where",
    "pValue": "p-value",
    "funnelStageId": "Funnel stage",
    "stageId": "Stage",
    "metricId": "Metric",
    "primaryMetricId": "Primary metric",
    "guardrailMetricIds": "Guardrail metrics",
    "conceptId": "Concept",
    "eventId": "Event",
    "variantId": "Variant",
    "experimentSpecId": "Experiment spec",
    "experimentId": "Experiment",
    "assetId": "Asset",
    "assetIds": "Assets",
    "goodAssetIds": "Good examples",
    "badAssetIds": "Bad examples",
    "evidenceIds": "Evidence",
    "offerId": "Offer",
    "clientId": "Client",
    "angleType": "Angle",
    "primary": "Offer",
    "metaRedLines": "Meta red lines",
    "tiktokRedLines": "TikTok red lines",
    "googleRedLines": "Google red lines",
    "docUrls": "Style guides",
    "logoUrl": "Logo",
    "imagePackPrompts": "Image prompts",
    "sampleSizePerVariant": "Users needed per variant",
    "sampleRatioMismatch": "Split between variants",
    "probabilityToBeatControl": "Chance to beat the control",
    "isControl": "Control",
    "ecommerce": "E-commerce",
}
_CAPITALS = {"icp": "ICP", "kpi": "KPI", "url": "URL", "id": "ID", "ids": "IDs", "voc": "VoC", "cta": "CTA", "qa": "QA"}


def label(name: str) -> str:
    """Return the label of a field, given its camelCase or snake_case name: "pricePoints" is "Price points"."""
    if name in _LISTED:
        return _LISTED[name]
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").replace("-", " ").lower().split()
    sentence = " ".join(_CAPITALS.get(word, word) for word in words)
    return sentence[:1].upper() + sentence[1:]


def path_label(path: str) -> str:
    """Return the label of a path: "offers.0.pricePoints" is "Offers › 1 › Price points"."""
    return " › ".join(str(int(part) + 1) if part.isdecimal() else label(part) for part in path.split("."))
