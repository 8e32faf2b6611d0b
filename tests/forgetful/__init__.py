"""A backend with the mistake that the identity test has to find: connections change hands."""
