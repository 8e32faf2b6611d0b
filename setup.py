"""What pyproject.toml cannot say: packages whose folders stand at the top of a checkout."""

from setuptools import find_packages, setup

OURS = ("vmail_admin", "domains", "accounts", "deploy")
# Pages and styles; settings.py finds them inside the package where there is no checkout.
FILES = {"vmail_admin.files.templates": "templates", "vmail_admin.files.static": "static"}

setup(
    packages=[*find_packages(include=[*OURS, *(f"{name}.*" for name in OURS)]), *FILES],
    package_dir=FILES,
    package_data={"deploy": ["files/**/*"], **{name: ["**/*"] for name in FILES}},
)
