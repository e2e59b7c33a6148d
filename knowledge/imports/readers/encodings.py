"""Which encoding a file is in, guessed from its beginning.

Marks at the start, then the zero bytes of UTF-16, then UTF-8, which hardly anything else is by chance; only then
letters. Files that begin in plain ASCII are taken for UTF-8, and a byte later on that is none is read as Windows
Western: that is what it nearly always is.
"""

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: letters beyond ASCII that Western European text is written with
_WESTERN = frozenset("äöüßÄÖÜéèêëáàâãåçñíìîïóòôõúùûÿÉÈÊÁÀÂÃÅÇÑÍÓÔÕÚøØæÆœ’‘“”„–—…€£°§«»¿¡ºª®™·• ")
_CANDIDATES = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "iso8859_2", "iso8859_15"),
    *("koi8_r", "mac_roman", "cp850", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr"),
]


def encoding_of(sample: bytes) -> str:
    """The Python name of the encoding that ``sample``, the beginning of a file, is in."""
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    if wide := _wide(sample):
        return wide
    if _is_utf8(sample):
        return "utf-8"
    if _is_western(sample):
        return "cp1252"
    return _guessed(sample)


def _wide(sample: bytes) -> str | None:
    """UTF-16 without a mark: every second byte of mostly Latin text is zero."""
    if len(sample) < 4:
        return None
    half = len(sample) // 2
    even, odd = sample[0 : half * 2 : 2].count(0) / half, sample[1 : half * 2 : 2].count(0) / half
    if odd > 0.4 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 and odd < 0.1 else None


def _is_utf8(sample: bytes) -> bool:
    """Also when a few bytes of a long sample are not: a file joined from two."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    letters = decoder.decode(sample)  # not final: the sample may end inside a letter
    wrong, beyond = letters.count("�"), sum(1 for letter in letters if letter > "\x7f")
    return wrong == 0 or wrong * 10 < beyond


def _is_western(sample: bytes) -> bool:
    """Lone accented letters among plain ones; a run of high bytes is another alphabet."""
    high = [chr(byte) if byte >= 0xA0 else bytes((byte,)).decode("cp1252", "replace") for byte in sample if byte > 0x7F]
    plain = sum(1 for byte in sample if 0x41 <= byte <= 0x7A)
    return len(high) * 3 < plain and sum(letter in _WESTERN for letter in high) >= 0.9 * len(high)


def _guessed(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample[: 64 * 1024], cp_isolation=_CANDIDATES, enable_fallback=False).best()
    return best.encoding if best is not None else "cp1252"


def _as_western(wrong: UnicodeError) -> tuple[str, int]:
    if not isinstance(wrong, UnicodeDecodeError):
        raise wrong
    return wrong.object[wrong.start : wrong.end].decode("cp1252", "replace"), wrong.end


codecs.register_error("adroom-western", _as_western)
