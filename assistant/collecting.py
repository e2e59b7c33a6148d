"""How memory is looked through for what nobody needs any more, in a process that serves people.

What is there when a process is ready (modules, schemas, the team) stays for good: half a million things that Python would
look through again and again, half a second each time in which nobody is served. What comes and goes is looked through
less often than by default, which is made for programs with a thousandth of it.
"""

import gc

#: what has to be made, beyond what went away again, before the youngest is looked through; then how often, of those
#: times, the older and the oldest too
YOUNGEST, OLDER, OLDEST = 10_000, 20, 20


def settle() -> None:
    """To be called once, when everything that stays is there."""
    gc.freeze()
    gc.set_threshold(YOUNGEST, OLDER, OLDEST)
