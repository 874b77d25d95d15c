"""The card bridge: what runs on a person's PC, between the card in their reader and the bank.

It holds no key of the bank and knows nobody: it talks to the chip, shows the digits, and sends the bank no more
than a person could have typed. What the digits are worth is `approvals`' to say.
"""
