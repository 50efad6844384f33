"""The PAR index: points of sub-criteria and the three figures. Pure."""
