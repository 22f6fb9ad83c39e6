"""Settings of the standalone site; everything an operator may set comes from the environment.

``MOOCDB_DATABASE_URL`` (``sqlite:///moocdb.sqlite3`` by default), and each name
of ``openedx_moocdb.conf`` as an environment variable of the same name.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from openedx_moocdb.data_access.store.address import database_settings
from openedx_moocdb.standalone.environment import settings_from_environment

DATABASE_URL = os.environ.get("MOOCDB_DATABASE_URL", "sqlite:///moocdb.sqlite3")
DATABASES = {"default": database_settings(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SECRET_KEY = os.environ.get("MOOCDB_SECRET_KEY") or secrets.token_urlsafe(40)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("MOOCDB_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")

INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.staticfiles",
    "openedx_moocdb.apps.MoocdbConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "openedx_moocdb.standalone.security.content_security_policy",
]
ROOT_URLCONF = "openedx_moocdb.standalone.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
STATIC_URL = "/static/"
STATIC_ROOT = Path(__file__).parent / "collected"
WHITENOISE_USE_FINDERS = True

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

globals().update(settings_from_environment(os.environ))
