"""What each endpoint reads, as JSON Schema: made of the same tables the mock reads requests by.

Reading order: `graph` and `protobuf` turn tables into schemas, `endpoints` names one for each
endpoint and version. A schema says what can be read at all; which readable event is accepted is
for the rules to say.
"""
