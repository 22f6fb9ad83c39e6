"""Course and usage keys in one canonical form, whatever form an event has.

Seen in real events: ``i4x://O/C/problem/N``, the same with ``;_`` for ``/`` (in
URLs), ``i4x-O-C-problem-N`` with all dots turned into underscores (HTML ids),
``block-v1:O+C+R+type@problem+block@N``, bare ``N`` (HTML ids of today), each
URL-quoted or not, with an input's number behind (``_2_1``). Keys of custom
courses (``ccx``) and libraries have forms of their own.

Keys are rebuilt of the characters that the platform allows in them, so nothing
else (an e-mail address, a query) can pass as one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey
from opaque_keys.edx.locator import LibraryLocator

MAX_KEY = 255

_ID = r"[\w.~:-]+"
_END = r"(?![^\s/?#&=\[\]\"'<>;,)])"
_DEPRECATED = re.compile(
    r"i4x:/{1,2}([\w.%-]+)/([\w.%-]+)/([\w.%-]+)/([\w.:%-]+)(?:@(?:draft|published|\d+))?" + _END
)
_NEW = re.compile(
    rf"((?:block-v1:{_ID}\+{_ID}\+{_ID})|(?:ccx-block-v1:{_ID}\+{_ID}\+{_ID}\+ccx@\d+)|(?:lib-block-v1:{_ID}\+{_ID}))"
    rf"(?:\+branch@{_ID})?(?:\+version@\w+)?(\+type@{_ID}\+block@[\w.~:%-]+)" + _END
)
_LIBRARY_BLOCK = re.compile(r"lb:[\w.~-]+:[\w.~-]+:[\w.~-]+:[\w.~-]+" + _END)
_CCX = re.compile(rf"(ccx-v1:{_ID}\+{_ID}\+{_ID})(?:\+branch@{_ID})?(?:\+version@\w+)?(\+ccx@\d+)")
#: what radio buttons, previews and annotations put behind an input's number
_SUFFIXED_INPUT = re.compile(
    r"(?:input_)?(.+?)_(\d{1,4}_\d{1,4})_(?:choice|choiceinput|dynamath|comment|answer|solution|preview|textinput|file)"
    r"(?:_\w*)?(?:\[\])?",
    re.ASCII | re.DOTALL,
)
_INPUT = re.compile(r"(?:input_)?(.+)_(\d{1,4}_\d{1,4})(?:\[\])?", re.ASCII | re.DOTALL)
_NOT_HTML = re.compile(r"[^\w-]")
_HTML = re.compile(r"i4x-[\w-]+")
_BARE = re.compile(r"[\w.~%-]{1,200}")


@lru_cache(maxsize=1 << 14)
def canonical_course(text: str) -> str | None:
    """Canonical text of a course or library key; ``None`` when it is none."""
    if not text or len(text) > MAX_KEY:
        return None
    if "%" in text:
        text = unquote(text)
    if " " in text:  # a "+" that went through a form
        text = text.strip().replace(" ", "+")
    if text.startswith("ccx-v1:"):  # the library knows them only where ccx-keys is installed
        found = _CCX.fullmatch(text)
        return found.group(1) + found.group(2) if found else None
    try:
        key = CourseKey.from_string(text)
    except InvalidKeyError:
        return None
    if isinstance(key, LibraryLocator) or key.run:
        return str(key.for_branch(None)) if hasattr(key, "for_branch") else str(key)
    return None


@lru_cache(maxsize=1 << 14)
def course_parts(course_key: str) -> tuple[str, str, str]:
    """(organisation, course, run) of a canonical key; empty strings where it has none."""
    text = course_key.partition(":")[2]
    parts = text.split("+") if text and "/" not in course_key else course_key.split("/")
    return (parts[0], parts[1], parts[2]) if len(parts) >= 3 else (parts[0], "".join(parts[1:2]), "")


@lru_cache(maxsize=1 << 16)
def canonical_usage(text: str, course_key: str | None, block_type: str = "") -> str:
    """Canonical usage key of the block that ``text`` names, ``""`` when it names none.

    ``block_type`` completes bare ids; without it, or without a course, they stay unknown.
    """
    usage = _find_usage(text, course_key, block_type)
    return usage if len(usage) <= MAX_KEY else ""


def _find_usage(text: str, course_key: str | None, block_type: str) -> str:
    if "%" in text:
        text = unquote(text)
    if ";_" in text:
        text = text.replace(";_", "/")
    if "block-v1:" in text:
        if " " in text:  # a "+" that went through a form
            text = text.replace(" ", "+")
        found = _NEW.search(text)
        return found.group(1) + found.group(2) if found else ""
    if "i4x:" in text:
        found = _DEPRECATED.search(text)
        return "i4x://{}/{}/{}/{}".format(*found.groups()) if found else ""
    if text.startswith("i4x-"):
        return _from_html_id(text, course_key) if _HTML.fullmatch(text) else ""
    if text.startswith("lb:"):
        found = _LIBRARY_BLOCK.match(text)
        return found.group() if found else ""
    if block_type and course_key and _BARE.fullmatch(text):
        return usage_in_course(course_key, block_type, text)
    return ""


def usage_in_course(course_key: str, block_type: str, name: str) -> str:
    """Usage key of a block by type and name, in the form that the course uses."""
    namespace, colon, rest = course_key.partition(":")
    if colon and "/" not in course_key:
        prefix = {"ccx-v1": "ccx-block-v1", "library-v1": "lib-block-v1"}.get(namespace, "block-v1")
        return f"{prefix}:{rest}+type@{block_type}+block@{name}"
    org, course, _run = course_parts(course_key)
    return f"i4x://{org}/{course}/{block_type}/{name}"


def _from_html_id(text: str, course_key: str | None) -> str:
    """``i4x-O-6_002x-problem-N``: the course says where dots and dashes belong."""
    if course_key:
        org, course, _run = course_parts(course_key)
        prefix = _NOT_HTML.sub("_", f"i4x-{org}-{course}-")
        if text.startswith(prefix):
            block_type, dash, name = text[len(prefix) :].partition("-")
            return f"i4x://{org}/{course}/{block_type}/{name}" if dash and name else ""
    parts = text.split("-", 4)
    return "i4x://{}/{}/{}/{}".format(*parts[1:]) if len(parts) == 5 and all(parts) else ""


@lru_cache(maxsize=1 << 16)
def split_input(text: str) -> tuple[str, str]:
    """(id of the problem, part like ``2_1``) of an input's id; part ``""`` when it has none."""
    found = _SUFFIXED_INPUT.fullmatch(text) or _INPUT.fullmatch(text)
    return (found.group(1), found.group(2)) if found else (text.removeprefix("input_"), "")


_COURSE_OF_BLOCK = {"block-v1": "course-v1", "ccx-block-v1": "ccx-v1", "lib-block-v1": "library-v1"}


@lru_cache(maxsize=1 << 14)
def course_in_usage(usage_key: str) -> str | None:
    """Course key that a usage key contains; ``None`` for deprecated keys, which lack the run."""
    namespace, _, rest = usage_key.partition(":")
    course = _COURSE_OF_BLOCK.get(namespace)
    return canonical_course(f"{course}:{rest.partition('+type@')[0]}") if course else None


@lru_cache(maxsize=1 << 14)
def course_without_run(usage_key: str) -> str:
    """``org/course`` of a deprecated usage key, ``""`` of others."""
    found = _DEPRECATED.match(usage_key)
    return f"{found.group(1)}/{found.group(2)}" if found else ""


def html_id(usage_key: str) -> str:
    """Id that the platform gives a deprecated block in HTML: ``i4x-O-6_002x-problem-N``."""
    return _NOT_HTML.sub("_", "i4x-" + "-".join(usage_key.removeprefix("i4x://").split("/")))
