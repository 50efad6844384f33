"""Templates of reports that the Office edits in Word: taken in, checked, filled."""
