"""How the platform of 2023 and later logs: a front end apart, and units in iframes."""

from __future__ import annotations

from collections.abc import Mapping

from openedx_moocdb.simulator import payload
from openedx_moocdb.simulator.clock import SECOND, iso, to_second
from openedx_moocdb.simulator.course import Leaf, SimCourse, Unit
from openedx_moocdb.simulator.learner import Device, Learner
from openedx_moocdb.simulator.legacy import forum_event
from openedx_moocdb.simulator.payload import NO_PARAMETERS, dumps, quote, request
from openedx_moocdb.simulator.truth import EXACT, NO_PAGE, Act, Place
from openedx_moocdb.simulator.voice import Tab, Voice

APPS = "https://apps.lms.sim.example"

_API_PATHS = {
    "dashboard": ("/api/learner_home/init",),
    "home": ("/api/course_home/course_metadata/{key}", "/api/course_home/outline/{key}"),
    "info": ("/api/course_home/course_metadata/{key}", "/api/course_home/dates/{key}"),
    "progress": ("/api/course_home/course_metadata/{key}", "/api/course_home/progress/{key}"),
    "wiki": ("/courses/{key}/course_wiki", "/wiki/{number}/"),
    "book": ("/courses/{key}/pdfbook/0/",),
    "about": ("/courses/{key}/about",),
    "forum": ("/api/discussion/v1/courses/{key}/", "/api/discussion/v1/threads/"),
    "bookmarks": ("/api/bookmarks/v1/bookmarks/",),
}
_NAMED = {
    "load": "load_video",
    "play": "play_video",
    "pause": "pause_video",
    "stop": "stop_video",
    "seek": "seek_video",
    "speed": "speed_change_video",
    "show_transcript": "edx.video.closed_captions.shown",
    "hide_transcript": "edx.video.closed_captions.hidden",
}
_TURNS = {
    "next": ("edx.ui.lms.sequence.next_selected", "seq_next"),
    "prev": ("edx.ui.lms.sequence.previous_selected", "seq_prev"),
    "goto": ("edx.ui.lms.sequence.tab_selected", "seq_goto"),
}
_OWN = ("edx.forum.", "edx.course.enrollment.")
_VIEW = {
    "show_title": ["0"],
    "show_bookmark_button": ["0"],
    "recheck_access": ["1"],
    "view": ["student_view"],
}
_VIEW_EVENT = request(None, _VIEW)
_QUERY = "?show_title=0&show_bookmark_button=0&recheck_access=1&view=student_view"


class MfeVoice(Voice):
    """Lines with context throughout; some sessions meet a log formatter that writes a front."""

    def begin(self, learner: Learner, course: SimCourse) -> None:
        super().begin(learner, course)
        self.site = f"https://{course.host}"
        self.root = f"/courses/{course.key}"
        self.is_prefixed = self.random() < self.prefixed_share
        self.known = f'"course_id": "{course.key}", "course_user_tags": {{}}, "user_id": {learner.user_id}, '
        # URLs that name no course leave the context without one.
        self.unknown = f'"course_id": "", "user_id": {learner.user_id}, '

    def _line(
        self,
        time_us: int,
        device: Device,
        source: str,
        name: str,
        event: str,
        page: str,
        path: str,
        referer: str,
        more: str = "",
        event_type: str = "",
    ) -> str:
        learner, course = self.learner, self.course
        # The forum and enrolment state their course themselves; others have it from the URL.
        is_known = source == "browser" or "/courses/" in path or "/course/" in path or name.startswith(_OWN)
        context, org = (self.known, course.org) if is_known else (self.unknown, "")
        line = (
            f'{{"name": "{name}", "context": {{{context}"path": "{path}", "org_id": "{org}", {more}'
            f'"enterprise_uuid": ""}}, "username": "{learner.username}", "session": "{device.session}", '
            f'"ip": "{device.ip}", "agent": "{device.agent}", "host": "{course.host}", '
            f'"referer": "{referer}", "accept_language": "{learner.language}", "event": {event}, '
            f'"time": "{iso(time_us)}+00:00", "event_type": "{event_type or name}", '
            f'"event_source": "{source}", "page": {page}}}'
        )
        if self.is_prefixed:
            clock = f"{to_second(time_us).replace('T', ' ')},{time_us // 1000 % 1000:03d}"
            return (
                f"{clock} INFO 7 [tracking] [user {learner.user_id}] [ip {device.ip}] logger.py:41 - {line}"
            )
        return line

    def _request(
        self,
        time_us: int,
        tab: Tab,
        act: Act,
        kind: str,
        path: str,
        event: str = NO_PARAMETERS,
        referer: str = APPS + "/",
        stated: int = NO_PAGE,
    ) -> None:
        line = self._line(time_us, tab.device, "server", path, event, "null", path, referer)
        self.say(time_us, tab.device, tab.place, act, kind, stated, line)

    def _told(self, time_us: int, tab: Tab, act: Act, name: str, event: str, path: str, place: Place) -> None:
        line = self._line(time_us, tab.device, "server", name, event, "null", path, APPS + "/")
        self.say(time_us, tab.device, place, act, f"{name} (server)", NO_PAGE, line)

    def _module(self, time_us: int, tab: Tab, name: str, event: str, leaf: Leaf, path: str) -> None:
        more = f'"module": {{"display_name": "{leaf.title}", "usage_key": "{leaf.key}"}}, "asides": {{}}, '
        # Browsers differ in what they tell of the iframe.
        referer = tab.url if self.random() < 0.6 else self.site + "/"
        line = self._line(time_us, tab.device, "server", name, event, '"x_module"', path, referer, more)
        self.say(time_us, tab.device, tab.place, Act.ACT, f"{name} (server)", NO_PAGE, line)

    def _browser(self, time_us: int, tab: Tab, act: Act, name: str, event: str) -> None:
        page = f'"{tab.url}"'
        line = self._line(time_us, tab.device, "browser", name, event, page, "/event", tab.url)
        stated = EXACT if tab.unit else NO_PAGE
        self.say(time_us, tab.device, tab.place, act, f"{name} (browser)", stated, line)

    def _handler(self, leaf_key: str, handler: str) -> str:
        return f"{self.root}/xblock/{leaf_key}/handler/{handler}"

    def enrol(self, time_us: int, device: Device) -> None:
        """The about page, the request to enrol, and what the server says of it."""
        tab = Tab(device, self.course.pages["about"])
        self.visit_page(time_us, tab, "about")
        tab.place = self.course.pages["dashboard"]
        later = time_us + 20 * SECOND
        event = request({"course_id": [self.course.key], "enrollment_action": ["enroll"]})
        self._request(later, tab, Act.ELSEWHERE, "POST change_enrollment", "/change_enrollment", event)
        told = dumps({"course_id": self.course.key, "user_id": self.learner.user_id, "mode": "audit"})
        name, nowhere = "edx.course.enrollment.activated", self.course.pages[""]
        self._told(later + 9000, tab, Act.NOWHERE, name, told, "/change_enrollment", nowhere)

    def visit_page(self, time_us: int, tab: Tab, word: str) -> None:
        """Load a page that is no unit."""
        tab.unit, tab.place = None, self.course.pages[word]
        tab.url = f"{self.site}{self.root}/{word}"
        for path in _API_PATHS[word]:
            filled = path.format(key=self.course.key, number=self.course.number)
            self._request(time_us, tab, Act.ELSEWHERE, f"GET {word}", filled)
            time_us += 60_000 + int(self.random() * 90_000)

    def open(self, time_us: int, tab: Tab, unit: Unit, how: str) -> None:
        """Show ``unit`` of a section that was not open; the front end asks for the section first."""
        tab.unit, tab.place = unit, unit.place
        key, section = self.course.key, unit.sequence.key
        paths = [f"/api/courseware/course/{key}", f"/api/courseware/sequence/{section}"]
        if how != "link":
            paths.insert(0, f"/api/course_home/course_metadata/{key}")
        if how == "jump":
            self._request(time_us, tab, Act.VIEW, "GET jump_to", f"{self.root}/jump_to/{unit.key}")
            time_us += 200_000
        for path in paths:
            kind = "GET api courseware" if "/courseware/" in path else "GET api metadata"
            self._request(time_us, tab, Act.BACKGROUND, kind, path)
            time_us += 40_000 + int(self.random() * 60_000)
        self._shown(time_us, tab, unit)

    def _shown(self, time_us: int, tab: Tab, unit: Unit) -> None:
        path = f"/xblock/{unit.key}"
        self._request(time_us, tab, Act.VIEW, "GET xblock", path, _VIEW_EVENT, stated=EXACT)
        tab.url = f"{self.site}{path}{_QUERY}"
        for leaf in unit.leaves:
            time_us += 90_000 + int(self.random() * 200_000)
            if leaf.kind == "problem":
                path = self._handler(leaf.key, "xmodule_handler/problem_get")
                self._request(time_us, tab, Act.BACKGROUND, "handler problem_get", path, referer=tab.url)
            elif leaf.kind == "video":
                self.video(time_us, tab, leaf, "load")

    def turn(self, time_us: int, tab: Tab, unit: Unit, how: str) -> None:
        """Show another unit, of this section or (no tabs then) of the next."""
        old = tab.unit
        assert old is not None
        sequence, count = old.sequence, len(old.sequence.units)
        name, event_type = _TURNS[how]
        fields = f'"current_tab": {old.panel}, "id": "{sequence.key}", "tab_count": {count}'
        if unit.sequence is sequence:
            fields += f', "target_tab": {unit.panel}' if how == "goto" else ""
            fields += f', "old": {old.panel}, "new": {unit.panel}'
        else:
            event_type = name
        event = quote(f'{{{fields}, "widget_placement": "top"}}')
        page = f"{APPS}/learning/course/{self.course.key}/{sequence.key}/{old.key}"
        line = self._line(
            time_us, tab.device, "browser", name, event, f'"{page}"', "/event", APPS + "/", "", event_type
        )
        self.say(time_us, tab.device, unit.place, Act.NAVIGATE, f"{event_type} (browser)", EXACT, line)
        tab.unit, tab.place = unit, unit.place
        path = self._handler(unit.sequence.key, "goto_position")
        post = request({"position": [str(unit.panel)]})
        self._request(time_us + 70_000, tab, Act.BACKGROUND, "handler goto_position", path, post)
        if unit.sequence is not sequence:
            path = f"/api/courseware/sequence/{unit.sequence.key}"
            self._request(time_us + 90_000, tab, Act.BACKGROUND, "GET api courseware", path)
        self._shown(time_us + 160_000, tab, unit)

    def close(self, time_us: int, tab: Tab) -> None:
        """Nothing: this front end does not tell when a page is left."""

    def log_out(self, time_us: int, tab: Tab) -> None:
        """Ends all stays on the device."""
        tab.place = self.course.pages["dashboard"]
        self._request(time_us, tab, Act.LEAVE, "GET logout", "/logout")
        self.end(time_us, tab.device, "logout")

    def video(
        self, time_us: int, tab: Tab, leaf: Leaf, verb: str, at_s: float = 0.0, old: float = 0, new: float = 0
    ) -> None:
        """An event of the player; ``old`` and ``new`` are times for ``seek``, speeds for ``speed``."""
        fields = f'"duration": {leaf.duration_s}, "code": "{leaf.code}", "id": "{leaf.html_id}"'
        if verb == "seek":
            fields += f', "old_time": {old:.3f}, "new_time": {new:.3f}, "type": "onSlideSeek"'
        elif verb == "speed":
            fields += f', "current_time": {at_s:.3f}, "old_speed": "{old}", "new_speed": "{new}"'
        elif verb != "load":
            fields += f', "currentTime": {at_s:.6f}'
        act = Act.BACKGROUND if verb == "load" else Act.ACT
        self._browser(time_us, tab, act, _NAMED[verb], quote(f"{{{fields}}}"))
        if verb == "stop":
            self._completed(time_us + 80_000, tab, leaf)

    def check(
        self, time_us: int, tab: Tab, leaf: Leaf, answers: Mapping[str, str], old: Mapping[str, str], n: int
    ) -> None:
        """An answer: the browser's word, the request, the verdict, the grade, and the picture of it."""
        form = quote(payload.form(answers))
        self._browser(time_us, tab, Act.ACT, "problem_check", form)
        path = self._handler(leaf.key, "xmodule_handler/problem_check")
        at = time_us + 90_000
        event = request(payload.posted(answers))
        self._request(at, tab, Act.ACT, "handler problem_check", path, event, tab.url)
        if leaf.max_attempts is not None and n > leaf.max_attempts:
            refused = payload.problem_state(leaf, answers, failure="closed")
            self._module(at + 40_000, tab, "problem_check_fail", refused, leaf, path)
            return
        told = payload.checked(leaf, answers, n, old, True)
        self._module(at + 40_000, tab, "problem_check", dumps(told), leaf, path)
        self._graded(at + 60_000, tab, leaf, told["grade"], path)
        shown = f'["{payload.form(answers)}", "<div class=\'problem\'>{told["success"]}</div>"]'
        self._browser(time_us + 400_000, tab, Act.BACKGROUND, "problem_graded", quote(shown))

    def _graded(self, time_us: int, tab: Tab, leaf: Leaf, earned: int, path: str) -> None:
        nowhere = self.course.pages[""]
        common: dict[str, object] = {
            "user_id": str(self.learner.user_id),
            "course_id": self.course.key,
            "event_transaction_id": f"{self.rng.getrandbits(128):032x}",
            "event_transaction_type": "edx.grades.problem.submitted",
        }
        points = {"weighted_earned": earned, "weighted_possible": leaf.weight}
        told = dumps({**common, "problem_id": leaf.key, **points})
        self._told(time_us, tab, Act.NOWHERE, "edx.grades.problem.submitted", told, path, nowhere)
        if self.random() < 0.3 and tab.unit is not None:
            told = dumps({**common, "block_id": tab.unit.sequence.key, "weighted_graded_earned": earned})
            name = "edx.grades.subsection.grade_calculated"
            self._told(time_us + SECOND, tab, Act.NOWHERE, name, told, path, nowhere)
            told = dumps({**common, "percent_grade": round(self.random(), 2), "letter_grade": ""})
            name = "edx.grades.course.grade_calculated"
            self._told(time_us + 2 * SECOND, tab, Act.NOWHERE, name, told, path, nowhere)

    def save(self, time_us: int, tab: Tab, leaf: Leaf, answers: Mapping[str, str]) -> None:
        """Answers kept without a verdict."""
        self._browser(time_us, tab, Act.ACT, "problem_save", quote(payload.form(answers)))
        path = self._handler(leaf.key, "xmodule_handler/problem_save")
        event = request(payload.posted(answers))
        self._request(time_us + 80_000, tab, Act.ACT, "handler problem_save", path, event, tab.url)
        told = payload.problem_state(leaf, answers)
        self._module(time_us + 120_000, tab, "save_problem_success", told, leaf, path)

    def reset(self, time_us: int, tab: Tab, leaf: Leaf, answers: Mapping[str, str]) -> None:
        """Answers thrown away."""
        self._browser(time_us, tab, Act.ACT, "problem_reset", quote(payload.form(answers)))
        path = self._handler(leaf.key, "xmodule_handler/problem_reset")
        event = request({"id": [leaf.key]})
        self._request(time_us + 80_000, tab, Act.ACT, "handler problem_reset", path, event, tab.url)
        told = payload.problem_state(leaf, {}, old_state={"student_answers": answers}, new_state={"seed": 1})
        self._module(time_us + 120_000, tab, "reset_problem", told, leaf, path)

    def show_answer(self, time_us: int, tab: Tab, leaf: Leaf) -> None:
        """The solution, asked for."""
        self._browser(time_us, tab, Act.ACT, "problem_show", quote(f'{{"problem": "{leaf.key}"}}'))
        path = self._handler(leaf.key, "xmodule_handler/problem_show")
        self._request(time_us + 50_000, tab, Act.ACT, "handler problem_show", path, referer=tab.url)
        self._module(time_us + 80_000, tab, "showanswer", dumps({"problem_id": leaf.key}), leaf, path)

    def read(self, time_us: int, tab: Tab, leaf: Leaf) -> None:
        """The text was long enough in sight."""
        self._completed(time_us, tab, leaf)

    def _completed(self, time_us: int, tab: Tab, leaf: Leaf) -> None:
        path = self._handler(leaf.key, "publish_completion")
        post = request({'{"completion":1}': [""]})
        self._request(time_us, tab, Act.BACKGROUND, "handler publish_completion", path, post, tab.url)
        told = dumps({"course_id": self.course.key, "block_id": leaf.key, "completion": 1.0})
        name = "edx.completion.block_completion.changed"
        self._told(time_us + 8000, tab, Act.BACKGROUND, name, told, path, tab.place)

    def keep_state(self, time_us: int, tab: Tab, leaf: Leaf, at_s: float) -> None:
        """The player stores how far the video is."""
        path = self._handler(leaf.key, "xmodule_handler/save_user_state")
        clock = f"{int(at_s) // 3600:02d}:{int(at_s) // 60 % 60:02d}:{int(at_s) % 60:02d}"
        event = request({"saved_video_position": [clock]})
        self._request(time_us, tab, Act.BACKGROUND, "handler save_user_state", path, event, tab.url)

    def talk_inline(self, time_us: int, tab: Tab, leaf: Leaf) -> None:
        """Read the discussion of a unit in the sidebar."""
        event = request(None, {"topic_id": [leaf.name], "course_id": [self.course.key]})
        self._request(time_us, tab, Act.ACT, "GET discussion inline", "/api/discussion/v1/threads/", event)

    def talk(self, time_us: int, tab: Tab, subject: str) -> None:
        """Read a thread of the forum, then write: ``thread``, ``response``, ``search`` or ``vote``."""
        self.visit_page(time_us, tab, "forum")
        topic = f"{self.rng.getrandbits(96):024x}"
        time_us += 15 * SECOND
        event = request(None, {"thread_id": [topic], "page": ["1"]})
        path = "/api/discussion/v1/comments/"
        self._request(time_us, tab, Act.ELSEWHERE, "GET discussion thread", path, event)
        time_us += 60 * SECOND
        body = f"A question about {self.course.number}: why does it rise? " * (2 + int(self.random() * 12))
        path = "/api/discussion/v1/comments/" if subject == "response" else "/api/discussion/v1/threads/"
        event = request({"raw_body": [body], "title": ["Figure 3"], "course_id": [self.course.key]})
        self._request(time_us, tab, Act.ELSEWHERE, f"POST discussion {subject}", path, event)
        name, fields = forum_event(subject, topic, body)
        self._told(time_us + 90_000, tab, Act.ELSEWHERE, name, dumps(fields), path, tab.place)

    def turn_pages(self, time_us: int, tab: Tab, pages: int) -> None:
        """Leaf through the textbook."""
        self.visit_page(time_us, tab, "book")
        page = 1 + int(self.random() * 200)
        for _ in range(pages):
            time_us += int((5 + self.random() * 60) * SECOND)
            page += 1
            event = quote(f'{{"type": "gotopage", "page": {page}, "chapter": "/asset-v1/book.pdf"}}')
            self._browser(time_us, tab, Act.ELSEWHERE, "textbook.pdf.page.navigated", event)

    def bookmark(self, time_us: int, tab: Tab) -> None:
        """Mark the unit."""
        if tab.unit is None:
            return
        fields = {
            "course_id": self.course.key,
            "bookmark_id": f"{self.learner.username},{tab.unit.key}",
            "component_type": "vertical",
            "component_usage_id": tab.unit.key,
        }
        path = "/api/bookmarks/v1/bookmarks/"
        self._request(time_us, tab, Act.ACT, "POST bookmark", path, request({"usage_id": [tab.unit.key]}))
        self._told(time_us + 30_000, tab, Act.ACT, "edx.bookmark.added", dumps(fields), path, tab.place)

    def app_page(self, unit: Unit) -> str:
        """The page that the mobile app states: the front of a URL, without the unit."""
        return f"{self.site}/xblock"
