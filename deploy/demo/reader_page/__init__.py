"""What people of the demo have in their pockets, drawn in a browser: CAP reader, cards, advisers' authenticators."""
