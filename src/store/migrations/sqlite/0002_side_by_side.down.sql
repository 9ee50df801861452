DROP TRIGGER audit_is_told;
DROP INDEX invitation_number;
DROP INDEX audit_lane;
ALTER TABLE audit DROP COLUMN lane;
