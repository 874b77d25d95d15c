"""A proof's kind -> what its check needs, through ports -> the pure check. One file a kind."""
