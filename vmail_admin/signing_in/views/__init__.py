"""half_open: between the password and being signed in. own: one's sessions. second_factor."""
