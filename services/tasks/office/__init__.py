"""The Office's month: who reports when, what is late and urged, who needs attention and why."""
