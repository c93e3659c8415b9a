"""Every setting comes from the environment; README.md lists the variables."""

from pathlib import Path
from urllib.parse import urlsplit

from cognito.pool import UserPool
from portal import env
from portal.safety import is_local, unsafe

BASE_DIR = Path(__file__).resolve().parent.parent

PORTAL_URL = env.base_url("PORTAL_URL", "http://localhost:8000")
_portal = urlsplit(PORTAL_URL)

DEBUG = env.flag("PORTAL_DEBUG")
SECRET_KEY = env.secret("PORTAL_SECRET_KEY")
# Newest first. Older ones only open what they sealed; `manage.py reseal_tokens` retires them.
TOKEN_KEYS = tuple(env.secret("PORTAL_TOKEN_KEYS").replace(",", " ").split())

# Of each worker. deploy/gunicorn.conf.py starts as many, and each has its connections to the pool.
THREADS = env.number("PORTAL_THREADS", 16, least=1, most=256)

COGNITO = UserPool(
    region=env.text("COGNITO_REGION"),
    pool_id=env.text("COGNITO_USER_POOL_ID"),
    client_id=env.text("COGNITO_CLIENT_ID"),
    client_secret=env.secret("COGNITO_CLIENT_SECRET", ""),
    domain=env.base_url("COGNITO_DOMAIN"),
    endpoint_url=env.base_url("COGNITO_ENDPOINT_URL", ""),
    threads=THREADS,
)
# For a portal without IAM credentials: what the pool would say of itself. COGNITO_MFA decides
# whether these count; userpool/service.py reads them.
COGNITO_MFA = env.choice("COGNITO_MFA", ("OFF", "OPTIONAL", "ON"))
COGNITO_MFA_FACTORS = env.choices("COGNITO_MFA_FACTORS", ("totp", "sms", "email", "passkey"))
COGNITO_TIER = env.choice("COGNITO_TIER", ("LITE", "ESSENTIALS", "PLUS"))
COGNITO_RECOVERY = env.choices("COGNITO_RECOVERY", ("phone", "email", "admin_only"))
COGNITO_AUTO_VERIFIED = env.choices(
    "COGNITO_AUTO_VERIFIED", ("phone", "email"), default="phone,email"
)
COGNITO_KEEPS_UNTIL_VERIFIED = env.choices("COGNITO_KEEPS_UNTIL_VERIFIED", ("phone", "email"))
COGNITO_PASSKEYS_RP_ID = env.text("COGNITO_PASSKEYS_RP_ID", "")
COGNITO_DEVICES = env.choice("COGNITO_DEVICES", ("off", "ask", "always"))
COGNITO_ACR_NAMES = env.words("COGNITO_ACR_NAMES")
# No call that the portal may make tells it: adaptive authentication asks by risk.
COGNITO_MFA_BY_RISK = env.flag("COGNITO_MFA_BY_RISK")

# On every page, and in the authenticator app beside the code.
PORTAL_NAME = env.text("PORTAL_NAME", "Account security")
# The address people call when they are stuck, shown on each page. An https or mailto URL.
HELP_URL = env.text("PORTAL_HELP_URL", "")
LOG_LEVEL = env.choice("PORTAL_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR")) or "INFO"

# How long after signing in somebody may change how they sign in without signing in again.
RECENT_SIGN_IN_SECONDS = env.number("PORTAL_RECENT_SIGN_IN_SECONDS", 300, least=60, most=3600)

IS_LOCAL = is_local(PORTAL_URL)
_PROBLEMS = []
if not IS_LOCAL:
    _PROBLEMS += unsafe(
        debug=DEBUG,
        portal_url=PORTAL_URL,
        secret_key=SECRET_KEY,
        token_keys=TOKEN_KEYS,
        cognito_urls={
            "COGNITO_DOMAIN": COGNITO.domain,
            "COGNITO_ENDPOINT_URL": COGNITO.endpoint_url,
        },
    )
if HELP_URL and not HELP_URL.startswith(("https://", "http://", "mailto:", "tel:")):
    _PROBLEMS.append("PORTAL_HELP_URL is no https, mailto or tel address.")
if bool(COGNITO_MFA_FACTORS) is not (COGNITO_MFA in {"OPTIONAL", "ON"}):
    _PROBLEMS.append("COGNITO_MFA (OPTIONAL or ON) and COGNITO_MFA_FACTORS need each other.")
if "passkey" in COGNITO_MFA_FACTORS and not COGNITO_PASSKEYS_RP_ID:
    _PROBLEMS.append("COGNITO_MFA_FACTORS names passkey, which needs COGNITO_PASSKEYS_RP_ID.")
if len(set(COGNITO_ACR_NAMES)) != len(COGNITO_ACR_NAMES) or len(COGNITO_ACR_NAMES) not in {0, 4}:
    _PROBLEMS.append("COGNITO_ACR_NAMES takes four different names, the lowest level's first.")
env.refuse_problems(_PROBLEMS)

ALLOWED_HOSTS = [_portal.hostname or ""]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "portal",
    "mfa_settings",
    "signin",
    "userpool",
    "activity",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
]

MIDDLEWARE = [
    "portal.middleware.response_headers",
    "portal.middleware.request_id",
    "portal.health.answer",
    "portal.middleware.bounded_requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "signin.middleware.living_session",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "portal.middleware.CognitoRefusals",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader"],
                )
            ],
            "builtins": ["portal.components"],
            "context_processors": ["portal.context.page"],
        },
    }
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": env.text("PORTAL_DATABASE", str(BASE_DIR / "portal.sqlite3")),
        "OPTIONS": {
            # A writer takes its lock at BEGIN and waits for it, instead of failing half-way.
            "transaction_mode": "IMMEDIATE",
            "timeout": 5,
            "init_command": "PRAGMA journal_mode=WAL;",
        },
    }
}

# Sessions live in the database: with a cache they die with it. What matters expires on the
# server (signin.middleware); the cookie's own age is only the browser's reminder.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_IDLE_SECONDS = 15 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"  # "Strict" would lose the way back from managed login.
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "portal.errors.csrf_failure"

if not IS_LOCAL:
    SESSION_COOKIE_NAME = "__Host-session"
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    # deploy/README.md: only safe behind a proxy that overwrites this header.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50
FILE_UPLOAD_HANDLERS: list[str] = []

AUTH_USER_MODEL = "signin.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "settings"
LOGOUT_REDIRECT_URL = "signed_out"

# django-allauth is only the way to managed login and back: no local accounts of any kind.
ACCOUNT_ADAPTER = "signin.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS: set[str] = set()
# Never asked for, as no sign-up is routed; an empty list would mean allauth's own defaults.
ACCOUNT_SIGNUP_FIELDS = ["email"]
SILENCED_SYSTEM_CHECKS = ["account.W001"]  # No login method is meant: nobody signs in here.
ACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_ADAPTER = "signin.adapters.SocialAccountAdapter"
SOCIALACCOUNT_ONLY = True
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False

LANGUAGE_CODE = "en"
USE_I18N = True
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.text("PORTAL_STATIC_ROOT", str(BASE_DIR / "staticfiles"))
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "portal.logs.RequestIdFilter"}},
    "formatters": {
        "line": {
            "format": "{asctime} {levelname} {name} [{request_id}] {message}",
            "style": "{",
        }
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id"],
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
