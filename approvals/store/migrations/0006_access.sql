-- How people come in: letters of activation, devices enrolled from a screen, screens confirmed by phone.

-- One row a person, the letter last ordered; the secret itself is nowhere.
CREATE TABLE activations (
    user_id TEXT PRIMARY KEY REFERENCES users (id),
    status TEXT NOT NULL,
    ordered_at BIGINT NOT NULL,
    printed_at BIGINT,
    secret_digest BYTEA,
    expires_at BIGINT,
    used_at BIGINT,
    version BIGINT NOT NULL
);
CREATE INDEX activations_by_status ON activations (status, user_id);

-- A further device, from the QR code shown by a signed-in screen to the digits confirmed there.
CREATE TABLE enrolments (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    login_id TEXT NOT NULL REFERENCES logins (id),
    ticket_digest BYTEA NOT NULL UNIQUE,
    status TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    digits TEXT,
    device_id TEXT,
    device_name TEXT,
    public_key BYTEA,
    token_digest BYTEA,
    scanned_at BIGINT,
    version BIGINT NOT NULL
);
CREATE INDEX enrolments_of_user ON enrolments (user_id);
CREATE INDEX enrolments_of_login ON enrolments (login_id);
CREATE INDEX enrolments_by_expiry ON enrolments (expires_at);

-- A sign-in asked for on one screen and confirmed on a phone; no user where nobody is to be told.
CREATE TABLE confirmations (
    id TEXT PRIMARY KEY,
    user_id TEXT REFERENCES users (id),
    secret_digest BYTEA NOT NULL UNIQUE,
    digits TEXT NOT NULL,
    status TEXT NOT NULL,
    asked_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    device_id TEXT REFERENCES devices (id),
    version BIGINT NOT NULL
);
CREATE INDEX confirmations_of_user ON confirmations (user_id, status);
CREATE INDEX confirmations_of_device ON confirmations (device_id);
CREATE INDEX confirmations_by_expiry ON confirmations (expires_at);
