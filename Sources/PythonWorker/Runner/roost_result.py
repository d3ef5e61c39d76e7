"""The result of a job as JSON, or as its repr where JSON cannot hold it."""

import re

from roost_interrupts import JobInterrupt
from roost_text import json_string, strict_json

# Deeper results become their repr: the server's own JSON reader stops at 128 levels, the envelope included.
_MAX_DEPTH = 100

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"')
_BRACKET = re.compile(rb"[\[\]{}]")


def result_json(value, limit):
    """(JSON bytes, whether it is the repr, whether that was cut). No bytes stand for null."""
    if value is None:
        return b"", False, False
    try:
        data = strict_json(value)
        if len(data) <= limit and _depth(data) <= _MAX_DEPTH:
            return data, False, False
        too_long = len(data) > limit
    except JobInterrupt:
        raise
    except BaseException:
        too_long = False
    text = _repr(value)
    data, cut = json_string(text, limit)
    return data, True, cut or too_long or len(text) > limit


def _repr(value):
    try:
        return repr(value)
    except JobInterrupt:
        raise
    except BaseException as error:
        return "<%s object (repr failed: %s)>" % (type(value).__name__, type(error).__name__)


def _depth(data):
    if data.count(b"[") + data.count(b"{") <= _MAX_DEPTH:
        return 0
    depth = deepest = 0
    for bracket in _BRACKET.findall(_STRING.sub(b"", data)):
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest
