"""A directory that something else filled, such as Jamm, looked through before the panel takes over.

Nothing is changed by looking. What can be mended without doubt is offered, one by one; all else is
for a person to decide.

tree       every entry as slapd holds it, without a single password
passwords  what kind a stored password is
findings   what was found, in the order in which it is mended
kinds      the kinds of findings
single     what an entry shows by itself
together   what shows only beside others: duplicates, lost postmasters, places nobody looks at
"""
