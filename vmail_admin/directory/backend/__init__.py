"""Django's database backend for the directory, on top of django-ldapdb's.

It differs in what a panel needs: bound as the person of the request and never as anybody else, one
search per queryset, no write sent twice, and slapd's answers under the names of
``directory.errors``.
"""
