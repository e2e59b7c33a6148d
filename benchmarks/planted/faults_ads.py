"""Faults of ads."""

# ruff: noqa: E501 - a plant a line, so that they can be compared

from typing import Any

from benchmarks.planted.pieces import Given
from benchmarks.planted.plant import Change, Plant, put


def _item(key: str, at: int, text: str) -> Change:
    def change(given: Given) -> None:
        given.content[key][at] = text

    return change


def _media(**more: Any) -> Change:
    def change(given: Given) -> None:
        given.content["media"] = [{**given.content["media"][0], **more}]

    return change


def _first(key: str, most: int) -> Change:
    def change(given: Given) -> None:
        given.content[key] = given.content[key][:most]

    return change


def _many(key: str, most: int, long: int) -> Change:
    def change(given: Given) -> None:
        given.content[key] = [f"Padel {number} ".ljust(long, "a") for number in range(most)]

    return change


def _again(key: str) -> Change:
    def change(given: Given) -> None:
        given.content[key][1] = given.content[key][0] + "."

    return change


def _longer(key: str, most: int) -> Change:
    """Padded with what is no language, up to ``most`` characters."""

    def change(given: Given) -> None:
        given.content[key] = (given.content[key] + " Padel" * 120)[:most]

    return change


_BOXES = {"width": 1080, "height": 1920}
PLANTS = [
    Plant("ads.google_headline_count", "google_search", _first("headlines", 2), _first("headlines", 3)),
    Plant("ads.google_headline_count", "google_search", _many("headlines", 16, 10), _many("headlines", 15, 10)),
    Plant("ads.google_headline_length", "google_search", _item("headlines", 0, "P" + "a" * 30), _item("headlines", 0, "P" + "a" * 29)),
    Plant("ads.google_headline_length", "google_search", _item("headlines", 0, "球" * 16), _item("headlines", 0, "球" * 15)),
    Plant("ads.google_description_count", "google_search", _first("descriptions", 1)),
    Plant("ads.google_description_count", "google_search", _many("descriptions", 5, 50), _many("descriptions", 4, 50)),
    Plant("ads.google_description_length", "google_search", _item("descriptions", 0, "Padel " * 16), _item("descriptions", 0, "Padel " * 15)),
    Plant("ads.google_path_length", "google_search", _item("paths", 0, "a" * 16), _item("paths", 0, "a" * 15)),
    Plant("ads.google_path_length", "google_search", put("paths", ["a", "b", "c"])),
    Plant("ads.google_repeated", "google_search", _again("headlines")),
    Plant("ads.google_repeated", "google_search", _again("descriptions")),
    Plant("ads.google_exclamation", "google_search", _item("headlines", 0, "Padel Golf!"), _item("descriptions", 0, "Padel Golf!")),
    Plant("ads.google_exclamation", "google_display", put("description", "Padel?? Golf"), put("description", "Padel? Golf")),
    Plant("ads.google_symbols", "google_search", _item("headlines", 0, "Padel ★ Golf"), _item("headlines", 0, "Padel & Golf")),
    Plant("ads.google_symbols", "google_display", put("headline", "P-a-d-e-l Golf"), put("headline", "A-Z Padel")),
    Plant("ads.google_symbols", "google_search", _item("headlines", 0, "Padel 🎾"), _item("headlines", 0, "Padel 24/7")),
    Plant("ads.google_phone", "google_search", _item("descriptions", 0, "Padel: 040 123 45 67"), _item("descriptions", 0, "Padel 2026: 350-370 g")),
    Plant("ads.google_phone", "google_display", put("description", "Padel: +49 40 1234567"), put("description", "Padel: 10-22 h")),
    Plant("ads.display_lengths", "google_display", put("headline", "P" * 3 + "a" * 28), put("headline", "P" + "a" * 29), also=()),
    Plant("ads.display_lengths", "google_display", put("businessName", "Nordlicht Padel und Golf GmbH")),
    Plant("ads.display_lengths", "google_display", put("longHeadline", "Padel " * 16)),
    Plant("ads.display_image", "google_display", _media(width=500, height=262), _media(width=600, height=314)),
    Plant("ads.display_image", "google_display", _media(width=250, height=250), _media(width=300, height=300)),
    Plant("ads.display_image", "google_display", _media(bytes=6_000_000)),
    Plant("ads.meta_primary_text", "meta", _longer("primaryText", 126), _longer("primaryText", 125)),
    Plant("ads.meta_headline", "meta", put("headline", "P" + "a" * 27), put("headline", "P" + "a" * 26)),
    Plant("ads.meta_description", "meta", put("description", "P" + "a" * 27), put("description", "P" + "a" * 26)),
    Plant("ads.meta_image", "meta", _media(bytes=32_000_000), _media(bytes=30_000_000)),
    Plant("ads.meta_image", "meta", _media(width=500, height=500), _media(width=600, height=600)),
    Plant("ads.meta_stories", "meta", _media(**_BOXES, textBoxes=[{"top": 0.1, "bottom": 0.5}]), _media(**_BOXES, textBoxes=[{"top": 0.14, "bottom": 0.8}])),
    Plant("ads.meta_stories", "meta", _media(**_BOXES, textBoxes=[{"top": 0.5, "bottom": 0.9}]), _media(textBoxes=[{"top": 0.0, "bottom": 1.0}])),
    Plant("ads.linkedin_intro_cut", "linkedin", _longer("introText", 151), _longer("introText", 150)),
    Plant("ads.linkedin_intro", "linkedin", _longer("introText", 601), also=("ads.linkedin_intro_cut",)),
    Plant("ads.linkedin_headline", "linkedin", put("headline", "Padel " * 12), put("headline", "P" + "a" * 69)),
    Plant("ads.linkedin_image", "linkedin", _media(bytes=5_400_000), _media(bytes=5_000_000)),
    Plant("ads.tiktok_text", "tiktok", _longer("text", 101), _longer("text", 100)),
    Plant("ads.tiktok_text", "tiktok", put("text", "球" * 51), None, also=("brand.language",)),
    Plant("ads.tiktok_brand", "tiktok", put("brandName", "N"), put("brandName", "Nordlicht Padel")),
    Plant("ads.tiktok_brand", "tiktok", put("brandName", "Nordlicht Padel und Golf")),
    Plant("ads.tiktok_characters", "tiktok", put("text", "Padel #golf"), put("text", "Padel, golf")),
    Plant("ads.tiktok_characters", "tiktok", put("text", "Padel 🎾🎾")),
    Plant("ads.tiktok_characters", "tiktok", put("text", "Padel {golf}")),
    Plant("ads.tiktok_video", "tiktok", _media(seconds=4.5), _media(seconds=5)),
    Plant("ads.tiktok_video", "tiktok", _media(seconds=61), _media(seconds=60)),
    Plant("ads.tiktok_video", "tiktok", _media(bytes=600_000_000), _media(bytes=500_000_000)),
]  # fmt: skip
