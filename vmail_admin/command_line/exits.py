"""The exit codes of commands, and the errors they stand for. docs/command-line.md lists them."""

from django.db import DatabaseError
from django.http import Http404

from vmail_admin.directory.errors import DirectoryAnswer, Gone, NotAnswering, NotKept, TooMany

DONE = 0
REFUSED = 1  # by slapd, or by a check before it; also a wrong password
USAGE = 2  # argparse's own code for options that make no sense
NOT_FOUND = 3
SILENT = 4  # slapd, or the panel's own database, does not answer
PARTLY = 5
STOPPED = 130  # by Ctrl-C, as shells say it


NOT_SEEN = "This is not here, or it is not yours to see."
HALF_A_CHARACTER = "surrogates not allowed"  # in Python's words; see PEP 383


class Problem(Exception):
    """What a command cannot do. ``problems`` are (field, sentence); a field may be ""."""

    code = REFUSED

    def __init__(self, *problems):
        super().__init__(*problems)
        self.problems = [("", one) if isinstance(one, str) else one for one in problems]


class NotFound(Problem):
    code = NOT_FOUND


class Usage(Problem):
    code = USAGE


def form_problems(form):
    """What a form says, as (field, sentence), in the form's own order."""
    labels = {name: str(field.label or name) for name, field in form.fields.items()}
    return [
        (labels.get(name, ""), str(sentence))
        for name, sentences in form.errors.items()
        for sentence in sentences
    ]


def told_of(error):
    """(exit code, problems) for an error that is an answer; None for a mistake in the program."""
    if isinstance(error, Problem):
        return error.code, error.problems
    if isinstance(error, Http404):
        return NOT_FOUND, [("", str(error) or NOT_SEEN)]
    if isinstance(error, DirectoryAnswer):
        return code_of(error), [("", sentence_of(error))]
    if isinstance(error, UnicodeEncodeError) and error.reason == HALF_A_CHARACTER:
        return USAGE, [("", "Something that was typed is not UTF-8.")]
    if isinstance(error, DatabaseError):
        return SILENT, [("", f"The panel's own database does not answer: {error}.")]
    return None


def code_of(error):
    if isinstance(error, Gone):
        return NOT_FOUND
    return SILENT if isinstance(error, (NotAnswering, NotKept, TooMany)) else REFUSED


def sentence_of(error):
    """Our sentence, and slapd's own words where it said any."""
    return f"{error} ({error.detail})" if error.detail else str(error)
