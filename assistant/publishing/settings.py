"""How a WordPress is reached."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class WordPressSettings:
    """``url``: the site's address without a closing slash; ``password``: an application password of ``user``."""

    url: str
    user: str
    password: str = field(repr=False)
