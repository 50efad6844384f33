"""What the doors call: load, decide (domain), store, outbox. Nothing here commits."""
