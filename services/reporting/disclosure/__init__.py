"""What may be shown of citizens' answers: the one way from counted ballots to any output. Pure.

Readers may have written some of the answers, know when things happened, and hold ticket sheets: a
threshold on group sizes alone protects nobody (four ballots of one's own read the fifth). So a
shown figure is a function of *released* ballots, and ballots are released in batches that nobody
can steer. docs/privacy.md says what remains.
"""
