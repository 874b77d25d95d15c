"""EMV-CAP on the issuer's side: what code a card and its reader must show for what was typed.

Pure: keys come in as bytes or behind a callable, the last counter as a number. Who may try, how often, and
where the counter is kept belong to the desk; where keys rest belongs to `approvals.keys`.
"""
