"""Google's side of the mock: requests to the Data Manager, Google Ads and OAuth in, answers out.

`call` decodes and `access` decides on tokens. The Data Manager: `ingest` judges events,
`ingest_faults` breaks it, `books` processes later what was accepted, `status` tells of it,
`data_manager` ties them together. Google Ads: `ads_upload` judges rows, `ads_answer` and
`ads_errors` answer, `ads_faults` breaks it, `ads` ties them together. OAuth: `token`,
`token_errors`, `service_account`. For all: `errors` is Google's errors as a table, `answer` what
goes back on the wire, `breakage` and `faulty` what faults do to it, `journalled` what is kept of
it, `conversions` what is counted, `settings` how a workspace is told what Google it plays.
"""
