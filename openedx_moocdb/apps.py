"""The Django application."""

from django.apps import AppConfig


class MoocdbConfig(AppConfig):
    """``openedx_moocdb`` as Django sees it."""

    name = "openedx_moocdb"
    label = "openedx_moocdb"
    verbose_name = "MOOCdb"
    default_auto_field = "django.db.models.BigAutoField"
