"""What stands around signing in, and is no business of slapd's.

network        where a request comes from
throttle       guesses are counted, and have to wait before slapd is asked
limits         how many are too many
store          the sessions, in the default database
own_sessions   all of one person's, and ending them
browsers       a browser in words
factor         the second factor: codes by the clock, and recovery codes
seals          how its secret is kept
forms, views   the pages for all this
"""
