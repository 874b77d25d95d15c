"""How people are reached: frames, views, the stream and its live connections."""
