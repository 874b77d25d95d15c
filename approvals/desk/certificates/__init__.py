"""Certificates of people, and the authorities the bank accepts: waiting code, a verb a method."""
