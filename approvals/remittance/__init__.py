"""Payment files, read as a stream: orders and totals out, hostile or wrong files refused; no rule on who may sign."""
