"""Who is told what, and why: pure rules, one table (`rules`), no clock, no I/O."""
