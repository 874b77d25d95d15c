"""What proves, years later, what happened: pure values; keeping them is the store's."""
