"""Takes confirmed orders from Salesforce Commerce Cloud and delivers them as conversions.

Read in the order an order travels:

pipeline    the whole way on one page
intake      the signed hook, files of orders, and the contract both are held against
order       what was bought and by whom, and which destinations may know
identity    the shopper becomes hashes, keyed digests and a sealed remainder
outbox      the one durable state: orders, deliveries, legal moves
events      what each platform is sent
delivery    batches, requests, answers, retries, bisection
aftermath   dead letters, the audit that nothing is lost, the shop's own list held against ours
operate     settings, logs, metrics, health, the processes
commands    what an operator types; cli puts them together
wiring      puts the parts of one installation together
"""
