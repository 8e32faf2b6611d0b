"""Questions for the servers as they run: does this site work as its facts say?

One file for each system. A check is a small function under a sentence that is true
where all is well; it raises where it is not, and its fix says what to do then.
"""
