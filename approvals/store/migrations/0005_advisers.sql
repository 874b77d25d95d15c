-- The bank's own people: users of the house's subscription. Seeds of authenticators are sealed_secrets of kind
-- totp-seed; last_step is the highest RFC 6238 time step used up.

CREATE TABLE advisers (
    user_id TEXT PRIMARY KEY REFERENCES users (id),
    role TEXT NOT NULL,
    password_hash TEXT,
    seed_version BIGINT NOT NULL,
    enrolling_version BIGINT NOT NULL,
    last_step BIGINT NOT NULL
);

-- Digests of 80 random bits each; a code once used stays, with its time.
CREATE TABLE recovery_codes (
    user_id TEXT NOT NULL REFERENCES advisers (user_id),
    digest BYTEA NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (user_id, digest)
);

-- The audit is read newest first.
CREATE INDEX audit_by_time ON audit (at, id);

-- Companies that advisers have still to approve, as they will be written: codes hashed, card numbers sealed.
CREATE TABLE company_imports (
    id TEXT PRIMARY KEY,
    content TEXT NOT NULL,
    at BIGINT NOT NULL
);
