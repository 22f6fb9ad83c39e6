"""Addresses of the standalone site."""

from __future__ import annotations

from django.urls import path, register_converter

from openedx_moocdb.presentation import views


class LearnerConverter:
    """A pseudonym: 32 hexadecimal digits."""

    regex = "[0-9a-f]{32}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(LearnerConverter, "learner")

handler404 = views.not_found

urlpatterns = [
    path("", views.courses, name="courses"),
    path("quarantine/", views.quarantine, name="quarantine"),
    # A course key may have slashes of its own, so the longer address comes first.
    path("courses/<path:course_key>/learners/<learner:learner>/", views.learner, name="learner"),
    path("courses/<path:course_key>/", views.course, name="course"),
]
