"""What the tables say in numbers and names, in words of people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openedx_moocdb.data_access.store.reports.outline import Spot
from openedx_moocdb.processing.trajectory.rules import LADDER
from openedx_moocdb.schema.step import PlaceSource


@dataclass(frozen=True)
class Evidence:
    """How a place was found; ``tone`` names its colour in the style sheet."""

    tone: str
    label: Any
    meaning: Any

    @property
    def rules(self) -> list[str]:
        """The rules behind it, strongest first, as the trajectory states them."""
        return [rule.says for rule in LADDER if rule.source.name.lower() == self.tone]


EVIDENCE: dict[PlaceSource, Evidence] = {
    PlaceSource.STATED: Evidence("stated", _("Stated"), _("The event itself names the page.")),
    PlaceSource.STRUCTURE: Evidence(
        "structure", _("Course structure"), _("The event names a block, the course tree tells its unit.")
    ),
    PlaceSource.INHERITED_URL: Evidence(
        "inherited_url",
        _("Inherited page"),
        _("The event names no page: it is where the learner was just before, or used the block before."),
    ),
    PlaceSource.INHERITED_PANEL: Evidence(
        "inherited_panel",
        _("Inherited unit"),
        _("The event names the section: the unit is the one the learner last opened in it."),
    ),
    PlaceSource.ASSUMED: Evidence(
        "assumed",
        _("Assumed"),
        _("A section was opened without naming a unit: the platform shows the last one, or the first."),
    ),
    PlaceSource.UNKNOWN: Evidence("unknown", _("Unknown"), _("Nothing tells the unit.")),
}

KINDS: dict[str, Any] = {
    "chapter": _("Chapter"),
    "section": _("Section"),
    "unit": _("Unit"),
    "lecture": _("Lecture"),
    "tutorial": _("Tutorial"),
    "informational": _("Course information"),
    "problem": _("Problem"),
    "exam": _("Exam"),
    "wiki": _("Wiki"),
    "forum": _("Forum"),
    "profile": _("Account"),
    "index": _("Table of contents"),
    "book": _("Textbook"),
    "survey": _("Survey"),
    "home": _("Front page and dashboard"),
    "other": _("Other pages"),
}

ENDINGS: dict[str, Any] = {
    "move": _("moved on"),
    "close": _("closed the page"),
    "logout": _("logged out"),
    "idle": _("fell silent"),
    "open": _("end not seen"),
}

_EVENTS: dict[str, Any] = {
    "play_video": _("Played a video"),
    "pause_video": _("Paused a video"),
    "stop_video": _("Reached the end of a video"),
    "seek_video": _("Jumped in a video"),
    "load_video": _("Video was loaded"),
    "speed_change_video": _("Changed the speed of a video"),
    "show_transcript": _("Showed the transcript"),
    "hide_transcript": _("Hid the transcript"),
    "edx.video.closed_captions.shown": _("Showed captions"),
    "edx.video.closed_captions.hidden": _("Hid captions"),
    "problem_check": _("Answered a problem"),
    "problem_check_fail": _("Answer was refused"),
    "problem_graded": _("Problem was graded"),
    "problem_save": _("Saved an answer"),
    "save_problem_success": _("Saved an answer"),
    "save_problem_check": _("Answered a problem"),
    "problem_show": _("Asked for the solution"),
    "showanswer": _("Saw the solution"),
    "problem_reset": _("Reset a problem"),
    "reset_problem": _("Reset a problem"),
    "seq_next": _("Went to the next unit"),
    "seq_prev": _("Went to the previous unit"),
    "seq_goto": _("Went to a unit"),
    "edx.ui.lms.sequence.next_selected": _("Chose “next”"),
    "edx.ui.lms.sequence.previous_selected": _("Chose “previous”"),
    "edx.ui.lms.sequence.tab_selected": _("Chose a unit"),
    "edx.ui.lms.outline.selected": _("Chose from the outline"),
    "edx.ui.lms.link_clicked": _("Followed a link"),
    "edx.bookmark.added": _("Added a bookmark"),
    "edx.bookmark.removed": _("Removed a bookmark"),
    "edx.course.enrollment.activated": _("Enrolled"),
    "edx.course.enrollment.deactivated": _("Unenrolled"),
    "edx.course.enrollment.mode_changed": _("Changed the enrolment mode"),
    "edx.completion.block_completion.changed": _("Completed a block"),
    "edx.grades.problem.submitted": _("Problem score was recorded"),
    "edx.grades.subsection.grade_calculated": _("Section grade was computed"),
    "edx.grades.course.grade_calculated": _("Course grade was computed"),
    "edx.forum.thread.created": _("Started a thread"),
    "edx.forum.response.created": _("Responded in the forum"),
    "edx.forum.comment.created": _("Commented in the forum"),
    "edx.forum.thread.voted": _("Voted for a thread"),
    "edx.forum.response.voted": _("Voted for a response"),
    "edx.forum.thread.viewed": _("Read a thread"),
    "edx.forum.searched": _("Searched the forum"),
    "book": _("Read the textbook"),
    "textbook.pdf.page.navigated": _("Turned to a page of the textbook"),
}

_REQUEST = "<request> "
_HANDLER = "handler "
_COURSE_PAGE = re.compile(r"^/courses/\{course_id\}/(.*)$")
_PAGES: dict[str, Any] = {
    "courseware": _("Opened the courseware"),
    "info": _("Opened the course information"),
    "about": _("Opened the description of the course"),
    "progress": _("Opened the progress page"),
    "discussion": _("Opened the forum"),
    "wiki": _("Opened the wiki"),
    "book": _("Opened the textbook"),
    "pdfbook": _("Opened the textbook"),
    "jump_to": _("Jumped to a unit"),
}


def event_words(name: str) -> str:
    """What happened, for a reader who does not know the names of events."""
    known = _EVENTS.get(name)
    if known is not None:
        return str(known)
    if name.startswith(_REQUEST):
        return _request_words(name.removeprefix(_REQUEST))
    parts = name.removeprefix("edx.").replace("_", " ").split(".")
    text = " ".join(part for part in parts if part).strip()
    return text[:1].upper() + text[1:] if text else gettext("Unnamed event")


def _request_words(path: str) -> str:
    if path.startswith(_HANDLER):
        act = path.removeprefix(_HANDLER).rpartition("/")[2].replace("_", " ")
        return gettext("Request: %(act)s") % {"act": act}
    if path.startswith("/xblock/"):
        return gettext("Opened a unit")
    match = _COURSE_PAGE.match(path)
    if match:
        page = _PAGES.get(match[1].partition("/")[0])
        if page is not None:
            return str(page)
    if path.startswith("/api/"):
        return gettext("App fetched %(path)s") % {"path": path.removeprefix("/api/").strip("/_")}
    return gettext("Opened %(path)s") % {"path": path}


def kind_words(kind: str) -> str:
    """Name of a sort of resource."""
    return str(KINDS.get(kind, KINDS["other"]))


def spot_words(spot: Spot) -> str:
    """Name of a resource, else what it is and its number."""
    if spot.kind == "unit" and (not spot.name or spot.name.isdecimal()):
        number = spot.number or spot.name
        return gettext("Unit %(number)s") % {"number": number} if number else gettext("Unit not known")
    if spot.kind in ("chapter", "section") and not spot.name:
        return gettext("Chapter not known") if spot.kind == "chapter" else gettext("Section not known")
    return spot.name or kind_words(spot.kind)


def path_words(path: tuple[Spot, ...]) -> str:
    """The way to a resource, from the chapter down; pages that are no courseware say what they are."""
    if not path:
        return gettext("No place")
    words = [spot_words(spot) for spot in path]
    if path[0].kind not in ("chapter", "section", "unit") and words[0] != kind_words(path[0].kind):
        words.insert(0, kind_words(path[0].kind))
    return " › ".join(words)
