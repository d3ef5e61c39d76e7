"""Text on its way to the wire: always valid UTF-8, always bounded in bytes."""

import json

# Strict RFC 8259 for the wire: no NaN. Lone surrogates are refused when the text is encoded.
_STRICT = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_QUOTED = json.encoder.encode_basestring


def clean(text):
    """`text` without lone surrogates: pairs are joined, the others become U+FFFD."""
    try:
        text.encode("utf-8")
        return text
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def utf8(text, limit):
    """`text` as at most `limit` bytes of UTF-8, cut between two characters."""
    # A character is at least one byte, so the slice loses nothing and spares encoding 100 MB for 64 KiB.
    data = clean(text[: limit + 1]).encode("utf-8")
    return data if len(data) <= limit else data[: _boundary(data, limit)]


def bounded(text, limit):
    """`text` cut to at most `limit` bytes of UTF-8."""
    return utf8(text, limit).decode("utf-8")


def cut_middle(text, limit):
    """`text` within `limit` bytes, its middle replaced by a line that says how much was left out."""
    data = clean(text).encode("utf-8")
    if len(data) <= limit:
        return data.decode("utf-8")
    # The longest note: 20 digits are more than any length has.
    room = max(0, limit - len("\n[... %s bytes left out ...]\n" % ("9" * 20)))
    head = data[: _boundary(data, room // 2)]
    start = len(data) - (room - room // 2)
    while start < len(data) and data[start] & 0xC0 == 0x80:
        start += 1
    tail = data[start:]
    note = "\n[... %d bytes left out ...]\n" % (len(data) - len(head) - len(tail))
    return bounded(head.decode("utf-8") + note + tail.decode("utf-8"), limit)


def strict_json(value):
    """`value` as bytes of strict JSON; raises ValueError or TypeError for what JSON cannot hold."""
    return _STRICT.encode(value).encode("utf-8")


def json_string(text, limit):
    """`text` as a JSON string of at most `limit` bytes, quotes and escapes included, and whether it was cut."""
    text = clean(text[:limit])
    quoted = _QUOTED(text).encode("utf-8")
    cut = False
    while len(quoted) > limit and text:
        # In proportion, so that a text full of escapes takes a few rounds and not thousands.
        text = text[: min(len(text) - 1, len(text) * limit // len(quoted))]
        quoted = _QUOTED(text).encode("utf-8")
        cut = True
    return quoted, cut


def _boundary(data, limit):
    """The last index up to `limit` where `data` may be cut between two characters."""
    while limit > 0 and limit < len(data) and data[limit] & 0xC0 == 0x80:
        limit -= 1
    return limit
