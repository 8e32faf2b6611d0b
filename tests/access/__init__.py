"""What slapd's access rules hold, tried by plain LDAP clients.

An attack must come through under the rules of the HOWTO, or be marked as one that they stop
already: what fails everywhere proves nothing. None may come through under the strict rules, and
there every act that a role is for must work. Whether something came through is read back by the
rootdn, never believed from an answer.

people      who is in the directory
client      what somebody does by LDAP, and what the rootdn sees afterwards
tries       the words of a plain LDAP client: change, put, add, rename, find, …
probe       what an attack and an act are
attacks/    the attacks, a file for each family
acts/       the legitimate acts, a file for each role
"""
