"""Orders in files: CSV, NDJSON and SFCC's orders.xml, read row by row however long they are."""
