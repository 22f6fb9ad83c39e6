"""Course and usage keys in one canonical form, whatever form an event has.

Seen in real events: ``i4x://O/C/problem/N``, the same with ``;_`` for ``/`` (in
URLs), ``i4x-O-C-problem-N`` with all dots turned into underscores (HTML ids),
``block-v1:O+C+R+type@problem+block@N``, bare ``N`` (HTML ids of today), each
URL-quoted or not, with an input's number behind (``_2_1``).
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey, UsageKey
from opaque_keys.edx.locator import LibraryLocator

_DEPRECATED = re.compile(r"i4x:/{1,2}([^/]+)/([^/]+)/([^/]+)/([^/?#@]+)")
_NEW = re.compile(r"block-v1:[^+/\s]+\+[^+/\s]+\+[^+/\s]+(?:\+branch@[^+/]+|\+version@[^+/]+)*\+type@[^+/]+\+block@[^+/\s?#&]+")
_INPUT = re.compile(r"^(?:input_)?(.+?)_(\d+_\d+)(?:_[A-Za-z]\w*)?(?:\[\])?$")
_NOT_HTML = re.compile(r"[^\w-]")
_BARE = re.compile(r"^[\w.~%-]{1,250}$")


@lru_cache(maxsize=1 << 14)
def canonical_course(text: str) -> str | None:
    """Canonical text of a course or library key; ``None`` when it is none."""
    if not text or text == "None":
        return None
    if "%" in text:
        text = unquote(text)
    if " " in text:  # a "+" that went through a form
        text = text.strip().replace(" ", "+")
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
    if course_key.startswith(("course-v1:", "ccx-v1:")):
        parts = course_key.partition(":")[2].split("+")
    else:
        parts = course_key.split("/")
    return (parts[0], parts[1], parts[2]) if len(parts) >= 3 else (parts[0], "", "")


@lru_cache(maxsize=1 << 16)
def canonical_usage(text: str, course_key: str | None, block_type: str = "") -> str:
    """Canonical usage key of the block that ``text`` names, ``""`` when it names none.

    ``block_type`` completes bare ids; without it, or without a course, they stay unknown.
    """
    if "%" in text:
        text = unquote(text)
    if ";_" in text:
        text = text.replace(";_", "/")
    found = _NEW.search(text)
    if found:
        return _canonical_new(found.group())
    found = _DEPRECATED.search(text)
    if found:
        return "i4x://{}/{}/{}/{}".format(*found.groups())
    if text.startswith("i4x-"):
        return _from_html_id(text, course_key)
    if text.startswith(("lb:", "lib-block-v1:", "lib-block:")):
        return text
    if block_type and course_key and _BARE.match(text):
        return usage_in_course(course_key, block_type, text)
    return ""


def _canonical_new(text: str) -> str:
    try:
        key = UsageKey.from_string(text)
    except InvalidKeyError:
        return ""
    return str(key.for_branch(None)) if hasattr(key, "for_branch") else str(key)


def usage_in_course(course_key: str, block_type: str, name: str) -> str:
    """Usage key of a block by type and name, in the form that the course uses."""
    if course_key.startswith(("course-v1:", "ccx-v1:")):
        org, course, run = course_parts(course_key)
        return f"block-v1:{org}+{course}+{run}+type@{block_type}+block@{name}"
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
    found = _INPUT.match(text)
    return (found.group(1), found.group(2)) if found else (text.removeprefix("input_"), "")


@lru_cache(maxsize=1 << 14)
def course_in_usage(usage_key: str) -> str | None:
    """Course key that a usage key contains; ``None`` for deprecated keys, which lack the run."""
    if not usage_key.startswith("block-v1:"):
        return None
    return canonical_course("course-v1:" + usage_key.removeprefix("block-v1:").partition("+type@")[0])


@lru_cache(maxsize=1 << 14)
def course_without_run(usage_key: str) -> str:
    """``org/course`` of a deprecated usage key, ``""`` of others."""
    found = _DEPRECATED.match(usage_key)
    return f"{found.group(1)}/{found.group(2)}" if found else ""


def html_id(usage_key: str) -> str:
    """Id that the platform gives a deprecated block in HTML: ``i4x-O-6_002x-problem-N``."""
    return _NOT_HTML.sub("_", "i4x-" + "-".join(usage_key.removeprefix("i4x://").split("/")))
