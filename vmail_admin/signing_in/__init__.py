"""What stands around signing in, and is no business of slapd's.

network        where a request comes from
"""
