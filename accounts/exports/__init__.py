"""What is in a domain, or what a search finds, to be taken elsewhere.

tables  CSV that no spreadsheet takes for formulas
ldif    LDIF (RFC 2849), as slapd shows the entries to the person who asks
"""
