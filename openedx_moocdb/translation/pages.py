"""What a URL of the platform tells: which kind of page, where in which course.

``Page.path`` is the only form of a URL that leaves this module. It is built
from an allow-list: what a pattern names is kept (course, chapter, section,
usage keys, known words, numbers), all else becomes ``_``; queries and fragments
never pass. So names, e-mails, tokens and OAuth codes in paths arrive nowhere.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from urllib.parse import parse_qs, unquote

import msgspec

from openedx_moocdb.translation import block_ids


class PageKind(str, Enum):
    """What sort of page it is; decides the resource type and how learners move."""

    COURSEWARE = "courseware"
    UNIT = "unit"
    HANDLER = "handler"
    FORUM = "forum"
    WIKI = "wiki"
    PROGRESS = "progress"
    INFO = "info"
    ABOUT = "about"
    BOOK = "book"
    TAB = "tab"
    INSTRUCTOR = "instructor"
    COURSE = "course"
    COURSE_API = "course api"
    JUMP = "jump"
    SITE = "site"
    ACCOUNT = "account"
    LOGOUT = "logout"
    API = "api"
    STATIC = "static"
    HEARTBEAT = "heartbeat"
    STUDIO = "studio"
    PREVIEW = "preview"
    NONE = "none"


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
_COURSE = re.compile(rf"^/(?:learning/)?courses?/({_KEY}|[^/]+/[^/]+/[^/]+)(/.*|$)")
_ANY_KEY = re.compile(rf"({_KEY})")
_LIBRARY = re.compile(r"(library-v1:[^/+\s]+\+[^/+\s]+)")
_LEARNING = re.compile(rf"^/learning/course/({_KEY})(/.*|$)")
_XBLOCK = re.compile(r"^/xblock/(block-v1:[^/?#]+|i4x:(?:;_|/){1,2}[^?#]+|lb:[^/?#]+)")
_STATIC = re.compile(
    r"^/(?:static|c4x|asset-v1:|assets|media|jsi18n|i18n|favicon\.ico|apple-touch-icon|robots\.txt|sitemap)"
    r"|\.(?:js|css|png|jpe?g|gif|ico|svg|woff2?|ttf|map)/?$",
    re.I,
)
_HEARTBEAT = re.compile(r"^/(?:heartbeat|status|health|lb_health)\b")
_STUDIO = re.compile(
    r"^/(?:container|save_item|clone_item|delete_item|create_item|publish_draft|unpublish_unit|edit|subsection|unit|"
    r"course_team|course_info|settings|export|import|textbooks|group_configurations|checklists|"
    r"course_handler|home/?$|signin|signup|create_new_course|new_item|upload_asset|update_course_info|"
    r"get_course_settings|request_course_creator|reorder_static_tabs|transcripts|tabs)\b"
)
_PREVIEW = re.compile(r"^/(?:preview|preview_component)\b")
_WORD = re.compile(r"^[A-Za-z][A-Za-z_-]{0,30}$")
_NUMBER = re.compile(r"^\d{1,5}$")
_HEX_ID = re.compile(r"^[0-9a-f]{24}$|^[0-9a-f]{32}$")
_NAME = re.compile(r"^[\w.~:+-]{1,120}$")

_COURSE_WORDS = {
    "info": PageKind.INFO,
    "home": PageKind.INFO,
    "course": PageKind.INFO,
    "updates": PageKind.INFO,
    "syllabus": PageKind.INFO,
    "dates": PageKind.INFO,
    "progress": PageKind.PROGRESS,
    "discussion": PageKind.FORUM,
    "discussions": PageKind.FORUM,
    "wiki": PageKind.WIKI,
    "course_wiki": PageKind.WIKI,
    "about": PageKind.ABOUT,
    "enroll": PageKind.ABOUT,
    "book": PageKind.BOOK,
    "pdfbook": PageKind.BOOK,
    "htmlbook": PageKind.BOOK,
    "instructor": PageKind.INSTRUCTOR,
    "instructor_dashboard": PageKind.INSTRUCTOR,
    "enroll_students": PageKind.INSTRUCTOR,
    "grade_summary": PageKind.INSTRUCTOR,
    "gradebook": PageKind.INSTRUCTOR,
    "staff_grading": PageKind.INSTRUCTOR,
    "tab": PageKind.TAB,
}
_SITE_WORDS = frozenset(
    "dashboard courses about tos privacy honor help faq press contact jobs search explore register login_ajax "
    "change_enrollment account accounts u user_api notes change_email_settings change_email change_name "
    "change_setting password_reset password_reset_confirm activate create_account login login_and_registration "
    "user profile certificates verify_student commerce support event segmentio api oauth2 auth i18n "
    "networking survey notification_prefs courseware discussion logout signin heartbeat notifier_api "
    "program programs learner bookmarks learning".split()
)
_ACCOUNT = frozenset(
    "account accounts u user_api change_email change_name change_setting password_reset password_reset_confirm "
    "activate create_account login login_ajax login_and_registration register user profile oauth2 auth".split()
)


def page_of(url: str, host: str = "") -> Page:
    """Read a URL or path; ``host`` is that of the request when ``url`` has none."""
    return _read(url, host) if url else NO_PAGE


@lru_cache(maxsize=1 << 16)
def _read(url: str, host: str) -> Page:
    url = url.strip()
    if url.startswith(("http://", "https://")):
        host, slash, rest = url.partition("://")[2].partition("/")
        url = slash + rest or "/"
    elif not url.startswith("/"):
        return NO_PAGE
    path, _, query = url.partition("#")[0].partition("?")
    path = unquote(path).replace(";_", "/") if "%" in path or ";_" in path else path
    return _read_path(path, query, host.lower())


def _read_path(path: str, query: str, host: str) -> Page:
    if _HEARTBEAT.match(path):
        return Page(PageKind.HEARTBEAT, "/heartbeat/")
    if _STATIC.search(path):
        return Page(PageKind.STATIC, "/static/")
    if host.startswith("preview.") or _PREVIEW.match(path):
        return Page(PageKind.PREVIEW, "/preview/", _course_in(path))
    if host.startswith(("studio.", "cms.")) or _STUDIO.match(path):
        return Page(PageKind.STUDIO, "/studio/", _course_in(path))
    found = _LEARNING.match(path)
    if found:
        return _learning_page(found.group(1), found.group(2))
    found = _XBLOCK.match(path)
    if found:
        return _xblock_page(found.group(1))
    found = _COURSE.match(path)
    if found:
        course_key = block_ids.canonical_course(found.group(1).rstrip("/"))
        if course_key:
            return _course_page(course_key, found.group(2), query)
    return _site_page(path)


def _course_in(path: str) -> str | None:
    found = _ANY_KEY.search(path) or _LIBRARY.search(path) or re.search(r"^/courses?/([^/]+/[^/]+/[^/]+)", path)
    return block_ids.canonical_course(found.group(1)) if found else None


def _learning_page(key: str, rest: str) -> Page:
    course_key = block_ids.canonical_course(key)
    parts = [part for part in rest.split("/") if part]
    base = f"/learning/course/{course_key}/"
    if not parts or not parts[0].startswith("block-v1:"):
        word = parts[0] if parts and _WORD.match(parts[0]) else "home"
        kind = _COURSE_WORDS.get(word, PageKind.INFO)
        return Page(kind, f"{base}{word}/", course_key)
    section = block_ids.canonical_usage(parts[0], course_key)
    unit = block_ids.canonical_usage(parts[1], course_key) if len(parts) > 1 else ""
    panel = {"first": 1, "last": -1}.get(parts[1]) if len(parts) > 1 and not unit else None
    path = f"{base}{section}/{unit}/" if unit else f"{base}{section}/"
    return Page(PageKind.COURSEWARE, path, course_key, section=section, unit=unit, panel=panel)


def _xblock_page(text: str) -> Page:
    """The LMS page of one block: the iframe that the learning MFE shows a unit in."""
    usage = block_ids.canonical_usage(text, None)
    if "/handler/" in text:
        return Page(PageKind.HANDLER, "/xblock/_/", block=usage, handler=_handler_of(text))
    course_key = block_ids.course_in_usage(usage)
    unit = usage if "+type@vertical+" in usage or "/vertical/" in usage else ""
    return Page(PageKind.UNIT, f"/xblock/{usage}/", course_key, unit=unit, block=usage)


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
    kind = _COURSE_WORDS.get(word)
    if kind is None:
        shown = word if _WORD.match(word) else "_" if word else ""
        return Page(PageKind.COURSE, f"{base}{shown}/" if shown else base, course_key)
    shown_parts = [_shown_segment(part, kind) for part in parts[1:5]]
    return Page(kind, base + "/".join([word, *shown_parts]) + "/", course_key)


def _shown_segment(part: str, kind: PageKind) -> str:
    if kind is PageKind.BOOK and _NUMBER.match(part):
        return part
    if kind is PageKind.FORUM and (_HEX_ID.match(part) or part in ("forum", "threads", "inline", "comments")):
        return part
    if kind in (PageKind.WIKI, PageKind.TAB) and re.match(r"^[\w.-]{1,60}$", part):
        return part
    return part if kind is PageKind.INSTRUCTOR and part == "api" else "_"


def _courseware_page(course_key: str, base: str, parts: list[str], query: str) -> Page:
    names = []
    for part in parts[:3]:
        if not _NAME.match(part) or part.startswith(("undefined", "answer_", "solution_")):
            break
        names.append(part)
    chapter = names[0] if names else ""
    section = names[1] if len(names) > 1 else ""
    panel: int | None = None
    if len(names) > 2:
        panel = int(names[2]) if _NUMBER.match(names[2]) and int(names[2]) > 0 else None
    elif section and "child=" in query:
        child = parse_qs(query).get("child", [""])[0]
        panel = {"first": 1, "last": -1}.get(child)
    block = ""
    if "activate_block_id=" in query:
        block = block_ids.canonical_usage(parse_qs(query)["activate_block_id"][0].replace(" ", "+"), course_key)
    path = base + "/".join(["courseware", *names[:2]]) + "/"
    if panel is not None and panel > 0 and len(names) > 2:
        path += f"{panel}/"
    return Page(PageKind.COURSEWARE, path, course_key, chapter=chapter, section=section, panel=panel, block=block)


def _handler_of(path: str) -> str:
    """``xmodule_handler/problem_check`` of a handler URL, ``problem_check`` of a 2013 one."""
    if "/handler/" in path:
        tail = path.partition("/handler/")[2]
    elif "/handler_noauth/" in path:
        tail = path.partition("/handler_noauth/")[2]
    else:
        tail = path.rstrip("/").rpartition("/")[2]
    parts = [part if _WORD.match(part) else "_" for part in tail.strip("/").split("/")[:2]]
    return "/".join(part for part in parts if part)


def _site_page(path: str) -> Page:
    parts = [part for part in path.split("/") if part]
    if not parts:
        return Page(PageKind.SITE, "/")
    course_key = _course_in(path)
    if parts[0] == "api":
        kept = [p if _WORD.match(p) or re.match(r"^v\d{1,2}$", p) else "_" for p in parts[:4]]
        if kept[1:2] == ["user"]:
            kept = kept[:3]
        kind = PageKind.COURSE_API if course_key else PageKind.API
        if kept[1:2] == ["discussion"]:
            kind = PageKind.FORUM
        return Page(kind, "/" + "/".join(kept) + "/", course_key)
    if parts[0] == "logout":
        return Page(PageKind.LOGOUT, "/logout/")
    if parts[0] == "wiki":
        return Page(PageKind.WIKI, "/wiki/")
    word = parts[0] if parts[0] in _SITE_WORDS else "_"
    kind = PageKind.ACCOUNT if word in _ACCOUNT else PageKind.SITE
    return Page(kind, f"/{word}/", course_key)
