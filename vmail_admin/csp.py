"""Sends the Content-Security-Policy that settings.SECURE_CSP describes.

Django 6 brings this middleware, for the same setting: this file goes when the project moves there.
"""

from django.conf import settings


def content_security_policy(get_response):
    policy = "; ".join(f"{name} {' '.join(values)}" for name, values in settings.SECURE_CSP.items())

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return middleware
