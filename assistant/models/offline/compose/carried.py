"""Whether what a line says is carried by what the client has on file, judged as the claim ledger will judge it.

The offline writer says nothing that would hold its own piece up: a line that a brief puts into its mouth ("offer a
discount") and nothing on file carries is left out, and named.
"""

from assistant.models.offline.compose.sources import Sources
from knowledge.claims import shelf as shelves
from knowledge.claims.evidence import OPEN
from knowledge.claims.extraction import extract
from knowledge.claims.matching import Shelf, judge
from knowledge.claims.models import About


class OnFile:
    """The client's approved documents and its customers' words, as evidence."""

    def __init__(self, sources: Sources) -> None:
        canon, intake = sources.canon or {}, sources.intake or {}
        self.about: About = shelves.about(sources.client.name, canon, intake)
        passages = [
            *shelves.of_document("canon", "canon", "Canon", canon),
            *shelves.of_document("intake", "intake", "Intake", intake),
        ]
        voices = [shelves.passage("voc", one.id, one.text, one.author) for one in sources.voc]
        self._shelf = Shelf(tuple(passages), tuple(voices))

    def lacks(self, part: str, text: str) -> str:
        """The first claim of a line that nothing on file carries; "" when all is carried."""
        found = (one for one in extract([(part, text)], self.about) if one.kind != "general")
        return next((one.text for one in found if judge(one, self._shelf).status in OPEN), "")
