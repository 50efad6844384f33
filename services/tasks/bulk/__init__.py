"""One act on many assignments at once: one request, an outcome for each."""
