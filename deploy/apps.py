"""deploy as Django sees it: an app without models, and what ``manage.py check`` asks it."""

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from .site import Site, SiteError

NEVER_STRICT = ("ssha",)
NO_SUCH_HASH = (
    "VMAIL_PASSWORD_HASH is ssha, and the strict access rules of the site take no such hash: "
    "nobody but a site admin can set a password."
)
HINT = 'Leave it at server, or say sha512-crypt. ssha is for access = "howto".'


class DeployConfig(AppConfig):
    name = "deploy"

    def ready(self):
        checks.register(hash_fits_the_rules)


def hash_fits_the_rules(app_configs, **options):
    """The panel's own hash beside the rules of the site, as far as VMAIL_SITE tells them."""
    if settings.PASSWORD_HASH not in NEVER_STRICT or not settings.SITE_FILE:
        return []
    try:
        site = Site.to_show(settings.SITE_FILE)
    except SiteError:
        return []  # "Servers" in the panel says what is wrong with that file
    if site.access != "strict":
        return []
    return [checks.Warning(NO_SUCH_HASH, hint=HINT, id="deploy.W001")]
