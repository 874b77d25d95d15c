"""The live connections of this node: who is here, who is told, who must go; and the door they come in by."""
