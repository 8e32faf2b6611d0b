"""What was marked for deletion long enough goes: first into an archive, then for good.

The order is what makes it safe to be killed at any moment: the archive is whole and read back
before a file is removed, and the entry, which is why a next run comes back, is deleted last.

due       what is marked, and since when
places    where an account's mail is, opened folder by folder so that no link is followed
overlaps  whose mail lies there as well
archive   everything in a folder as a zip file, verified
removal   removes from a folder what an archive holds, and nothing else
purging   one account or one domain, step by step
"""
