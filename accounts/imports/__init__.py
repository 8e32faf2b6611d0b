"""Accounts and aliases out of a table.

table     bytes or text to rows: encodings, separators, columns by name
checking  each row by the forms of the panel, and asked of slapd
before    whose address it was before
applying  the good rows, or none; what became of each
greeting  the first mail to each new account

Nothing here knows of pages: the panel and the command line use it alike.
"""
