"""All settings, in one file. They are safe as they stand; what varies from place to place comes from the environment.

Outside the demo nothing unsafe starts: each refusal is a sentence that says what to set. ``docker/.env.example`` lists
every variable.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config import embedded

BASE_DIR = Path(__file__).resolve().parent.parent
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def given(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def needed(name: str, why: str) -> str:
    """What the environment says; outside the demo it must say something."""
    value = given(name)
    if not value and not DEMO:
        raise ImproperlyConfigured(f"Set {name}: {why}")
    return value


def refuse_if(unsafe: bool, sentence: str) -> None:
    if unsafe:
        raise ImproperlyConfigured(sentence)


def key(name: str, why: str) -> str:
    """A key that nobody can guess; the demo makes its own and keeps it."""
    value = needed(name, why)
    if DEMO and not value:
        value = embedded.secret_key(DATA_DIR, name.lower())
    refuse_if(
        len(value) < 50 or len(set(value)) < 5,
        f"{name} is too easy to guess: set fifty or more random characters.",
    )
    return value


# -- The demo
# It lets anybody be anybody in a made-up town, so it must never be near real people's words.

refuse_if(
    given("DEMO", "0") not in {"0", "1"}, "Set DEMO to 1 for the made-up town on your own machine, or leave it out."
)
DEMO = given("DEMO") == "1"
DATA_DIR = embedded.data_dir()

# -- Where it lives

SITE_URL = (
    needed("SITE_URL", "the address people type, such as https://hello.example.org.")
    or f"http://127.0.0.1:{given('PORT', '8000')}"
)
_site = urlsplit(SITE_URL)
refuse_if(
    not DEMO and _site.scheme != "https",
    "SITE_URL must start with https://: what people tell us is never sent in the clear.",
)
refuse_if(not _site.hostname or _site.path.strip("/") != "", "SITE_URL must be an address without a path after it.")
refuse_if(
    DEMO and _site.hostname not in LOOPBACK,
    "DEMO=1 lets anybody be anybody, so it runs on your own machine only: leave SITE_URL out, or leave DEMO out.",
)
SITE_URL = SITE_URL.rstrip("/")
ALLOWED_HOSTS = sorted(LOOPBACK - {"::1"} | {"[::1]"}) if DEMO else [_site.hostname]
CSRF_TRUSTED_ORIGINS = [f"{_site.scheme}://{_site.netloc}"]

SECRET_KEY = key("SECRET_KEY", "fifty or more characters that nobody can guess.")
# The key before this one, so that changing the key signs nobody out.
SECRET_KEY_FALLBACKS = list(filter(None, [given("SECRET_KEY_BEFORE")]))
# Return codes are made with a key of their own, which is never changed: a new one would end every code that
# somebody has on a card in their pocket.
CODE_KEY = key("CODE_KEY", "fifty or more characters that nobody can guess, and then never change it.")

# What people answer about themselves so that we can check that we are fair is found again with a key of its own: whoever
# reads the database without it cannot say whose an answer is. A new key would leave every answer to nobody.
FAIR_KEY = key("FAIR_KEY", "fifty or more characters that nobody can guess, and then never change it.")
refuse_if(
    not DEMO and FAIR_KEY in {SECRET_KEY, CODE_KEY, *SECRET_KEY_FALLBACKS},
    "FAIR_KEY must be a key of its own: with a shared one, whoever has that key could say whose an answer is.",
)

DEBUG = False
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

# -- Who we are, in words that people read

ORGANISATION_NAME = given("ORGANISATION_NAME", "Front Door")
ORGANISATION_LOGO = given("ORGANISATION_LOGO")  # a path among the static files, or nothing
# A page that fails must still say whom to call, so the service does not start without a number. 01632 is nobody's.
TEAM_PHONE = needed("TEAM_PHONE", "the number that a person in need can call.") or "01632 960 100"
DROP_IN = given("DROP_IN", "12 Market Street" if DEMO else "")
DROP_IN_HOURS = given("DROP_IN_HOURS", "Monday to Friday, 10am to 4pm" if DEMO else "")
# Whoever a person asked to stand beside them sees nothing for so long: time to see who said yes, and to stop it.
_wait = given("SUPPORTERS_WAIT_HOURS", "24")
refuse_if(not _wait.isdecimal(), "Set SUPPORTERS_WAIT_HOURS to a number of hours, or leave it out.")
SUPPORTERS_WAIT = timedelta(hours=int(_wait))
OPEN_HOURS = given("OPEN_HOURS", "Monday to Friday, 9am to 5pm")
# The same in the other languages; where one is left out, English stands.
_usual = not given("OPEN_HOURS")
_made_up = DEMO and not given("DROP_IN_HOURS")
IN_LANGUAGES = {
    "cy": {
        "DROP_IN": given("DROP_IN_CY"),
        "DROP_IN_HOURS": given("DROP_IN_HOURS_CY", "o ddydd Llun i ddydd Gwener, 10am tan 4pm" if _made_up else ""),
        "OPEN_HOURS": given("OPEN_HOURS_CY", "o ddydd Llun i ddydd Gwener, 9am tan 5pm" if _usual else ""),
    },
    "ur": {
        "DROP_IN": given("DROP_IN_UR"),
        "DROP_IN_HOURS": given("DROP_IN_HOURS_UR", "سوموار سے جمعہ تک، صبح 10 سے شام 4 بجے" if _made_up else ""),
        "OPEN_HOURS": given("OPEN_HOURS_UR", "سوموار سے جمعہ تک، صبح 9 سے شام 5 بجے" if _usual else ""),
    },
}

# -- The parts

INSTALLED_APPS = [
    "frontdoor",
    "cases",
    "teams",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # for the form templates that ours build upon
    "allauth",
    "allauth.account",
    "guardian",
    "simple_history",
]

MIDDLEWARE = [
    "teams.middleware.Headers",  # first, so that every answer passes it
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # A page of words is a quarter of its size; Django adds random bytes, so that sizes tell nobody anything (BREACH).
    "django.middleware.gzip.GZipMiddleware",
    # Before anything that may refuse: what is refused is said in their language.
    "django.middleware.locale.LocaleMiddleware",
    "teams.middleware.Readable",
    "teams.middleware.SeeOther",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "frontdoor.visits.Idle",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # What comes in from a page that was open longer than the visit is kept, before it is asked who is there now.
    "teams.typed.KeptForThem",
    # Public is the exception: a page that does not say so asks who you are.
    "teams.middleware.SignInRequired",
    "teams.middleware.Language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "teams.middleware.NotYours",
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
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
                "frontdoor.context.frame",
            ],
            "builtins": ["teams.templatetags.whose"],  # each form says for whom it was made
        },
    },
]

# -- The database: PostgreSQL everywhere


def database(url: str) -> dict[str, Any]:
    """Django's settings for a database address such as postgresql://name:password@host:5432/frontdoor?sslmode=require."""
    parts = urlsplit(url)
    refuse_if(
        parts.scheme not in {"postgres", "postgresql"},
        "DATABASE_URL must start with postgresql://: the rules that keep people safe are PostgreSQL's.",
    )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # Opening a connection for each request would cost four times the request.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            # When the database is away people are told so, with a number to call, before they give up.
            "connect_timeout": 5,
            # How to answer what teams.statements asks is worked out when a connection first asks it, for whatever is in
            # it, and kept. Everything else is worked out each time. (A pooler that shares connections cannot be between.)
            "prepare_threshold": 0,
            "options": "-c plan_cache_mode=force_generic_plan",
            **options,
        },
    }


DATABASE_URL = needed("DATABASE_URL", "the PostgreSQL database, as postgresql://name:password@host/frontdoor.")
if DEMO and not DATABASE_URL:
    DATABASE_URL = embedded.database_url(DATA_DIR)
DATABASES = {"default": database(DATABASE_URL)}
refuse_if(
    DEMO and not DATABASES["default"]["HOST"].startswith("/") and DATABASES["default"]["HOST"] not in {"", *LOOPBACK},
    "DEMO=1 must not reach a database on another machine: leave DATABASE_URL out, or leave DEMO out.",
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- Redis: the queue, and what is remembered for a while
# Nothing is lost when it is: what is due is in the database.

REDIS_URL = needed("REDIS_URL", "the Redis server, as redis://:password@host:6379.")
if DEMO and not REDIS_URL:
    REDIS_URL = embedded.redis_url(DATA_DIR)
_redis = urlsplit(REDIS_URL)
refuse_if(
    bool(REDIS_URL) and (_redis.scheme not in {"redis", "rediss", "unix"} or bool(_redis.query)),
    "REDIS_URL must be redis://, rediss:// or unix://, and end with the host or the socket: we choose the numbers.",
)
refuse_if(
    not DEMO and _redis.scheme != "unix" and not _redis.password,
    "REDIS_URL must carry a password: whoever can write there can make the worker act.",
)


def redis(number: int) -> str:
    """The queue and the cache have a database each, so that emptying the one leaves the other."""
    if _redis.scheme == "unix":
        return f"{REDIS_URL}?db={number}"
    return f"{_redis.scheme}://{_redis.netloc}/{number}"


CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis(1)}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
    )
}

CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "Europe/London"
# A task is done when it is done, not when it was picked up: a worker that dies hands it back.
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
if REDIS_URL:
    CELERY_BROKER_URL = f"redis+socket://{_redis.path}?virtual_host=0" if _redis.scheme == "unix" else redis(0)
    CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
        # Longer than the longest task: or else a task that is still running would be handed out again.
        "visibility_timeout": CELERY_TASK_TIME_LIMIT + 60,
        # Look for abandoned tasks every second. By default it is once in a hundred.
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
    }
else:
    CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = embedded.file_broker(DATA_DIR)

# -- Accounts and signing in

AUTH_USER_MODEL = "teams.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None  # guardian would otherwise keep an active account for nobody
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "teams.adapter.Adapter"  # where phones are kept, how a code is sent, and that nobody signs up here
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "phone"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # signing in by code shows the same
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""  # a lock screen shows subjects
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 900  # texts can be slow
ALLAUTH_USER_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 6}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # we write to nobody who only had their address typed in
# A drop-in is one network with many people; one address is one person.
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip,3/m/key,10/h/key"}
# In production one proxy stands in front; without this everybody would seem to be one person, and share one limit.
ALLAUTH_TRUSTED_PROXY_COUNT = 0 if DEMO else 1

SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 24 * 60 * 60
# What was said after a press goes with the visit: in a cookie of its own, the next one to hold the phone would read it.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "frontdoor.views.errors.csrf_failure"

# -- Kept private

# __Host- cookies reach this host alone, over https alone. Over plain http, which is the demo, no browser takes them.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SESSION_COOKIE_NAME = "visit" if DEMO else "__Host-visit"
CSRF_COOKIE_NAME = "form" if DEMO else "__Host-form"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SECURE = not DEMO
LANGUAGE_COOKIE_HTTPONLY = SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"

SECURE_SSL_REDIRECT = not DEMO
SECURE_HSTS_SECONDS = 0 if DEMO else 2 * 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEMO
# The proxy in front ends https; it must set this header itself, and drop any that it was sent.
SECURE_PROXY_SSL_HEADER = None if DEMO else ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
# Other sites learn nothing. With "no-referrer" browsers would call our own forms "Origin: null", and refuse every one.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Long enough for a long story; short enough that nobody fills the disk.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300

# -- E-mail

EMAIL_HOST = needed("EMAIL_HOST", "the mail server: without it nobody can be sent a code to sign in.")
EMAIL_PORT = int(given("EMAIL_PORT", "587"))
EMAIL_HOST_USER = given("EMAIL_USER")
EMAIL_HOST_PASSWORD = given("EMAIL_PASSWORD")
EMAIL_USE_SSL = EMAIL_PORT == 465
EMAIL_USE_TLS = not EMAIL_USE_SSL
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = needed("EMAIL_FROM", "the address that our e-mails come from.") or "hello@localhost"
SERVER_EMAIL = DEFAULT_FROM_EMAIL
if DEMO:
    # Nothing leaves the machine.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = DATA_DIR / "mail"

# -- Texts, by GOV.UK Notify; where it is not set up, a text that cannot go is shown to the team

NOTIFY_API_KEY = given("NOTIFY_API_KEY")
NOTIFY_TEXT_TEMPLATE = given("NOTIFY_TEXT_TEMPLATE")  # a template of ours there whose whole text is ((body))
NOTIFY_URL = given("NOTIFY_URL", "https://api.notifications.service.gov.uk")

# -- Words and time

LANGUAGE_CODE = "en-gb"
# Each by the name that its readers call it.
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg"), ("ur", "اردو")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/London"
USE_TZ = True
# Nobody is texted at night. A code that somebody asked for a moment ago goes at any hour.
_hours = given("MESSAGE_HOURS", "9-19").split("-")
refuse_if(
    len(_hours) != 2 or not all(hour.isdecimal() for hour in _hours) or not 0 <= int(_hours[0]) < int(_hours[1]) <= 24,
    "MESSAGE_HOURS must be two hours of the day, such as 9-19: messages to people go between them.",
)
MESSAGE_HOURS = range(int(_hours[0]), int(_hours[1]))

# -- Our own style and script: nothing comes from anywhere else

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static_collected"
STATICFILES_DIRS = [BASE_DIR / "static_built"]  # made by `npm run build`
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# -- What is written down about running: that something failed, never whose words it failed on

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "config.logs.WithoutWords", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "line"}},
    "root": {"handlers": ["stdout"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers would e-mail the request, words and all, to the administrators.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # What was not found, or not allowed, would be a list of addresses that people tried.
        "django.request": {"level": "ERROR"},
        # It complains that Django answers HEAD as it answers GET, and puts it right.
        "gunicorn.http.wsgi": {"level": "ERROR"},
        # One line a task would bury what matters; failures are errors and do show.
        "celery": {"level": "WARNING"},
        # It would write down, letter by letter, what somebody wrote in a script that our fonts do not have.
        "weasyprint": {"level": "CRITICAL"},
        # It would write down what was refused, which can be somebody's number; we say that it failed.
        "notifications_python_client": {"level": "ERROR"},
    },
}
