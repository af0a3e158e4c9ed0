-- Columns without a type keep an integer an integer and a string a string: the pages call identifiers strings,
-- other clients send numbers, and what was sent is what comes back.
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE environments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    description TEXT,
    type TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE TABLE labels (
    environment_id INTEGER NOT NULL REFERENCES environments ON DELETE CASCADE,
    label_id NOT NULL,
    PRIMARY KEY (environment_id, label_id)
);
CREATE TABLE versions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    environment_id INTEGER NOT NULL REFERENCES environments ON DELETE CASCADE,
    version INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('Draft', 'Deployed', 'Inactive')),
    notes TEXT,
    deployed_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (environment_id, version)
);
CREATE UNIQUE INDEX one_draft ON versions (environment_id) WHERE status = 'Draft';
CREATE UNIQUE INDEX one_deployed ON versions (environment_id) WHERE status = 'Deployed';
CREATE TABLE flow_priorities (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version_id INTEGER NOT NULL REFERENCES versions ON DELETE CASCADE,
    flow_id NOT NULL,
    priority TEXT NOT NULL,
    notes TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE INDEX flow_priorities_version ON flow_priorities (version_id);
CREATE TABLE manifests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version_id INTEGER NOT NULL REFERENCES versions ON DELETE CASCADE,
    model_type TEXT NOT NULL,
    original_model_id NOT NULL,
    replacement_model_id NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE INDEX manifests_version ON manifests (version_id);
CREATE TABLE variables (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version_id INTEGER NOT NULL REFERENCES versions ON DELETE CASCADE,
    label TEXT,
    type TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT,
    fallback TEXT,
    date_format TEXT,
    secret INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE INDEX variables_version ON variables (version_id);
