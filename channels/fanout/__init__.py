"""Carries hints between the nodes of one house: "inbox X, head n", who took which seat, whose login ended.

A hint may be lost, late, doubled or out of order, and nothing rests on it but haste: heads are read again every 30 to
60 s, and what a login or device may do is read in every transaction. Only `redis.py` imports the driver.
"""
