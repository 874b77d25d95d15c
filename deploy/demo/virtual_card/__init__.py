"""A CAP card for tests and the demo, as a card is: a process that answers command bytes, and nothing else.

It plugs into pcscd by the driver vpcd. It is written apart from the bridge, from the same EMV books: nothing of
`card_bridge` is imported, so that a mistake there is not made here a second time.
"""
