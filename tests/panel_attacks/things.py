"""What a URL can be about, for every parameter in the panel's map.

Own and foreign values are those of tests/walk.py. Hostile ones go by the kind of converter; one
that the converter does not let through is no URL, and is left out. What is a row of the database is
tried with the rows that are there, whoever's they are.
"""

from django.apps import apps
from django.urls import NoReverseMatch, reverse
from django.urls.converters import get_converters

from tests.walk import FOREIGN, OWN, patterns

MOST_ROWS = 5  # of each table, the newest

ABSENT = {
    "domain_name": ["nowhere.test"],
    "mail": ["nobody@example.test", "nobody@nowhere.test"],
    "service": ["nothing"],
}
FURTHER = {
    # Dora and asleep.test wait to be deleted.
    "own": {"mail": ["dora@example.test", "@example.test", "postmaster@example.test"]},
    "foreign": {"domain_name": ["asleep.test"], "mail": ["sleeper@asleep.test"]},
}
ADDRESSES = ["*@example.test", "x,jvd=other.test@example.test", "carol@other.test,@example.test"]
HOSTILE = {
    "address": [*ADDRESSES, "<zqx>@example.test", "a" * 2000 + "@example.test"],
    "domain": ["*", "example.test,o=hosting", "<zqx>.test", "other.test\\2c", "x" * 2000],
    "int": ["0", "9" * 18, "9" * 30],
    "slug": ["-", "x" * 2000, "__class__"],
    "str": ["..", "%00", "<zqx>", "*", "x" * 2000, "' OR 1=1 --"],
    "uuid": ["00000000-0000-0000-0000-000000000000"],
    "path": ["../../etc/passwd", "%00", "<zqx>"],
}
KINDS = ("own", "foreign", "absent", "hostile", "rows")


def is_open(name):
    """Whether a page is for strangers too: its view says so."""
    [one] = [one for one in patterns() if one.name == name]
    return not getattr(one.callback, "login_required", True)


def paths(kind):
    """(name, path, what it is about) of every page, about things of one kind. Without a parameter
    a page is its own."""
    for one in patterns():
        converters = one.pattern.converters
        if not converters:
            if kind == "own":
                yield one.name, reverse(one.name), ""
            continue
        for values in choices(one.name, converters, kind):
            try:
                yield (
                    one.name,
                    reverse(one.name, kwargs=values),
                    " ".join(map(str, values.values())),
                )
            except NoReverseMatch:
                continue  # the converter does not let this through


def choices(name, converters, kind):
    """Every parameter in turn takes each value of this kind, the others are one's own."""
    ordinary = {one: values_of(name, one, "own")[0] for one in converters}
    for parameter, converter in converters.items():
        for value in values_of(name, parameter, kind, converter):
            yield ordinary | {parameter: value}


def values_of(name, parameter, kind, converter=None):
    if kind == "hostile":
        return HOSTILE.get(spelling_of(converter), [])
    if kind == "rows":
        return rows() if spelling_of(converter) in ("int", "str", "slug", "uuid") else []
    if kind == "absent":
        return ABSENT.get(parameter, [])
    about = OWN if kind == "own" else FOREIGN
    further = FURTHER[kind].get(parameter, [])
    if parameter == "mail":
        both = [about["account"], about["alias"]]
        return (both if not name.startswith("alias") else both[::-1]) + further
    return [about[parameter], *further]


def spelling_of(converter):
    """What a converter is called in a route."""
    names = {type(one): name for name, one in get_converters().items()}
    return names.get(type(converter), "")


def rows():
    """The keys of what the panel's own database holds, whoever's it is."""
    return [
        key
        for model in apps.get_models()
        if model._meta.managed
        for field in model._meta.concrete_fields
        if field.unique
        for key in model.objects.using("default")
        .order_by("-pk")
        .values_list(field.attname, flat=True)[:MOST_ROWS]
    ]
