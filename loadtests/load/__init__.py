"""`make load`: a bridge, its sender and the mock platform under a profile's load, and a verdict.

profile    what a profile file says: steps, users, weather (faults of the platforms), objectives
supply     orders made before the clock starts
record     what every call was answered, one line each
follow     when what was accepted is counted at the platforms
watch      what the processes cost and how much waits, second by second
figures    all of that as series and numbers; pure
bottleneck which part had no processor left; pure
objectives which numbers a profile may ask for
verdict    numbers against objectives, conservation and a baseline; pure
plots      the series as pictures
report     the page
run        one run from the first process to the report

`loadtests/locustfile.py` holds the users; Locust is run as a process of its own, because it changes
Python's sockets and threads for everything around it.
"""
