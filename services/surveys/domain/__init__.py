"""The rules of surveys: what may be asked, answered, opened and sent. No clock, no I/O."""
