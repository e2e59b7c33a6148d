"""Emails: from content and the client's canon to what is sent, with every check that only rendering makes possible."""

from knowledge.emails.models import EmailProblem, Rendered
from knowledge.emails.rendering import dialect_of, merge_problems, render, render_mjml

__all__ = ["EmailProblem", "Rendered", "dialect_of", "merge_problems", "render", "render_mjml"]
