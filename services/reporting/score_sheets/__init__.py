"""Score sheets: what is entered for a year, and all that its PAR figures stand on."""
