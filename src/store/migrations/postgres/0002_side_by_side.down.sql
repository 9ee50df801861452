DROP TRIGGER audit_is_told ON audit;
DROP FUNCTION audit_tells();
DROP INDEX invitation_number;
DROP INDEX audit_lane;
ALTER TABLE audit DROP COLUMN lane;
