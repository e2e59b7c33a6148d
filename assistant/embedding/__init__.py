"""Texts turned into vectors: by a hosted endpoint or a model in a folder, for questions and in the background."""
