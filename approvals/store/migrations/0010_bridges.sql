-- Card bridges: what kind each device is, and the challenges that screens hand over to them.

ALTER TABLE devices ADD COLUMN kind TEXT NOT NULL DEFAULT 'phone';
CREATE INDEX devices_by_token ON devices (token_digest);

ALTER TABLE enrolments ADD COLUMN device_kind TEXT;
UPDATE enrolments SET device_kind = 'phone' WHERE device_id IS NOT NULL;

-- One at a time for each challenge: asking again takes the former one's place.
CREATE TABLE handovers (
    challenge_id TEXT PRIMARY KEY REFERENCES challenges (id),
    id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES users (id),
    login_id TEXT NOT NULL REFERENCES logins (id),
    digits TEXT NOT NULL,
    status TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    device_id TEXT REFERENCES devices (id),
    answer TEXT,
    version BIGINT NOT NULL
);
CREATE INDEX handovers_of_user ON handovers (user_id, status);
CREATE INDEX handovers_of_login ON handovers (login_id);
CREATE INDEX handovers_of_device ON handovers (device_id);
CREATE INDEX handovers_by_expiry ON handovers (expires_at);
