"""Does a crash lose anything? An index is disturbed at seeded moments, and must come back as one of its commits.

sessions     what is done to the index, and every state it may be in afterwards
disturbing   killing, full and failing disks, missing permissions, Ctrl-C: one function each
crews        the same while there are worker processes: they die, or who started them does
children     a process that does one thing, to be killed
power        power loss: what the disk may hold of what was written to it
verifying    what must be so after every fault
campaign     many faults, counted

`python -m bench.crash` runs the campaign; docs/reliability.md says what it promises.
"""
