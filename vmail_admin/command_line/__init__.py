"""What all commands about the directory share: manage.py domain, account, alias and the rest.

A command binds as a named person, as a page does, and slapd decides. The forms and models of the
panel do the checking; here is only what a terminal needs.

main      the program vmail
command   a command with several deeds: its options, and one way to carry them out
binding   who acts: -D and a password, or root on slapd's own socket
exits     the exit codes, and the error each stands for
output    tables, sentences, or one JSON document
plain     text that can do nothing to a terminal
asking    what is read from a person: passwords, and a yes
names     addresses and domains as people type them
"""
