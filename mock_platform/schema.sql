CREATE TABLE IF NOT EXISTS requests (
  id INTEGER PRIMARY KEY,
  received_at REAL NOT NULL,
  platform TEXT NOT NULL,
  api TEXT NOT NULL,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  dataset TEXT NOT NULL,
  events INTEGER NOT NULL,
  fault TEXT,
  status INTEGER,
  request_bytes INTEGER NOT NULL,
  request_body BLOB NOT NULL,
  response_body BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS events (
  id INTEGER PRIMARY KEY,
  request_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  received_at REAL NOT NULL,
  platform TEXT NOT NULL,
  api TEXT NOT NULL,
  dataset TEXT NOT NULL,
  source TEXT NOT NULL,
  event_name TEXT,
  event_id TEXT,
  event_time INTEGER,
  order_id TEXT,
  test_event_code TEXT,
  verdict TEXT NOT NULL,
  dedup_rule TEXT,
  duplicate_of INTEGER,
  findings BLOB NOT NULL,
  payload BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS events_by_order ON events (order_id);
CREATE INDEX IF NOT EXISTS events_by_event_id ON events (event_id);
CREATE INDEX IF NOT EXISTS events_by_verdict ON events (verdict);
CREATE TABLE IF NOT EXISTS memory (
  key TEXT PRIMARY KEY,
  event INTEGER NOT NULL,
  source TEXT NOT NULL,
  received_at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS memory_by_event ON memory (event);
