CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE object (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    parent INTEGER REFERENCES object (id),
    revision INTEGER NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (kind, key)
);
CREATE INDEX object_parent ON object (parent, kind, key) WHERE parent IS NOT NULL;

CREATE TABLE principal (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    guid TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    dn TEXT NOT NULL,
    path TEXT NOT NULL,
    sam TEXT,
    upn TEXT,
    sip TEXT,
    display TEXT,
    registrar TEXT,
    deleted INTEGER NOT NULL DEFAULT 0,
    revision INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE UNIQUE INDEX principal_path ON principal (path) WHERE deleted = 0;
CREATE UNIQUE INDEX principal_sip ON principal (sip) WHERE deleted = 0 AND sip IS NOT NULL;
CREATE UNIQUE INDEX principal_sam ON principal (sam) WHERE deleted = 0 AND sam IS NOT NULL;
CREATE INDEX principal_upn ON principal (upn) WHERE upn IS NOT NULL;
CREATE INDEX principal_display ON principal (display);
CREATE INDEX principal_kind ON principal (kind, path);

CREATE TABLE membership (
    group_id INTEGER NOT NULL REFERENCES principal (id),
    member_id INTEGER NOT NULL REFERENCES principal (id),
    PRIMARY KEY (group_id, member_id)
) WITHOUT ROWID;
CREATE INDEX membership_member ON membership (member_id, group_id);

CREATE TABLE message (
    room INTEGER NOT NULL REFERENCES object (id),
    chat_id INTEGER NOT NULL,
    posted INTEGER NOT NULL,
    author TEXT NOT NULL,
    size INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (room, chat_id)
) WITHOUT ROWID;
CREATE INDEX message_posted ON message (room, posted);

CREATE TABLE invitation (
    principal INTEGER NOT NULL REFERENCES principal (id),
    room INTEGER NOT NULL REFERENCES object (id),
    invite INTEGER NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (principal, room)
) WITHOUT ROWID;
CREATE INDEX invitation_room ON invitation (room);

CREATE TABLE compliance_event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    pool TEXT NOT NULL,
    room TEXT NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX compliance_event_pool ON compliance_event (pool, id);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    cmdlet TEXT NOT NULL,
    request TEXT NOT NULL,
    action TEXT NOT NULL,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    before TEXT,
    after TEXT,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    audit INTEGER NOT NULL,
    topic TEXT NOT NULL,
    delivered INTEGER
);
CREATE INDEX outbox_waiting ON outbox (id) WHERE delivered IS NULL;

CREATE TABLE idempotency (
    actor TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    reply TEXT NOT NULL,
    created INTEGER NOT NULL,
    PRIMARY KEY (actor, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_created ON idempotency (created);

CREATE TABLE token (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hash TEXT NOT NULL UNIQUE,
    actor TEXT,
    label TEXT NOT NULL,
    read_only INTEGER NOT NULL,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    revoked INTEGER
);

CREATE TABLE account (
    actor TEXT PRIMARY KEY,
    password TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    locked_until INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
