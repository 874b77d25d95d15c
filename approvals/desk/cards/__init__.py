"""What is done with cards, a file a verb: used, reported, ordered, made, aged."""
