"""The README's table of who may do what says what the probes prove, cell by cell.

What a cell says decides which proofs it needs: an act that works, an attack that fails, or both. A
cell without its proofs is an error, and so is one with a proof of the opposite.
"""

import re
from pathlib import Path

import pytest

from . import cells
from .acts import ACTS
from .attacks import ATTACKS

README = Path(__file__).parents[2] / "README.md"
MAY, MAY_NOT = "an act that works", "an attack that fails"
NEEDS = {
    "yes": {MAY},
    "write": {MAY},
    "no": {MAY_NOT},
    "–": {MAY_NOT},
    "read": {MAY, MAY_NOT},
    "what a look-up needs": {MAY, MAY_NOT},
    "yes, unless they are postmaster elsewhere or site admin": {MAY, MAY_NOT},
    "write, full addresses only": {MAY, MAY_NOT},
    "only `DOMAIN/NAME/` of that very address": {MAY, MAY_NOT},
    "where *may edit accounts* is on": {MAY, MAY_NOT},
    "where *may appoint postmasters* is on, own domain only": {MAY, MAY_NOT},
}


def table():
    """The cells of the table: (row, column) -> what it says, without its footnote."""
    section = README.read_text().split("\n## Who may do what\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    [head, _, *rows] = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    return {
        (row[0], column): re.sub(r" [¹²³]$", "", words)
        for row in rows
        for column, words in zip(head[1:], row[1:], strict=True)
    }


def proven(cell):
    """What the probes show about a cell."""
    shown = {MAY for act in ACTS if act.cell == cell}
    return shown | {MAY_NOT for attack in ATTACKS if attack.cell == cell}


@pytest.mark.parametrize("cell", table(), ids=": ".join)
def test_a_cell_says_what_the_probes_show(cell):
    assert proven(cell) == NEEDS[table()[cell]]


def test_every_proof_is_for_a_cell_that_is_there():
    there = set(table())
    assert {probe.cell for probe in [*ACTS, *ATTACKS] if probe.cell} <= there
    named = {value for name, value in vars(cells).items() if name.isupper()}
    assert {part for cell in there for part in cell} == named


def test_every_rule_that_closes_an_attack_is_in_the_emitted_files():
    folder = Path(__file__).parents[2] / "deploy/files/slapd"
    text = "".join(file.read_text() for file in folder.rglob("*.conf"))
    for rule in {attack.rule for attack in ATTACKS}:
        is_number = re.fullmatch(r"\d+[a-z]?", rule)
        wanted = rf"(?m)^# {rule}\. " if is_number else re.escape(rule)
        assert rule == "slapd" or re.search(wanted, text), rule
