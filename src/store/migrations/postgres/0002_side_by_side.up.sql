ALTER TABLE audit ADD COLUMN lane BIGINT NOT NULL DEFAULT 0;
CREATE INDEX audit_lane ON audit (lane, id);
CREATE UNIQUE INDEX invitation_number ON invitation (principal, invite);
CREATE FUNCTION audit_tells() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN INSERT INTO outbox (audit, topic) VALUES (NEW.id, NEW.kind); RETURN NULL; END $$;
CREATE TRIGGER audit_is_told AFTER INSERT ON audit FOR EACH ROW EXECUTE FUNCTION audit_tells();
