"""Settings of the standalone site; everything an operator may set comes from the environment.

``MOOCDB_DATABASE_URL`` (``sqlite:///moocdb.sqlite3`` by default), and each name
of ``openedx_moocdb.conf`` as an environment variable of the same name.
"""

from __future__ import annotations

import os
import secrets

from openedx_moocdb.data_access.store.address import database_settings
from openedx_moocdb.standalone.environment import settings_from_environment

DATABASE_URL = os.environ.get("MOOCDB_DATABASE_URL", "sqlite:///moocdb.sqlite3")
DATABASES = {"default": database_settings(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

SECRET_KEY = os.environ.get("MOOCDB_SECRET_KEY") or secrets.token_urlsafe(40)
DEBUG = False
ALLOWED_HOSTS = os.environ.get("MOOCDB_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")

INSTALLED_APPS = ["django.contrib.staticfiles", "openedx_moocdb.apps.MoocdbConfig"]
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
WHITENOISE_USE_FINDERS = True  # files are served from where they lie; nothing is collected

# Without DEBUG, Django would mail errors to nobody; requests without an error are not worth a line.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "loggers": {"django": {"handlers": ["stderr"], "level": "ERROR"}},
}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True

globals().update(settings_from_environment(os.environ))
