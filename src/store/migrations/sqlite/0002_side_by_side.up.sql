ALTER TABLE audit ADD COLUMN lane INTEGER NOT NULL DEFAULT 0;
CREATE INDEX audit_lane ON audit (lane, id);
CREATE UNIQUE INDEX invitation_number ON invitation (principal, invite);
CREATE TRIGGER audit_is_told AFTER INSERT ON audit BEGIN INSERT INTO outbox (audit, topic) VALUES (NEW.id, NEW.kind); END;
