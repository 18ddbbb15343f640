"""A crash campaign: faults meet an index at seeded moments, and the index must come back as one of its commits.

| module     | holds                                                                                              |
|------------|----------------------------------------------------------------------------------------------------|
| sessions   | the operations on an index, and the states that the index may have afterwards                      |
| faults     | a file system whose steps can fail                                                                 |
| disturbing | faults of one operation: SIGKILL, Ctrl-C, full and failing disks, missing permissions              |
| crews      | the same while there are worker processes                                                          |
| children   | a child process that runs one operation                                                            |
| power      | power loss: what the disk may hold of the files that were written                                  |
| verifying  | the promises that hold after every fault                                                           |
| campaign   | the twelve kinds of faults, drawn from a seed and counted                                          |

`python -m bench.crash` runs the campaign; docs/reliability.md states the promises. Readers and writers that run at the
same time are tested by `bench.crowd`.
"""
