"""The portal's own settings, given the environment of a test run. Nothing else differs, but for
a database in a file: a live server and its tests share it from several threads."""

import os
import tempfile
from pathlib import Path
from typing import Any

_ENVIRONMENT = {
    "PORTAL_URL": "http://localhost:8000",
    "PORTAL_SECRET_KEY": "a-secret-key-for-tests-only-with-fifty-characters-or-more",
    "PORTAL_TOKEN_KEYS": "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk=",
    "COGNITO_REGION": "eu-central-1",
    "COGNITO_USER_POOL_ID": "eu-central-1_NotYetMade",
    "COGNITO_CLIENT_ID": "notyetmade",
    "COGNITO_DOMAIN": "http://localhost:9500",
    "COGNITO_ENDPOINT_URL": "http://localhost:9500",
    # The local pool checks that signed calls are signed, not by whom.
    "AWS_ACCESS_KEY_ID": "tests",
    "AWS_SECRET_ACCESS_KEY": "tests",
}
os.environ.update(_ENVIRONMENT)

from portal.settings import *  # noqa: E402, F403 - settings build on settings; after the environment

# In memory where the system has a place for it, and gone when the process ends.
_memory = Path("/dev/shm")  # noqa: S108 - a directory of our own is made in it
_made = tempfile.TemporaryDirectory(
    prefix="portal-tests-", dir=_memory if os.access(_memory, os.W_OK) else None
)
_directory = Path(_made.name)
DATABASES["default"]["NAME"] = str(_directory / "checks.sqlite3")  # noqa: F405 - as above
DATABASES["default"]["TEST"] = {"NAME": str(_directory / "test.sqlite3")}  # noqa: F405 - as above
# A test's rows need not outlive a power cut.
_options: Any = DATABASES["default"]["OPTIONS"]  # noqa: F405 - as above
_options["init_command"] += "PRAGMA synchronous=OFF;"
# Static files are found where they are written, so that tests need no collectstatic.
STATIC_ROOT = str(_directory / "static")
Path(STATIC_ROOT).mkdir()
STORAGES["staticfiles"]["BACKEND"] = (  # noqa: F405 - as above
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
