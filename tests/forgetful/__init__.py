"""A backend with the mistake that the identity test has to find: it binds only once a thread."""
