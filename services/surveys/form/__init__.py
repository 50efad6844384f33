"""The citizen's pages under /k/: plain HTML from the server, no script, nothing from elsewhere."""
