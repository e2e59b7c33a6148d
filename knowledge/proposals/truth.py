"""What an edit of the words may not touch: figures, customers' words, links, names of structure.

What always holds: an edit passes only when it says no figure that was not there before, takes none away, leaves every
quotation as it was, adds no link and loses none. Truth is not traded for a smoother line or a better score.
"""

import re
from collections import Counter

from knowledge.one_line import one_line
from knowledge.publishing.links import links_in, same_address

_FIGURE = re.compile(r"\d+(?:[.,:/]\d+)*\s?%?")
_QUOTED = re.compile(r"“([^”\n]+)”|„([^“”\n]+)[“”]|«([^»\n]+)»|\"([^\"\n]+)\"|»([^«\n]+)«")
_MARK = re.compile(r"\[voc:[^\]\s]+\]")
_BLOCK_QUOTE = re.compile(r"(?m)^[ \t]*>[ \t]?(.*)$")
_HEADING = re.compile(r"(?m)^(#{1,6})[ \t]")
#: shorter quotations are words set off, not somebody's
_WORDS_OF_A_QUOTATION = 4


def objections(before: str, after: str) -> list[str]:
    """Why ``after`` may not take the place of ``before``; empty when it may. One sentence each."""
    found = _figures(before, after) + _quotations(before, after) + _links(before, after)
    if len(_HEADING.findall(before)) > len(_HEADING.findall(after)):
        found.append("it drops a heading")
    return found


def _figures(before: str, after: str) -> list[str]:
    old, new = Counter(figures(before)), Counter(figures(after))
    added, lost = new - old, old - new
    return [f"it adds the figure {one}" for one in added if one not in old] + [
        f"it drops the figure {one}" for one in lost if one not in new
    ]


def figures(text: str) -> list[str]:
    """The figures of a text: digits with their separators and a percent sign; not those in addresses and list numbers."""
    plain = re.sub(r"\]\([^)]*\)|<?https?://\S+|(?m:^\s*\d+[.)]\s)", " ", _MARK.sub(" ", text))
    return [re.sub(r"\s", "", found).rstrip(".,:/") for found in _FIGURE.findall(plain)]


def _quotations(before: str, after: str) -> list[str]:
    said, would = Counter(quotations(before)), Counter(quotations(after))
    found = [f"it changes or drops the quotation “{one_line(one, 60)}”" for one in said - would]
    found += [f"it adds the quotation “{one_line(one, 60)}”" for one in would - said]
    marks, new_marks = Counter(_MARK.findall(before)), Counter(_MARK.findall(after))
    return found + (["it moves the mark of a customer's words"] if marks != new_marks else [])


def quotations(text: str) -> list[str]:
    """What somebody is quoted with, of four words or more."""
    found = ["".join(groups) for groups in _QUOTED.findall(text)]
    found += [line.strip('“”„»«" ') for line in _BLOCK_QUOTE.findall(text)]
    kept = [" ".join(one.split()) for one in found]
    return list(dict.fromkeys(one for one in kept if len(one.split()) >= _WORDS_OF_A_QUOTATION))


def _links(before: str, after: str) -> list[str]:
    old, new = ({same_address(url): url for url in links_in(text)} for text in (before, after))
    return [f"it adds the link {new[one]}" for one in new if one not in old] + [
        f"it drops the link {old[one]}" for one in old if one not in new
    ]
