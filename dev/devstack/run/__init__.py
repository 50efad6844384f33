"""`make run`: everything on one machine, under one supervisor, remembered in `.run/`."""
