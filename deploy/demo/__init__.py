"""The demo: a bank to try the product against, outside the wheel and in processes of its own."""
