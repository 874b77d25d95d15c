-- The bank's own people: users of the house's subscription. Seeds of authenticators are sealed_secrets of kind
-- totp-seed; last_step is the highest RFC 6238 time step used up.

CREATE TABLE advisers (
    user_id TEXT PRIMARY KEY REFERENCES users (id),
    role TEXT NOT NULL,
    seed_version BIGINT NOT NULL,
    last_step BIGINT NOT NULL
);
