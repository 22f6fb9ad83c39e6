"""Lines that are no learner's doing: health checks, bots, static files, visitors, Studio."""

from __future__ import annotations

from random import Random

from openedx_moocdb.simulator.clock import iso
from openedx_moocdb.simulator.course import SimCourse
from openedx_moocdb.simulator.payload import NO_PARAMETERS
from openedx_moocdb.simulator.plan import SimulationPlan
from openedx_moocdb.simulator.truth import NO_PAGE, Act, Arrival

_CHECKER = "ELB-HealthChecker/1.0"
_BOT = "Mozilla/5.0 (compatible; Simbot/1.0; +http://bot.example/)"
_VISITOR = (
    "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/27.0.1453.110 Safari/537.36"
)

#: (kind, path, agent, host) of machines
_MACHINES = (
    ("noise heartbeat", "/heartbeat", _CHECKER, ""),
    ("noise heartbeat", "/heartbeat", _CHECKER, ""),
    ("noise root", "/", _BOT, ""),
    ("noise static", "/static/images/favicon.ico", _VISITOR, ""),
    ("noise static", "/static/js/application.js", _VISITOR, ""),
    ("noise studio", "/save_item", _VISITOR, "studio.sim.example"),
    ("noise studio", "/xblock/", _VISITOR, "studio.sim.example"),
    ("noise bot", "/courses", _BOT, ""),
)


class Noise:
    """Adds lines to a stretch of the log."""

    def __init__(self, plan: SimulationPlan, courses: list[SimCourse]) -> None:
        self.plan = plan
        self.courses = courses
        self.rng = Random(f"{plan.seed}:noise")
        self.owed = 0.0
        self.order = 0

    def add(self, out: list[Arrival], start_us: int, end_us: int, lines: int) -> None:
        """Add the share that goes with ``lines`` other lines, somewhere between the two times."""
        share = self.plan.noise_share + self.plan.anonymous_share
        self.owed += lines * share / (1 - share)
        while self.owed >= 1:
            self.owed -= 1
            self._add_one(out, self.rng.randrange(start_us, end_us))

    def _add_one(self, out: list[Arrival], time_us: int) -> None:
        rng, plan = self.rng, self.plan
        course = rng.choice(self.courses)
        machine = plan.noise_share / (plan.noise_share + plan.anonymous_share)
        if rng.random() < machine:
            kind, path, agent, host = rng.choice(_MACHINES)
        else:
            kind, agent, host = "noise visitor", _VISITOR, ""
            path = rng.choice((f"/courses/{course.key}/about", "/courses", "/register", "/accounts/login"))
        line = self._line(course, time_us, path, agent, host or course.host)
        # Orders below zero: before all learners' lines of the same microsecond.
        self.order -= 1
        server = rng.randrange(plan.servers)
        place = course.pages[""]
        out.append(
            (time_us, self.order, server, line, time_us, 0, place, 0, 0, Act.BACKGROUND, kind, NO_PAGE)
        )

    def _line(self, course: SimCourse, time_us: int, path: str, agent: str, host: str) -> bytes:
        front, time = "", f"{iso(time_us)}+00:00"
        if not course.is_legacy:
            context = f'{{"course_id": "", "path": "{path}", "org_id": "", "user_id": null}}'
            front = f'"name": "{path}", "context": {context}, "session": "", "referer": "", '
        return (
            f'{{{front}"username": "", "host": "{host}", "event_source": "server", '
            f'"event_type": "{path}", "time": "{time}", "ip": "192.0.2.7", "event": {NO_PARAMETERS}, '
            f'"agent": "{agent}", "page": null}}'
        ).encode()
