"""Merge tags of three dialects: read, checked, filled in for sample people, converted."""

from knowledge.emails.merge_tags.convert import convert, parse, write
from knowledge.emails.merge_tags.filling import fill
from knowledge.emails.merge_tags.model import DIALECTS, Dialect, Fault, Parsed
from knowledge.emails.merge_tags.people import branch_samples, everybody, fields_of

__all__ = [
    "DIALECTS",
    "Dialect",
    "Fault",
    "Parsed",
    "branch_samples",
    "convert",
    "everybody",
    "fields_of",
    "fill",
    "parse",
    "write",
]
