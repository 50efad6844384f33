"""How a figure came about, as data. Pure."""
