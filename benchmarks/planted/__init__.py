"""Texts and emails with one known fault each, and clean twins, in English, German, Spanish and Portuguese."""
