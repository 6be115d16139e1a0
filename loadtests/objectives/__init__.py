"""`make objectives`: everything that is wanted of speed, measured in one go, beside what was found.

`runs` are the commands that measure, each with its own report; `rows` make one table of them.
"""
