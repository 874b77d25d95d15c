"""Readers and the cards in them: `base` says what a card offers and carries a conversation, `pcsc` is the real one."""
