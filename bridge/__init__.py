"""Takes confirmed orders from Salesforce Commerce Cloud and delivers them as conversions.

Read in the order an order travels:

pipeline    the whole way on one page
intake      the signed hook and the contract it holds orders against
order       what was bought and by whom, and which destinations may know
identity    the shopper becomes hashes, keyed digests and a sealed remainder
outbox      the one durable state: orders, deliveries, legal moves
events      what each platform is sent
delivery    batches, requests, answers, retries, bisection
aftermath   dead letters, and the audit that nothing is lost
operate     settings, logs, metrics, health, the processes
commands    what an operator types; cli puts them together
wiring      puts the parts of one installation together
"""
