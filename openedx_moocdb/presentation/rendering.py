"""Templates of this package, rendered alike on whatever site hosts the pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.backends.django import DjangoTemplates

_FOLDER = Path(__file__).resolve().parent.parent / "templates"


@cache
def _engine() -> DjangoTemplates:
    return DjangoTemplates(
        {
            "NAME": "moocdb",
            "DIRS": [str(_FOLDER)],
            "APP_DIRS": False,
            "OPTIONS": {
                "builtins": [
                    "django.templatetags.i18n",
                    "django.templatetags.static",
                    "openedx_moocdb.presentation.formats",
                ],
            },
        }
    )


def page(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """The page ``openedx_moocdb/<name>.html``; everything that comes from data is escaped."""
    template = _engine().get_template(f"openedx_moocdb/{name}.html")
    return HttpResponse(template.render(context, request), status=status)
