"""The pages about accounts and aliases, by who works on them.

There is no permission check here. Each request is bound to slapd as the person who made it, so what
that person may not see is not found, and what they may not change is refused there.
"""
