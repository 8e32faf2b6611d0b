"""The configuration of the servers, emitted from one file of facts.

`site` and `facts` hold what is true of one mail site, `files/<service>` the
templates (their path is the target's path), `emit` renders them and knows no
service by name, `checks` asks each service about its own files.
"""
