"""What a URL of the platform tells: which kind of page, where in which course.

``Page.path`` is the only form of a URL that leaves this module. It is built
from an allow-list: what a pattern names is kept (course, chapter, section,
usage keys, known words, numbers), all else becomes ``_``; queries and fragments
never pass. So names, e-mails, tokens and OAuth codes in paths arrive nowhere.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qs, unquote

import msgspec

from openedx_moocdb.translation import block_ids
from openedx_moocdb.translation.page_words import (
    ACCOUNT_WORDS,
    API_WORDS,
    BOOK_WORDS,
    COURSE_WORDS,
    FORUM_WORDS,
    HANDLER_WORDS,
    INSTRUCTOR_WORDS,
    SITE_WORDS,
    WIKI_WORDS,
)
from openedx_moocdb.translation.page_words import PageKind as PageKind


class Page(msgspec.Struct, frozen=True, gc=False):
    """One URL, read.

    ``path`` starts and ends with ``/``; ``""`` for ``NONE``.
    ``panel`` 1-based, -1 for "the last one" (``?child=last``), ``None`` unstated.
    ``section`` and ``unit`` are URL names in courseware URLs and usage keys in
    ``/learning/…`` and ``/xblock/…`` URLs. ``block``: usage key of a handler,
    of ``jump_to`` or of ``/xblock/…``. ``handler``: its last path segments.
    """

    kind: PageKind
    path: str = ""
    course_key: str | None = None
    chapter: str = ""
    section: str = ""
    unit: str = ""
    panel: int | None = None
    block: str = ""
    handler: str = ""

    @property
    def is_place(self) -> bool:
        """True if it names a section or a unit of a course."""
        return bool(self.section or self.unit)


NO_PAGE = Page(PageKind.NONE)

_KEY = r"(?:(?:course|ccx)-v1:[^/+\s?#]+\+[^/+\s?#]+\+[^/?#\s]+)"
_COURSE = re.compile(rf"^/courses/({_KEY}|[^/]+/[^/]+/[^/]+)(/.*|$)", re.DOTALL)
#: an outline in Studio, or the learning MFE on a host of its own, by what follows
_COURSE_ALONE = re.compile(rf"^/course/({_KEY}|[^/]+/[^/]+/[^/]+)(/.*|$)", re.DOTALL)
_ANY_KEY = re.compile(rf"({_KEY})")
_LIBRARY = re.compile(r"(library-v1:[^/+\s]+\+[^/+\s]+)")
_LEARNING = re.compile(rf"^/learning/course/({_KEY})(/.*|$)", re.DOTALL)
_DISCUSSIONS = re.compile(rf"^/discussions/({_KEY})(/.*|$)", re.DOTALL)
_XBLOCK = re.compile(
    r"^/xblock/((?:block-v1|ccx-block-v1|lib-block-v1|lb):[^/?#]+|i4x:/{1,2}[^/]+/[^/]+/[^/]+/[^/?#]+)/*(.*)",
    re.S,
)
_STATIC = re.compile(
    r"^/(?:static|c4x|asset-v1:|assets|media|jsi18n|i18n|favicon\.ico|apple-touch-icon|robots\.txt|sitemap)"
    r"|\.(?:js|css|png|jpe?g|gif|ico|svg|woff2?|ttf|map)/?$"
    r"|\$\{static\.url",  # a template that was not filled in
    re.I,
)
_HEARTBEAT = re.compile(r"^/(?:heartbeat|status|health|lb_health)\b")
_STUDIO = re.compile(
    r"^/(?:container|save_item|clone_item|delete_item|create_item|publish_draft|unpublish_unit|edit|subsection|unit|"
    r"course_team|course_info|settings|export|import|textbooks|group_configurations|checklists|xblock|library|"
    r"course_handler|home/?$|signin|signup|create_new_course|new_item|upload_asset|update_course_info|"
    r"get_course_settings|request_course_creator|reorder_static_tabs|transcripts|tabs)\b"
)
#: by name, and by the ports of the developers' stacks
_STUDIO_HOST = re.compile(r"^(?:[\w-]+-)?(?:studio|cms)(?:-[\w-]+)?\.|:(?:8001|18010)$")
_PREVIEW = re.compile(r"^/(?:preview|preview_component)\b")
_PREVIEW_HOST = re.compile(r"^preview[.-]")
_NUMBER = re.compile(r"\d{1,5}", re.ASCII)
_VERSION = re.compile(r"v\d{1,2}", re.ASCII)
_HEX_ID = re.compile(r"[0-9a-f]{24}|[0-9a-f]{32}")
#: names that authors gave; those of the browser's mistakes are none
_NAME = re.compile(r"(?!undefined|answer_|solution_)[\w.~:+-]{1,120}")
_LEARNING_PANELS = {"first": 1, "last": -1}


@lru_cache(maxsize=1 << 16)
def page_of(url: str, host: str = "") -> Page:
    """Read a URL or path; ``host`` is that of the request when ``url`` has none."""
    url = url.strip()
    if url.startswith(("http://", "https://")):
        host, slash, rest = url.partition("://")[2].partition("/")
        url = slash + rest or "/"
    elif not url.startswith("/"):
        return NO_PAGE
    path, _, query = url.partition("#")[0].partition("?")
    if "%" in path:
        path = unquote(path)
    return _read_path(path.replace(";_", "/"), query, host.lower())


def author_page(host: str) -> Page:
    """The page of Studio or of the preview when ``host`` is theirs, else ``NO_PAGE``."""
    return _author_page(host.lower()) if host else NO_PAGE


@lru_cache(maxsize=1 << 12)
def _author_page(host: str) -> Page:
    if _PREVIEW_HOST.match(host):
        return Page(PageKind.PREVIEW, "/preview/")
    return Page(PageKind.STUDIO, "/studio/") if _STUDIO_HOST.search(host) else NO_PAGE


def _read_path(path: str, query: str, host: str) -> Page:
    if _HEARTBEAT.match(path):
        return Page(PageKind.HEARTBEAT, "/heartbeat/")
    if _STATIC.search(path):
        return Page(PageKind.STATIC, "/static/")
    if _PREVIEW.match(path):
        return Page(PageKind.PREVIEW, "/preview/", _course_in(path))
    author = _author_page(host)
    if author is not NO_PAGE:
        return Page(author.kind, author.path, _course_in(path))
    found = _LEARNING.match(path)
    if found:
        return _learning_page(found.group(1), found.group(2))
    found = _XBLOCK.match(path)
    if found and (not found.group(2) or found.group(2).startswith("handler")):
        return _xblock_page(found.group(1), found.group(2))
    if path == "/xblock":  # the page that the platform makes of the address a mobile app gives
        return NO_PAGE
    if _STUDIO.match(path):
        return Page(PageKind.STUDIO, "/studio/", _course_in(path))
    found = _COURSE.match(path)
    if found:
        course_key = block_ids.canonical_course(found.group(1).rstrip("/"))
        if course_key:
            return _course_page(course_key, found.group(2), query)
    found = _COURSE_ALONE.match(path)
    if found:
        return _course_alone(found.group(1), found.group(2), host)
    found = _DISCUSSIONS.match(path)
    if found:
        key = block_ids.canonical_course(found.group(1))
        return Page(PageKind.FORUM, f"/discussions/{key}/" if key else "/discussions/", key)
    return _site_page(path)


def _course_in(path: str) -> str | None:
    found = (
        _ANY_KEY.search(path) or _LIBRARY.search(path) or re.search(r"^/courses?/([^/]+/[^/]+/[^/]+)", path)
    )
    return block_ids.canonical_course(found.group(1)) if found else None


def _course_alone(text: str, rest: str, host: str) -> Page:
    word = rest.strip("/").partition("/")[0]
    if host.startswith("learning.") or word.startswith("block-v1:") or word in COURSE_WORDS:
        return _learning_page(text, rest)
    return Page(PageKind.STUDIO, "/studio/", block_ids.canonical_course(text))


def _learning_page(key: str, rest: str) -> Page:
    course_key = block_ids.canonical_course(key)
    if course_key is None:
        return Page(PageKind.SITE, "/learning/")
    parts = [part for part in rest.split("/") if part]
    base = f"/learning/course/{course_key}/"
    section = block_ids.canonical_usage(parts[0], course_key) if parts else ""
    if not section:
        word = parts[0] if parts else "home"
        kind = COURSE_WORDS.get(word)
        return Page(kind or PageKind.COURSE, f"{base}{word if kind else '_'}/", course_key)
    unit = block_ids.canonical_usage(parts[1], course_key) if len(parts) > 1 else ""
    panel = _LEARNING_PANELS.get(parts[1]) if len(parts) > 1 and not unit else None
    path = f"{base}{section}/{unit}/" if unit else f"{base}{section}/"
    return Page(PageKind.COURSEWARE, path, course_key, section=section, unit=unit, panel=panel)


def _xblock_page(text: str, rest: str) -> Page:
    """The LMS page of one block: the iframe that the learning MFE shows a unit in."""
    usage = block_ids.canonical_usage(text, None)
    course_key = block_ids.course_in_usage(usage)
    if rest:
        return Page(PageKind.HANDLER, "/xblock/_/", course_key, block=usage, handler=_handler_of(f"/{rest}"))
    unit = usage if "+type@vertical+" in usage or "/vertical/" in usage else ""
    return Page(PageKind.UNIT, f"/xblock/{usage or '_'}/", course_key, unit=unit, block=usage)


def _course_page(course_key: str, rest: str, query: str) -> Page:
    base = f"/courses/{course_key}/"
    rest = re.sub(r"/+", "/", rest).strip("/")
    parts = rest.split("/") if rest else []
    word = parts[0] if parts else ""
    if word == "courseware":
        return _courseware_page(course_key, base, parts[1:], query)
    if word in ("xblock", "modx"):
        usage = block_ids.canonical_usage(rest.partition("/")[2], course_key)
        return Page(PageKind.HANDLER, f"{base}{word}/_/", course_key, block=usage, handler=_handler_of(rest))
    if word in ("jump_to", "jump_to_id"):
        target = rest.partition("/")[2]
        usage = block_ids.canonical_usage(target, course_key, "vertical" if word == "jump_to_id" else "")
        return Page(PageKind.JUMP, f"{base}{word}/{usage or '_'}/", course_key, block=usage)
    kind = COURSE_WORDS.get(word)
    if kind is None or kind is PageKind.COURSE:
        shown = f"{word}/" if kind else "_/" if word else ""
        return Page(PageKind.COURSE, base + shown, course_key)
    return Page(kind, base + "/".join([word, *_shown_segments(word, parts[1:5], kind)]) + "/", course_key)


_SEGMENT_WORDS = {
    PageKind.FORUM: FORUM_WORDS,
    PageKind.WIKI: WIKI_WORDS,
    PageKind.BOOK: BOOK_WORDS,
    PageKind.INSTRUCTOR: INSTRUCTOR_WORDS,
}


def _shown_segments(before: str, parts: list[str], kind: PageKind) -> list[str]:
    """Words of the list, two numbers of a book, ids that the platform gave to threads, topics and tabs."""
    shown: list[str] = []
    words = _SEGMENT_WORDS.get(kind, frozenset())
    for part in parts:
        is_kept = (
            part in words
            or (kind is PageKind.BOOK and _NUMBER.fullmatch(part) and _numbers(shown) < 2)
            or (before in ("threads", "comments", "forum", "tab") and _HEX_ID.fullmatch(part))
        )
        shown.append(part if is_kept else "_")
        before = part
    return shown


def _numbers(parts: list[str]) -> int:
    return sum(part.isdigit() for part in parts)


def _courseware_page(course_key: str, base: str, parts: list[str], query: str) -> Page:
    names = []
    for part in parts[:3]:
        if not _NAME.fullmatch(part):
            break
        names.append(part)
    chapter = names[0] if names else ""
    section = names[1] if len(names) > 1 else ""
    panel: int | None = None
    if len(names) > 2:
        panel = int(names[2]) if _NUMBER.fullmatch(names[2]) and int(names[2]) > 0 else None
    elif section and "child=" in query:
        child = parse_qs(query).get("child", [""])[0]
        panel = _LEARNING_PANELS.get(child)
    block = ""
    if "activate_block_id=" in query:
        block = block_ids.canonical_usage(parse_qs(query).get("activate_block_id", [""])[0], course_key)
    path = base + "/".join(["courseware", *names[:2]]) + "/"
    if panel is not None and panel > 0 and len(names) > 2:
        path += f"{panel}/"
    return Page(
        PageKind.COURSEWARE, path, course_key, chapter=chapter, section=section, panel=panel, block=block
    )


def _handler_of(path: str) -> str:
    """``xmodule_handler/problem_check`` of a handler URL, ``problem_check`` of a 2013 one."""
    for word in ("/handler/", "/handler_noauth/"):
        if word in path:
            tail = path.partition(word)[2]
            break
    else:
        tail = path.rstrip("/").rpartition("/")[2]
    parts = [part if part in HANDLER_WORDS else "_" for part in tail.strip("/").split("/")[:2]]
    return "/".join(parts)


def _site_page(path: str) -> Page:
    parts = [part for part in path.split("/") if part]
    if not parts:
        return Page(PageKind.SITE, "/")
    course_key = _course_in(path)
    if parts[0] == "api":
        kept = [part if part in API_WORDS or _VERSION.fullmatch(part) else "_" for part in parts[1:4]]
        kind = PageKind.COURSE_API if course_key else PageKind.API
        if kept[:1] == ["discussion"]:
            kind = PageKind.FORUM
        return Page(kind, "/".join(["/api", *kept]) + "/", course_key)
    if parts[0] == "logout":
        return Page(PageKind.LOGOUT, "/logout/")
    if parts[0] == "wiki":
        return Page(PageKind.WIKI, "/wiki/")
    word = parts[0] if parts[0] in SITE_WORDS else "_"
    kind = PageKind.ACCOUNT if word in ACCOUNT_WORDS else PageKind.SITE
    return Page(kind, f"/{word}/", course_key)
