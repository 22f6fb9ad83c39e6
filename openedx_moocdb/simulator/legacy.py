"""How the platform of 2012 to 2014 logs: courseware pages whose URL does not follow the panel."""

from __future__ import annotations

from collections.abc import Mapping

from openedx_moocdb.simulator import payload
from openedx_moocdb.simulator.clock import SECOND, iso
from openedx_moocdb.simulator.course import Leaf, SimCourse, Unit
from openedx_moocdb.simulator.learner import Device, Learner
from openedx_moocdb.simulator.payload import NO_PARAMETERS, dumps, quote, request
from openedx_moocdb.simulator.truth import EXACT, NO_PAGE, NO_PANEL, Act, Place
from openedx_moocdb.simulator.voice import Tab, Voice

#: words of ``visit_page`` and the path below the course
_PATHS = {
    "home": "info",
    "info": "info",
    "progress": "progress",
    "forum": "discussion/forum",
    "wiki": "wiki/{number}/",
    "book": "pdfbook/0/",
    "about": "about",
}
_NAMED = {
    "load": "load_video",
    "play": "play_video",
    "pause": "pause_video",
    "stop": "stop_video",
    "seek": "seek_video",
    "speed": "speed_change_video",
    "show_transcript": "show_transcript",
    "hide_transcript": "hide_transcript",
}


class LegacyVoice(Voice):
    """Lines in the shape of 2013 (no context, session on browser events only) or of 2014."""

    referer = ""

    def begin(self, learner: Learner, course: SimCourse) -> None:
        super().begin(learner, course)
        self.is_2013 = learner.shape == "2013"
        self.root = f"/courses/{course.key}"
        self.site = f"https://{course.host}"
        self.zone = "+00:00" if learner.user_id % 8 else ""
        self.modx = self.root + "/modx/"
        self.tags = '"course_user_tags": {}, ' if learner.user_id % 3 == 0 else ""

    # A line is put together from what the two shapes share.
    def _line(
        self,
        time_us: int,
        device: Device,
        source: str,
        name: str,
        event: str,
        page: str,
        path: str,
        module: str,
    ) -> str:
        learner, course = self.learner, self.course
        start = f'{{"username": "{learner.username}", "host": "{course.host}", '
        end = f'"time": "{iso(time_us)}{self.zone}", "ip": "{device.ip}", "event": {event}, '
        if self.is_2013:
            session = f'"session": "{device.session}", ' if source == "browser" else ""
            return (
                f'{start}{session}"event_source": "{source}", "event_type": "{name}", {end}'
                f'"agent": "{device.agent}", "page": {page}}}'
            )
        is_known = "/courses/" in page or path.startswith("/courses/") or name.startswith("edx.")
        org, key = (course.org, course.key) if is_known else ("", "")
        return (
            f'{start}"session": "{device.session}", "event_source": "{source}", "event_type": "{name}", '
            f'"context": {{{self.tags}{module}"user_id": {learner.user_id}, "org_id": "{org}", '
            f'"course_id": "{key}", "path": "{path}"}}, {end}"accept_language": "{learner.language}", '
            f'"referer": "{self.referer}", "agent": "{device.agent}", "page": {page}}}'
        )

    def _request(
        self,
        time_us: int,
        tab: Tab,
        place: Place,
        act: Act,
        kind: str,
        path: str,
        event: str = NO_PARAMETERS,
        stated: int = NO_PAGE,
    ) -> None:
        self.referer = tab.url
        line = self._line(time_us, tab.device, "server", path, event, "null", path, "")
        self.say(time_us, tab.device, place, act, kind, stated, line)

    def _server(self, time_us: int, tab: Tab, act: Act, name: str, event: str, leaf: Leaf, path: str) -> None:
        module = f'"module": {{"display_name": "{leaf.title}", "usage_key": "{leaf.key}"}}, '
        self.referer = tab.url
        line = self._line(time_us, tab.device, "server", name, event, '"x_module"', path, module)
        self.say(time_us, tab.device, tab.place, act, f"{name} (server)", NO_PAGE, line)

    def _browser(self, time_us: int, tab: Tab, place: Place, act: Act, name: str, event: str) -> None:
        self.referer = tab.url
        line = self._line(time_us, tab.device, "browser", name, event, f'"{tab.url}"', "/event", "")
        stated = EXACT if tab.is_exact else NO_PANEL
        self.say(time_us, tab.device, place, act, f"{name} (browser)", stated, line)

    def enrol(self, time_us: int, device: Device) -> None:
        """The about page, the request to enrol, and (since 2014) what the server says of it."""
        tab = Tab(device, self.course.pages["about"], url=f"{self.site}{self.root}/about")
        self.visit_page(time_us, tab, "about")
        later, place = time_us + 20 * SECOND, self.course.pages["dashboard"]
        event = request({"course_id": [self.course.key], "enrollment_action": ["enroll"]})
        self._request(later, tab, place, Act.ELSEWHERE, "GET change_enrollment", "/change_enrollment", event)
        if self.is_2013:
            return
        told = dumps({"course_id": self.course.key, "user_id": self.learner.user_id, "mode": "honor"})
        name = "edx.course.enrollment.activated"
        line = self._line(later + 9000, device, "server", name, told, "null", "/change_enrollment", "")
        self.say(later + 9000, device, self.course.pages[""], Act.NOWHERE, f"{name} (server)", NO_PAGE, line)

    def visit_page(self, time_us: int, tab: Tab, word: str) -> None:
        """Load a page that is no unit."""
        place = self.course.pages[word]
        path = "/dashboard"
        if word in _PATHS:
            path = f"{self.root}/{_PATHS[word].format(number=self.course.number)}"
        self._request(time_us, tab, place, Act.ELSEWHERE, f"GET {word}", path, stated=NO_PANEL)
        tab.unit, tab.place, tab.url, tab.is_exact = None, place, self.site + path, False

    def open(self, time_us: int, tab: Tab, unit: Unit, how: str) -> None:
        """Load a section at ``unit``; ``how``: ``link``, ``deep`` (URL with panel), or redirected
        from ``course``, ``chapter`` or ``jump``."""
        sequence = unit.sequence
        chapter = f"{self.root}/courseware/{sequence.chapter}/"
        path = f"{chapter}{sequence.name}/"
        redirected = {
            "course": f"{self.root}/courseware/",
            "chapter": chapter,
            "jump": f"{self.root}/jump_to/{unit.key}",
        }.get(how)
        if redirected:
            self._request(time_us, tab, unit.place, Act.VIEW, f"GET courseware {how}", redirected)
            time_us += 140_000 + int(self.random() * 90_000)
        if how in {"deep", "jump"}:
            path += f"{unit.panel}/"
        tab.is_exact = how in {"deep", "jump"}
        stated = EXACT if tab.is_exact else NO_PANEL
        self._request(time_us, tab, unit.place, Act.VIEW, "GET courseware", path, stated=stated)
        tab.unit, tab.place, tab.url = unit, unit.place, self.site + path
        self._shown(time_us + 700_000, tab)

    def _shown(self, time_us: int, tab: Tab) -> None:
        for leaf in tab.unit.leaves if tab.unit else ():
            time_us += 30_000 + int(self.random() * 200_000)
            if leaf.kind == "problem":
                path = f"{self.modx}{leaf.key}/problem_get"
                self._request(time_us, tab, tab.place, Act.BACKGROUND, "modx problem_get", path)
            elif leaf.kind == "video":
                self.video(time_us, tab, leaf, "load")

    def turn(self, time_us: int, tab: Tab, unit: Unit, how: str) -> None:
        """Show another unit of the section; ``how``: ``next``, ``prev`` or ``goto``."""
        old = tab.unit.panel if tab.unit else 1
        key = unit.sequence.key
        event = quote(f'{{"old": {old}, "new": {unit.panel}, "id": "{key}"}}')
        self._browser(time_us, tab, unit.place, Act.NAVIGATE, f"seq_{how}", event)
        tab.unit, tab.place = unit, unit.place
        # A panel in the URL is that of the page load, and goes stale here.
        tab.is_exact = False
        event = request({"position": [str(unit.panel)]})
        path = f"{self.modx}{key}/goto_position"
        at = time_us + 60_000
        self._request(at, tab, unit.place, Act.BACKGROUND, "modx goto_position", path, event)
        self._shown(time_us + 150_000, tab)

    def close(self, time_us: int, tab: Tab) -> None:
        """Leave the page; now and then the browser is too late to tell."""
        if self.random() < 0.08:
            return
        self._browser(time_us, tab, tab.place, Act.CLOSE, "page_close", '"{}"' if self.is_2013 else '""')
        if tab.device.place is tab.place:
            self.end(time_us, tab.device, "close")

    def log_out(self, time_us: int, tab: Tab) -> None:
        """Ends all stays on the device."""
        self._request(time_us, tab, self.course.pages["dashboard"], Act.LEAVE, "GET logout", "/logout")
        self.end(time_us, tab.device, "logout")

    def video(
        self, time_us: int, tab: Tab, leaf: Leaf, verb: str, at_s: float = 0.0, old: float = 0, new: float = 0
    ) -> None:
        """An event of the player; ``old`` and ``new`` are times for ``seek``, speeds for ``speed``."""
        fields = f'"id": "{leaf.html_id}", "code": "{leaf.code}"'
        if verb == "seek":
            kind = "slide_seek" if self.is_2013 else "onSlideSeek"
            fields += f', "old_time": {old:.3f}, "new_time": {new:.3f}, "type": "{kind}"'
        elif verb == "speed":
            fields += f', "currentTime": {at_s:.3f}, "old_speed": "{old}", "new_speed": "{new}"'
        elif verb != "load":
            fields += f', "currentTime": {at_s:.6f}'
        act = Act.BACKGROUND if verb == "load" else Act.ACT
        self._browser(time_us, tab, tab.place, act, _NAMED[verb], quote(f"{{{fields}}}"))

    def check(
        self, time_us: int, tab: Tab, leaf: Leaf, answers: Mapping[str, str], old: Mapping[str, str], n: int
    ) -> None:
        """An answer: the browser's word, the request, the server's verdict, and the picture of it."""
        self._browser(time_us, tab, tab.place, Act.ACT, "problem_check", quote(payload.form(answers)))
        path = f"{self.modx}{leaf.key}/problem_check"
        event = request(payload.posted(answers))
        self._request(time_us + 90_000, tab, tab.place, Act.ACT, "modx problem_check", path, event)
        told = payload.checked(leaf, answers, n, old, False)
        at = time_us + 140_000
        if leaf.max_attempts is not None and n > leaf.max_attempts:
            refused = payload.problem_state(leaf, answers, failure="closed")
            self._server(at, tab, Act.ACT, "problem_check_fail", refused, leaf, path)
            return
        name = "save_problem_check" if self.is_2013 and self.learner.user_id % 5 == 0 else "problem_check"
        self._server(at, tab, Act.ACT, name, dumps(told), leaf, path)
        picture = f"<section class='problem'><p>{leaf.title}</p><span>{told['success']}</span></section>"
        shown = f'["{payload.form(answers)}", "{picture}"]'
        self._browser(time_us + 400_000, tab, tab.place, Act.BACKGROUND, "problem_graded", shown)

    def save(self, time_us: int, tab: Tab, leaf: Leaf, answers: Mapping[str, str]) -> None:
        """Answers kept without a verdict."""
        form = quote(payload.form(answers))
        self._browser(time_us, tab, tab.place, Act.ACT, "problem_save", form)
        path = f"{self.modx}{leaf.key}/problem_save"
        event = request(payload.posted(answers))
        self._request(time_us + 80_000, tab, tab.place, Act.ACT, "modx problem_save", path, event)
        told = payload.problem_state(leaf, answers)
        self._server(time_us + 120_000, tab, Act.ACT, "save_problem_success", told, leaf, path)

    def reset(self, time_us: int, tab: Tab, leaf: Leaf, answers: Mapping[str, str]) -> None:
        """Answers thrown away."""
        self._browser(time_us, tab, tab.place, Act.ACT, "problem_reset", quote(f'{{"id": "{leaf.key}"}}'))
        path = f"{self.modx}{leaf.key}/problem_reset"
        self._request(
            time_us + 80_000, tab, tab.place, Act.ACT, "modx problem_reset", path, request({"id": [leaf.key]})
        )
        told = payload.problem_state(leaf, {}, old_state={"student_answers": answers}, new_state={"seed": 1})
        self._server(time_us + 120_000, tab, Act.ACT, "reset_problem", told, leaf, path)

    def show_answer(self, time_us: int, tab: Tab, leaf: Leaf) -> None:
        """The solution, asked for."""
        event = quote(f'{{"problem": "{leaf.key}"}}')
        self._browser(time_us, tab, tab.place, Act.ACT, "problem_show", event)
        path = f"{self.modx}{leaf.key}/problem_show"
        self._request(time_us + 50_000, tab, tab.place, Act.ACT, "modx problem_show", path)
        told = dumps({"problem_id": leaf.key})
        self._server(time_us + 80_000, tab, Act.ACT, "showanswer", told, leaf, path)

    def read(self, time_us: int, tab: Tab, leaf: Leaf) -> None:
        """Nothing: this platform does not notice reading."""

    def keep_state(self, time_us: int, tab: Tab, leaf: Leaf, at_s: float) -> None:
        """The player stores how far the video is."""
        path = f"{self.modx}{leaf.key}/save_user_state"
        clock = f"{int(at_s) // 3600:02d}:{int(at_s) // 60 % 60:02d}:{int(at_s) % 60:02d}"
        event = request({"saved_video_position": [clock]})
        self._request(time_us, tab, tab.place, Act.BACKGROUND, "modx save_user_state", path, event)

    def talk_inline(self, time_us: int, tab: Tab, leaf: Leaf) -> None:
        """Unfold the discussion of a unit."""
        path = f"{self.root}/discussion/forum/{leaf.name}/inline"
        event = request(None, {"page": ["1"], "ajax": ["1"]})
        self._request(time_us, tab, tab.place, Act.ACT, "GET discussion inline", path, event)

    def talk(self, time_us: int, tab: Tab, subject: str) -> None:
        """Read a thread of the forum, then write: ``thread``, ``response``, ``search`` or ``vote``."""
        self.visit_page(time_us, tab, "forum")
        place, topic = tab.place, f"{self.rng.getrandbits(96):024x}"
        thread = f"{self.root}/discussion/forum/{self.course.number}_general/threads/{topic}"
        time_us += 15 * SECOND
        event = request(None, {"ajax": ["1"]})
        self._request(time_us, tab, place, Act.ELSEWHERE, "GET discussion thread", thread, event)
        time_us += 60 * SECOND
        body = f"A question about {self.course.number}: why does it rise? " * (2 + int(self.random() * 12))
        path = f"{self.root}/discussion/threads/{topic}/{'reply' if subject == 'response' else 'upvote'}"
        if subject == "thread":
            path = f"{self.root}/discussion/{self.course.number}_general/threads/create"
        elif subject == "search":
            path = f"{self.root}/discussion/forum/search"
        event = request({"body": [body], "title": ["Figure 3"], "anonymous": ["false"]})
        self._request(time_us, tab, place, Act.ELSEWHERE, f"POST discussion {subject}", path, event)
        if self.is_2013:
            return
        name, fields = forum_event(subject, topic, body)
        line = self._line(time_us + 90_000, tab.device, "server", name, dumps(fields), "null", path, "")
        self.say(time_us + 90_000, tab.device, place, Act.ELSEWHERE, f"{name} (server)", NO_PAGE, line)

    def turn_pages(self, time_us: int, tab: Tab, pages: int) -> None:
        """Leaf through the textbook."""
        self.visit_page(time_us, tab, "book")
        page = 1 + int(self.random() * 200)
        for _ in range(pages):
            time_us += int((5 + self.random() * 60) * SECOND)
            if self.is_2013:
                event = quote(f'{{"type": "nextpage", "old": {page}, "new": {page + 1}}}')
                self._browser(time_us, tab, tab.place, Act.ELSEWHERE, "book", event)
            else:
                fields = f'{{"type": "gotopage", "page": {page + 1}, "chapter": "/static/book.pdf"}}'
                name = "textbook.pdf.page.navigated"
                self._browser(time_us, tab, tab.place, Act.ELSEWHERE, name, quote(fields))
            page += 1

    def bookmark(self, time_us: int, tab: Tab) -> None:
        """Nothing: this platform has no bookmarks."""

    def app_page(self, unit: Unit) -> str:
        """The page that the mobile app states."""
        sequence = unit.sequence
        return f"{self.site}{self.root}/courseware/{sequence.chapter}/{sequence.name}/{unit.panel}"


def forum_event(subject: str, topic: str, body: str) -> tuple[str, dict[str, object]]:
    """Name and payload of what the forum says of an act."""
    if subject == "search":
        return "edx.forum.searched", {"query": "figure 3", "page": 1, "total_results": 7, "group_id": None}
    fields: dict[str, object] = {"commentable_id": "general", "id": topic, "user_forums_roles": ["Student"]}
    if subject == "vote":
        return "edx.forum.thread.voted", {**fields, "vote_value": "up", "undo_vote": False}
    fields |= {"body": body, "truncated": False, "anonymous": False, "options": {"followed": True}}
    if subject == "response":
        return "edx.forum.response.created", {**fields, "discussion": {"id": topic}}
    return "edx.forum.thread.created", {**fields, "title": "Figure 3", "thread_type": "discussion"}
