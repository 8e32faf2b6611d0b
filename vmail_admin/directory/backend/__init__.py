"""Django's database backend for the directory, on top of django-ldapdb's.

It differs in what a panel needs: bound once per request as the person of the request, one search
per queryset, no write sent twice, and slapd's answers under the names of ``directory.errors``.
"""
