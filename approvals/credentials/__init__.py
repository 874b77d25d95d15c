"""Pure life cycles and checks of what people hold: card, person, device, confidential code."""
