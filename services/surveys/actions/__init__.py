"""What may be done: load, decide, store, announce. The caller owns the transaction."""
