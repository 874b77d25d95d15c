"""The outside checker, `make chaos`: a bank whose processes, links and clocks fail while its people go on signing.

Two real nodes on one PostgreSQL and one Redis; signers' devices and the bank's core keep journals of their own. When
everything is whole again, journals, core and database are compared. What is done follows from the seed.
"""
