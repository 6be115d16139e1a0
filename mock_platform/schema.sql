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
  response_body BLOB NOT NULL,
  content_type TEXT NOT NULL,
  milliseconds REAL NOT NULL
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
  value REAL,
  currency TEXT,
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
  received_at REAL NOT NULL,
  event_time INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS memory_by_event ON memory (event);
CREATE TABLE IF NOT EXISTS google_conversions (
  event INTEGER PRIMARY KEY,
  action TEXT NOT NULL,
  order_id TEXT,
  click TEXT,
  occurred_at REAL NOT NULL,
  recorded_at REAL NOT NULL,
  value REAL,
  currency TEXT,
  retracted INTEGER NOT NULL,
  enhanced INTEGER NOT NULL,
  adjusted_at REAL,
  adjustments INTEGER NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS google_conversions_by_order
  ON google_conversions (action, order_id) WHERE order_id IS NOT NULL;
CREATE INDEX IF NOT EXISTS google_conversions_by_click
  ON google_conversions (action, click, occurred_at);
CREATE TABLE IF NOT EXISTS google_batches (
  request_id TEXT PRIMARY KEY,
  received_at REAL NOT NULL,
  due_at REAL NOT NULL,
  settled INTEGER NOT NULL,
  destinations BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS google_batches_by_due ON google_batches (settled, due_at);
CREATE TABLE IF NOT EXISTS google_records (
  event INTEGER PRIMARY KEY,
  request_id TEXT NOT NULL,
  destination INTEGER NOT NULL,
  position INTEGER NOT NULL,
  reason TEXT,
  named INTEGER NOT NULL,
  record BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS google_records_by_request ON google_records (request_id);
