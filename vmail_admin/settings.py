"""Every setting of the panel, from the environment. README lists the variables."""

from pathlib import Path

from vmail_admin import environment as env
from vmail_admin.running import database

PROJECT = Path(__file__).resolve().parent.parent
# A checkout has pages and styles at its top, an installed package inside (setup.py).
FILES = PROJECT if (PROJECT / "templates").is_dir() else PROJECT / "vmail_admin" / "files"

# --- The panel itself

SECRET_KEY = env.secret("VMAIL_SECRET_KEY", least=50)
DEBUG = env.flag("VMAIL_DEBUG", default=False)
ALLOWED_HOSTS = env.hosts("VMAIL_HOSTS", "localhost,127.0.0.1")
# Whose word on where a browser is counts: networks, and "unix" for whoever comes over a socket.
PROXIES = env.proxies("VMAIL_PROXIES")
STATE = env.folder("VMAIL_STATE_DIR", PROJECT / "var")

ROOT_URLCONF = "vmail_admin.urls"
WSGI_APPLICATION = "vmail_admin.wsgi.application"
LANGUAGE_CODE = "en"
TIME_ZONE = env.text("VMAIL_TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = False

INSTALLED_APPS = [
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "vmail_admin.directory",  # before the models: django-ldapdb needs its compat
    "vmail_admin.journal",
    "vmail_admin",
    "vmail_admin.signing_in",
    "domains",
    "accounts",
    "accounts.bulk",
    "deploy",
]

MIDDLEWARE = [
    "vmail_admin.running.doors.machines_first",
    "vmail_admin.running.requests.each_request",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "vmail_admin.csp.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "vmail_admin.running.turns.in_turn",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "vmail_admin.journal.middleware.tell_changes",
    "vmail_admin.directory.middleware.BindAsPerson",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [FILES / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "vmail_admin.context.frame",
            ],
        },
    },
    {
        # Rows of lists only: Jinja compiles its templates, and a page is mostly rows.
        "NAME": "rows",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [FILES / "templates/rows"],
        "OPTIONS": {"environment": "vmail_admin.rows.environment"},
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

STATIC_URL = "static/"
STATIC_ROOT = STATE / "static"
STATICFILES_DIRS = [FILES / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# How many pages a process makes at a time; whoever asks for more waits.
AT_ONCE = env.number("VMAIL_AT_ONCE", 8)

# --- The directory

DIRECTORY_SUFFIX = env.text("VMAIL_DIRECTORY_SUFFIX", "dc=myhosting,dc=example")
DIRECTORY_BASE_DN = f"o=hosting,{DIRECTORY_SUFFIX}"
DIRECTORY_ADMINS_DN = f"ou=admins,{DIRECTORY_SUFFIX}"
DIRECTORY_SITEADMINS_DN = f"cn=siteadmins,{DIRECTORY_ADMINS_DN}"
# The rootdn of a slapd set up as the HOWTO says: a site admin who is in no group.
DIRECTORY_ROOT_DN = env.text("VMAIL_ROOT_DN", f"cn=Manager,{DIRECTORY_SUFFIX}")

# When slapd locks an entry after wrong passwords: so many (0: never) within so many seconds.
# The panel lets fewer through.
DIRECTORY_MAX_FAILURES = env.number("VMAIL_DIRECTORY_MAX_FAILURES", 20, least=0)
DIRECTORY_LOCKOUT_SECONDS = env.number("VMAIL_DIRECTORY_LOCKOUT_SECONDS", 300)

DIRECTORY_START_TLS = env.flag("VMAIL_DIRECTORY_START_TLS", default=False)
# Seconds that all LDAP operations of one page may take together.
DIRECTORY_PATIENCE = 4.5

# Days. How long a row of the journal is kept (0: for ever), and how long what is deleted can come
# back before the site cleans up.
JOURNAL_DAYS = env.number("VMAIL_JOURNAL_DAYS", 730, least=0)
JOURNAL_GRACE = 15  # seconds for which a change without an answer may still be on its way
JOURNAL_CLOCKS = 2  # seconds by which the panel's clock and slapd's may differ
TRASH_DAYS = env.number("VMAIL_TRASH_DAYS", 30, least=1)

MAIL_HOME = env.text("VMAIL_MAIL_HOME", "/home/vmail/domains")
# "server": slapd hashes (RFC 3062), and its password policy speaks. Otherwise we hash here.
PASSWORD_HASH = env.choice("VMAIL_PASSWORD_HASH", "server", ("server", "ssha", "sha512-crypt"))
# Characters. slapd's password policy may ask for more, and can then not be asked for less.
PASSWORD_MIN_LENGTH = env.number("VMAIL_PASSWORD_MIN_LENGTH", 12, least=8)

DATABASES = {
    # What the panel itself keeps: in a file, or in the PostgreSQL that several panels share.
    "default": database.from_environment()
    or {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": STATE / "panel.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 4,  # seconds a page waits for another to finish writing
            "transaction_mode": "IMMEDIATE",
            # Readers do not wait for a writer, what is deleted is overwritten, and what is written
            # outlives a power cut: the journal's intent is there before slapd makes the change.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
            "PRAGMA secure_delete=ON;",
        },
    },
    "directory": {
        "ENGINE": "vmail_admin.directory.backend",
        "NAME": env.directory_uri("VMAIL_DIRECTORY_URI", "ldapi:///", DIRECTORY_START_TLS),
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {
            "start_tls": DIRECTORY_START_TLS,
            "ca_file": env.file("VMAIL_DIRECTORY_CA_FILE"),
            "timeout": 4,  # seconds a page waits for one answer of slapd
            "network_timeout": 2,  # seconds it waits for a connection
            # Seconds for which a bound connection may serve the same person again. 0: never.
            "keep_bound": env.number("VMAIL_KEEP_BOUND_SECONDS", 300, least=0),
            "sorted_lists": 4,  # one connection makes; slapd's sssvlv-maxperconn is 5 by default
        },
    },
}
DATABASE_ROUTERS = ["vmail_admin.directory.backend.router.DirectoryRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Mail

# Where the first mail of a new account is handed in: host and port, or None for no such mail.
WELCOME_SMTP = env.server("VMAIL_WELCOME_SMTP", port=25)

# --- The servers

# The facts that deploy's pages are made from. Without a file they show its defaults.
SITE_FILE = env.text("VMAIL_SITE")

# --- Watching over the panel

# The networks that may read /metrics. Nobody counts anything where there are none.
METRICS = env.networks("VMAIL_METRICS")
env.make_metrics_folder()

# --- Sessions, cookies, headers

HTTPS = env.flag("VMAIL_HTTPS", default=True)

LOGIN_URL = "sign-in"
# Of whom a second factor is demanded: "postmasters" are all who are above users.
SECOND_FACTOR = env.choice(
    "VMAIL_SECOND_FACTOR", "optional", ("optional", "site-admins", "postmasters")
)
SESSION_ENGINE = "vmail_admin.signing_in.store"
SESSION_COOKIE_NAME = "vmail_session"
SESSION_COOKIE_AGE = 60 * env.number("VMAIL_SESSION_IDLE_MINUTES", 30)
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "vmail_csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "vmail_admin.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Django 6's own shape of a policy; vmail_admin/csp.py sends it until then.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
}

# An error report names lines of code, but no values: passwords are among them.
DEFAULT_EXCEPTION_REPORTER_FILTER = "vmail_admin.reports.NoValues"

# A table of some 10,000 accounts, pasted or chosen as a file. It may hold passwords: a file stays
# in memory, and never becomes one of ours.
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "request": {"()": "vmail_admin.running.lines.WithRequest"},
        "obvious": {"()": "vmail_admin.running.lines.WithoutTheObvious"},
        "paths": {"()": "vmail_admin.running.lines.WithoutPaths"},
        "hosts": {"()": "vmail_admin.running.lines.ForeignHosts"},
    },
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} {request} {message}", "style": "{"}
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request", "obvious"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "vmail_admin": {"level": "INFO"},
        "django.request": {"level": "ERROR", "filters": ["paths"]},
        "django.security.DisallowedHost": {"filters": ["hosts"]},
        # Its messages hold whole DNs at every save.
        "ldapdb": {"level": "WARNING"},
    },
}
