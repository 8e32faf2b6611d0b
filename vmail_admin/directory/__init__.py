"""Everything this project knows about LDAP that is not an entry.

In the panel only this package speaks LDAP. Models take their fields from ``ldapdb.models.fields``
and their base from ``entries``; views know querysets, and the names ``errors`` has for slapd's
answers.

A reader meets one idea a file:

names       where entries are in the tree; the one builder of DNs
changes     who hears of every change, and what is told of it
identity    who the running request acts as; nobody, unless a block says so
backend     Django's database backend: a connection is bound once, and serves that person only
errors      names for what slapd refuses
entries     what all entries share: saving, the stale edit, flags, times
fields      what entries hold that django-ldapdb reads in another way
pages       one sorted page of a queryset, cut by slapd
tally       what a request asked of slapd, and how long it waited
dry_run     changes that are tried and not made
raw         entries as slapd holds them, for who looks after a whole tree
counts      how many entries there are, without fetching one
person      who signs in: login to DN, and what the bind showed
sessions    who is signed in, between two requests
own_writes  of several servers, the one that took a person's last change
credential  the sealed password of a session
passwords   change them, and what the password policy says
policy      the rules of passwords, in words
middleware  each request as its person; the pages for a refusal and a silent slapd
compat      what django-ldapdb needs on this Django

Filters have one builder too: querysets, which ``backend.compiler`` compiles and escapes.
"""

from vmail_admin.directory import compat  # noqa: F401  (before anything imports ldapdb)
