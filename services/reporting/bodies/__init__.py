"""Who is scored and ranked: blocks of bodies, who acts for a body, who appraises a block."""
