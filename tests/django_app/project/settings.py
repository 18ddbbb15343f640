"""A small site with SQLite, or with the PostgreSQL database that `SITE_DATABASE` names."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(os.environ["SITE_FOLDER"])
SECRET_KEY = "of-the-tests"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["django.contrib.contenttypes", "arsearch.integrations.django", "news"]
SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": FOLDER / "db.sqlite3", "OPTIONS": {"timeout": 30}}
# The host, port and user come from libpq's environment: PGHOST, PGPORT, PGUSER, PGPASSWORD.
POSTGRES = {"ENGINE": "django.db.backends.postgresql", "NAME": os.environ.get("SITE_DATABASE")}
DATABASES = {"default": POSTGRES if POSTGRES["NAME"] else SQLITE}
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]
ROOT_URLCONF = "urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ARSEARCH_INDEX = FOLDER / "site.arsearch"
ARSEARCH_FIELDS = {"volume": "int"}
