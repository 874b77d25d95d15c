"""EMV as a CAP reader speaks it, as pure functions over bytes: any bytes become a value or a `CardRefusal`.

Which command follows which is `card_bridge.conversation`'s; what carries them is `card_bridge.readers`'.
"""
