"""What a command says: a table and sentences for people, or one JSON document for programs."""

import json
import os
from contextlib import contextmanager

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from vmail_admin.command_line.exits import DONE, PARTLY, REFUSED, Problem, Usage
from vmail_admin.command_line.plain import plain

BETWEEN = 3  # characters between two columns
YES_NO = {True: "yes", False: "no", None: ""}


class Output:
    """Collects what a command did, and counts what was refused on the way.

    ``as_json`` says everything at the end, as one document; without it each thing is said when it
    happens. Whoever stops reading a list, as head does, ends it: BrokenPipeError. With ``goes_on``
    the rest is done all the same, unsaid.
    """

    def __init__(self, stdout, stderr, as_json=False, is_trial=False, goes_on=False):
        # Django's own wrapper paints whatever goes to standard error red, a progress bar too.
        self._stdout = getattr(stdout, "_out", stdout)
        self._stderr = getattr(stderr, "_out", stderr)
        self._as_json, self._is_trial = as_json, is_trial
        self._rows, self._said, self._problems = [], [], []
        self._done, self._codes = 0, set()
        self._goes_on, self._lost = goes_on, ""

    # --- what commands call

    def table(self, columns, rows):
        """Rows are dicts; ``columns`` are the keys that people see, with a heading for each."""
        self._rows += rows
        self._done += bool(rows)
        if self._as_json:
            return
        lines = [[shown(row.get(key)) for key in columns] for row in rows]
        if self._stdout.isatty():
            self._draw(columns.values(), lines)
            return
        for line in [list(columns.values()), *lines]:
            self._line(self._stdout, "\t".join(line))

    def done(self, sentence, **facts):
        """Something is done. ``facts`` are for programs."""
        self._done += 1
        if facts:
            self._rows.append(facts)
        self.say(f"Tried: {sentence}" if self._is_trial else sentence)

    def record(self, **facts):
        """For programs only."""
        self._rows.append(facts)

    def say(self, sentence):
        self._said.append(str(sentence))
        if not self._as_json:
            self._line(self._stdout, plain(sentence))

    @contextmanager
    def pipe(self):
        """Yields where a file is written that is piped on. Raises Usage for a terminal, Problem.

        What people wrote into the directory stands in a file as it is, and may move a cursor.
        """
        if self._stdout.isatty():
            raise Usage("This is for a file or a pipe: see --to FILE.")
        try:
            yield self._stdout
            self._stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:  # a full disk behind it
            silence(self._stdout)
            raise Problem(f"Not all could be written here: {error.strerror}.") from None

    def note(self, sentence):
        """What a person should know besides; it is no part of a list that is piped on."""
        self._said.append(str(sentence))
        if not self._as_json:
            self._line(self._stderr, plain(sentence))

    def refused(self, sentence, field="", code=REFUSED):
        """Something was not done. Others may be."""
        self._codes.add(code)
        self._problems.append({"field": field, "text": str(sentence)})
        if not self._as_json:
            is_named = not field or str(sentence).startswith(f"{field} ")
            self._line(self._stderr, plain(sentence if is_named else f"{field}: {sentence}"))

    @contextmanager
    def progress(self, what, total):
        """Yields a function to call after each step. A bar, where there is somebody to look."""
        if total < 2 or not self._stderr.isatty():
            yield lambda: None
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        console = Console(file=self._stderr, force_terminal=True)
        with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
            task = bar.add_task(what, total=total)
            yield lambda: bar.advance(task)

    def finish(self, code, trial=None):
        """Says what is left to say, and answers the exit code."""
        if code == DONE and self._codes:
            code = PARTLY if self._done else min(self._codes)
        if trial is not None:
            self._tell_of(trial)
        if self._as_json:
            self._line(self._stdout, json.dumps(self._document(code, trial), ensure_ascii=True))
        if self._lost:
            self._line(self._stderr, f"Not all could be written here: {self._lost}.")
            return code or REFUSED
        return code

    # --- how

    def _line(self, stream, text):
        try:
            stream.write(f"{text}\n")
            stream.flush()
        except BrokenPipeError:
            if not self._goes_on:
                raise
            silence(stream)
        except OSError as error:  # a full disk behind it
            self._lost = error.strerror
            silence(stream)

    def _tell_of(self, trial):
        if not trial.sent and not trial.unsent:
            self.note("Dry run: there is nothing to change.")
        elif trial.asked_slapd:
            self.note("Dry run: slapd was asked and would do this. Nothing is changed.")
        elif trial.sent:
            self.note(
                "Dry run: slapd would make the first change; it cannot be asked about what follows "
                "from it. Nothing is changed."
            )
        else:
            self.note(
                "Dry run: only the checks were made; slapd was not asked. Nothing is changed."
            )

    def _document(self, code, trial):
        return {
            "exit": code,
            "dry_run": None if trial is None else "slapd" if trial.asked_slapd else "checks",
            "rows": self._rows,
            "said": self._said,
            "problems": self._problems,
        }

    def _draw(self, headings, lines):
        console = Console(file=self._stdout, force_terminal=True)
        headings = list(headings)
        columns = list(zip(headings, *lines, strict=True))
        widths = [longest_word(column) for column in columns]
        if sum(widths) + BETWEEN * (len(widths) - 1) > console.width:
            self._draw_below_each_other(console, headings, lines)
            return
        table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, show_edge=False)
        for heading, *cells in columns:
            is_of_words = all(len(cell.split()) < 2 for cell in cells)
            width = longest_word([heading, *cells]) if is_of_words else None
            table.add_column(heading, width=width, overflow="fold")
        for line in lines:
            # As Text, for rich reads [brackets] in a plain string as its own markup.
            table.add_row(*(Text(cell) for cell in line))
        console.print(table)
        console.print()

    def _draw_below_each_other(self, console, headings, lines):
        """For a narrow terminal: one cell in a line, and nothing for what is empty."""
        for line in lines:
            table = Table.grid(padding=(0, 2))
            table.add_column(style="bold", no_wrap=True)
            table.add_column(overflow="fold")
            for heading, cell in zip(headings, line, strict=True):
                if cell:
                    table.add_row(heading, Text(cell))
            console.print(table)
            console.print()


def longest_word(cells):
    """How many columns of a terminal it takes; an address is a word, and is not to be broken."""
    return max((cell_len(word) for cell in cells for word in cell.split()), default=0)


def silence(stream):
    """What is still written to this stream goes nowhere, so that Python's own goodbye can end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def shown(value):
    """A cell: yes or no for flags, nothing for nothing, several values with commas between."""
    if value is None or isinstance(value, bool):
        return YES_NO[value]
    if isinstance(value, (list, tuple)):
        return ", ".join(plain(one) for one in value)
    return plain(value)
