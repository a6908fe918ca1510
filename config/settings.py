"""All settings. Everything that varies between installations comes from the environment.

Every variable is listed with its meaning in `.env.example`. Two modes, one code: `embedded`
(SQLite, Celery over files, nothing to install) and `production` (PostgreSQL and Redis).
"""

import os
from datetime import timedelta
from pathlib import Path

import environ
from celery.schedules import schedule
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config.secrets import kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent

# pytest sets PYTEST_VERSION for itself and every process it starts.
UNDER_TEST = "PYTEST_VERSION" in os.environ
env = environ.Env()
if (BASE_DIR / ".env").is_file() and not UNDER_TEST:
    env.read_env(BASE_DIR / ".env")

PRODUCTION = env.str("MINGZHANG_MODE", default="embedded") == "production"
DEBUG = env.bool("MINGZHANG_DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("生产模式（MINGZHANG_MODE=production）不得打开 MINGZHANG_DEBUG。")

# Files: everything that is written lies under one folder.
_default_var = BASE_DIR / "var"
if UNDER_TEST:
    _default_var = _default_var / "test" / env.str("PYTEST_XDIST_WORKER", default="main")
VAR_DIR = Path(env.str("MINGZHANG_VAR", default=str(_default_var)))
MEDIA_ROOT = VAR_DIR / "uploads"
PUBLISHED_ROOT = VAR_DIR / "published"
FONT_ROOT = Path(env.str("MINGZHANG_FONTS", default=str(BASE_DIR / "var" / "fonts")))
STATIC_ROOT = Path(env.str("MINGZHANG_STATIC", default=str(VAR_DIR / "static")))
for _folder in (MEDIA_ROOT, PUBLISHED_ROOT, STATIC_ROOT):
    _folder.mkdir(parents=True, exist_ok=True)

if PRODUCTION:
    SECRET_KEY = env.str("MINGZHANG_SECRET_KEY", default="")
    if len(SECRET_KEY) < 50:
        raise ImproperlyConfigured("生产模式须设置 MINGZHANG_SECRET_KEY（不少于 50 个字符）。")
else:
    SECRET_KEY = env.str("MINGZHANG_SECRET_KEY", default="") or kept_secret(VAR_DIR / "secret-key")

# Application
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "django_tables2",
    "import_export",
    "departments",
    "filings",
    "budgets",
    "performance",
    "disclosures",
    "reviews",
    "portal",
]

# No LocaleMiddleware: it would turn the admin English for some browsers.
# The first two are outermost: refusals of the others carry their headers, too.
MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
STAFF_PATH = env.str("MINGZHANG_STAFF_PATH", default="work/")

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Database and cache
DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'mingzhang.sqlite3'}"),
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # With the defaults 308 of 400 concurrent transactions fail with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON"
        ),
    }
    # In memory, the threads of a live server would share one cache, where no time-out holds.
    DATABASES["default"]["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}

CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}

# Tasks: the job row is the truth, a message only says "look now"; no result backend.

CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost")
if CELERY_BROKER_URL.startswith("filesystem"):
    _queue, _control = VAR_DIR / "queue", VAR_DIR / "queue-control"
    for _folder in (_queue, _control):
        _folder.mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {
        "data_folder_in": str(_queue),
        "data_folder_out": str(_queue),
        "control_folder": str(_control),
    }
else:
    # The time-out must exceed the longest render; without the two restore options
    # a killed worker's message comes back after about 100 seconds.
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": env.int("MINGZHANG_LONGEST_JOB_SECONDS", default=1800),
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
    }
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE = {
    "sweep-jobs": {
        "task": "filings.tasks.sweep_jobs",
        "schedule": schedule(timedelta(seconds=15)),
        "options": {"expires": 15},
    },
}

# Sign-in
AUTH_USER_MODEL = "departments.StaffMember"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if UNDER_TEST:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
_validators = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_validators}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_validators}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_validators}.CommonPasswordValidator"},
    {"NAME": f"{_validators}.NumericPasswordValidator"},
]
LOGIN_URL = "admin:login"
SESSION_COOKIE_AGE = 30 * 60
SESSION_SAVE_EVERY_REQUEST = True  # makes the 30 minutes count from the last request
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Cookies are for staff pages only: public pages neither get nor send one.
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = f"/{STAFF_PATH}"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=30)
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "config.addresses.client_address"
AXES_LOCKOUT_TEMPLATE = "work/locked.html"

# What browsers are told

# The local names are for health checks from the same machine or container.
ALLOWED_HOSTS = [*env.list("MINGZHANG_HOSTS", default=[]), "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS = env.list("MINGZHANG_ORIGINS", default=[])
BEHIND_PROXY = env.bool("MINGZHANG_BEHIND_PROXY", default=False)
HTTPS = env.bool("MINGZHANG_HTTPS", default=PRODUCTION)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        **{kind: [SELF] for kind in ("default-src", "script-src", "style-src", "img-src")},
        **{kind: [NONE] for kind in ("object-src", "base-uri", "frame-ancestors")},
        "form-action": [SELF],
    },
}

# Uploads and static files

# A self-evaluation form of 90 rows and 12 fields exceeds Django's 1,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
UPLOAD_MAX_BYTES = env.int("MINGZHANG_UPLOAD_MAX_MB", default=20) * 1024 * 1024

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = not PRODUCTION
_static = "config.static_files.HashedModulesStorage"
if not PRODUCTION:
    _static = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("MINGZHANG_LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": ["console"], "propagate": False},
        **{name: {"level": "WARNING"} for name in ("axes", "weasyprint", "fontTools", "pikepdf")},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # scanners, not errors
    },
}
