"""The claim ledger: every factual sentence of a piece, what on file carries it, and who answers for it if nothing does."""
