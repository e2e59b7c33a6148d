"""How memory is looked through for what nobody needs any more, and how soon who serves gets a turn, in a process that
serves people.

What is there when a process is ready (modules, schemas, the team) stays for good: hundreds of thousands of things that
Python would look through again and again, and nobody is served meanwhile. What comes and goes is looked through less
often than by default, which is made for much smaller programs.

Beside a thread that computes, whoever serves waits for Python's lock whenever an answer has come, at most so long as
Python lets a thread go on: five milliseconds by default, hundreds of times while one batch of an import is stored.
"""

import gc
import sys

#: what has to be made, beyond what went away again, before the youngest is looked through; then how often, of those
#: times, the older and the oldest too
YOUNGEST, OLDER, OLDEST = 10_000, 20, 20
#: seconds after which a thread that computes lets another one go on
TURN = 0.001


def hold() -> None:
    """From here on nothing is looked through: while a process gets ready, nearly all that is made stays."""
    gc.disable()


def settle() -> None:
    """To be called once, when everything that stays is there."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNGEST, OLDER, OLDEST)
    sys.setswitchinterval(TURN)
    gc.enable()
