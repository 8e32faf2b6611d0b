"""The journal: every change made through the panel or its commands, who made it, when and why.

A row is written before slapd is asked and settled when it has answered, so that there is no change
without a row. Where the answer was lost, the row stays open until somebody who may see the entry
opens a page of the journal: then the entry is compared with what was intended.

models      a row, and how rows are found
values      attributes as text: of any length, whatever bytes they hold, and never a password
kinds       what a change is called, read from what slapd was asked
keeping     the two halves of a row
settling    rows whose outcome is not known yet
readers     who may read which rows
words       rows in sentences
undo        taking a change back
trash       what is deleted and can come back
reasons     why somebody was switched off, and who did it
retention   how long rows are kept
"""
