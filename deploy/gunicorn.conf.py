"""gunicorn for the portal; README.md in this folder says what has to stand in front of it."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
try:
    # A worker waits for Cognito most of the time, so threads; more workers for more cores.
    threads = settings.THREADS
except ImproperlyConfigured as error:
    sys.exit(str(error))

wsgi_app = "portal.wsgi:application"
bind = os.environ.get("PORTAL_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("PORTAL_WORKERS", "2"))
# Longer than a load balancer's own 60 seconds, or it meets connections that are just closing.
keepalive = 75
# Longer than the worst call to Cognito with its retry and its read-back.
timeout = 60
graceful_timeout = 30
limit_request_line = 4094
control_socket_disable = True
loglevel = "warning"


def on_starting(_server: object) -> None:
    """Print what is served, or why nothing can be."""
    try:
        from portal.start import announcement

        print(announcement(), file=sys.stderr)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
