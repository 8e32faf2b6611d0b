"""Work on many rows, in steps of about a second that the person's own browser asks for.

There is no service credential: each step is a request of whoever does the work, bound as them.

models   a job and its parts, whose rows are sealed with the key in the person's cookie
working  one step: takes parts, works on them, notes how each row ended
acts     what can be done to rows that were selected
jobs     what kinds of job there are, and how each begins
views    the pages
"""
