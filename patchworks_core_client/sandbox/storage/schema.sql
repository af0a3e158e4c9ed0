-- Columns without a type keep an integer an integer and a string a string: the pages call identifiers strings,
-- other clients send numbers, and what was sent is what comes back.
-- A row can be read once its visible_at is past, so that a lag can be played.
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE environments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    description TEXT,
    type TEXT,
    seeded INTEGER NOT NULL DEFAULT 0,
    visible_at REAL NOT NULL DEFAULT 0,
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
    visible_at REAL NOT NULL DEFAULT 0,
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
    visible_at REAL NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE UNIQUE INDEX one_priority_for_each_flow ON flow_priorities (version_id, CAST(flow_id AS TEXT));
CREATE TABLE manifests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version_id INTEGER NOT NULL REFERENCES versions ON DELETE CASCADE,
    model_type TEXT NOT NULL,
    original_model_id NOT NULL,
    replacement_model_id NOT NULL,
    visible_at REAL NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE UNIQUE INDEX one_rule_for_each_component
    ON manifests (version_id, model_type, CAST(original_model_id AS TEXT));
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
    visible_at REAL NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
);
CREATE UNIQUE INDEX one_variable_for_each_key ON variables (version_id, key);
