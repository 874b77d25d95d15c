"""Storage: the Book and its Ledger in plain SQL, one text for PostgreSQL and SQLite.

`database/` alone knows the drivers, `book.py` runs transactions, one file a noun holds the SQL beside the function
that runs it. What the rows mean is the core's; the store decides nothing.
"""
