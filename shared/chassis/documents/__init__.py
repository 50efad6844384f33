"""Documents people take away: lists as .xlsx, workbooks to be filled in, official documents."""
