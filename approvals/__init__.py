"""The core: what an approval is and when an action may go."""
