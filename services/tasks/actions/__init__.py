"""What the service does, by noun: load, decide by the domain's rules, store, announce."""
