"""What whoever runs the panel needs of it: is it well, how busy is it, and what happened.

requests   each request has a name of its own, and one line in the log
lines      log lines carry that name
health     /healthz and /readyz, for whoever watches over the machine
metrics    the numbers for Prometheus, where they are switched on
doors      the paths of these, answered before anything else looks at a request
downloads  what is written while it is read, and may break off
pages      what a request becomes that nothing else caught: also where the database is away
database   PostgreSQL from DATABASE_URL, for several panels that share their sessions
gunicorn   what gunicorn is told besides its command line
"""
