"""What people say about answering the intake, in the writer's four languages: begin or go on, pass, break off."""

import re

_INTAKE = r"\b(?:intake|questionnaire|the form|fragebogen|formular|cuestionario|formulario|questionário|formulário)\b"
_TAKE_IT = (
    r"\b(?:ask|missing|fill|answer|conversation|continue|go on|questions?|complete|finish|start|begin|"
    r"frag\w*|fehlt|ausfüll\w*|beantwort\w*|weiter|pregunt\w*|falta|rellen\w*|respond\w*|contest\w*|"
    r"pergunt\w*|preench\w*|continu\w*)\b"
)
_WANTED = re.compile(rf"(?=.*{_INTAKE})(?=.*{_TAKE_IT})", re.IGNORECASE | re.DOTALL)
_BREAK = {
    "stop", "later", "enough", "pause", "done", "not now", "that's all", "später", "genug", "fertig", "nicht jetzt",
    "luego", "basta", "más tarde", "ahora no", "depois", "chega", "mais tarde", "agora não",
}  # fmt: skip
_PASS = {"skip", "pass", "next", "i don't know", "no idea", "überspringen", "weiter", "weiß nicht", "keine ahnung",
         "saltar", "paso", "no sé", "pular", "passo", "não sei"}  # fmt: skip
LONGEST_WISH = 120


def wants_intake(said: str) -> bool:
    """ "Let's fill in the intake", "ask me what is missing in the intake"; a long text is a brief, no wish."""
    return len(said) <= LONGEST_WISH and bool(_WANTED.search(said))


def breaks_off(said: str) -> bool:
    return _bare(said) in _BREAK


def passes(said: str) -> bool:
    return _bare(said) in _PASS


def _bare(said: str) -> str:
    return said.strip(" .!,\n").lower().replace("’", "'")
