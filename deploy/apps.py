"""deploy as Django sees it: an app without models."""

from django.apps import AppConfig


class DeployConfig(AppConfig):
    name = "deploy"
