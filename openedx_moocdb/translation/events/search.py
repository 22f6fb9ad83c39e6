"""Search in a course and among courses. What was searched for is not kept."""

from __future__ import annotations

from openedx_moocdb.schema.step import Redundancy, StepKind
from openedx_moocdb.translation.standing import SERVER, Aside, Inline


class StartSearch(Inline):
    """The learner searches the content of a course, or the catalogue."""

    names = ("edx.course.search.initiated", "edx.course_discovery.search.initiated")
    sources = SERVER
    category = "search"


class ShowSearchResults(Aside):
    """The results of the search are shown: the same act, told a second time."""

    names = ("edx.course.search.results_displayed", "edx.course_discovery.search.results_displayed")
    sources = SERVER
    category = "search"
    step = StepKind.BACKGROUND
    redundancy = Redundancy.SERVER_ECHO
