"""For pages about somebody: their second factor."""

from django import template

from vmail_admin.signing_in.factor import factor_of

register = template.Library()
register.filter(factor_of)
