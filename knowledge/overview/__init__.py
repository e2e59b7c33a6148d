"""What stands around a document, a piece, a run: names, newest versions, open questions. Reading only."""
