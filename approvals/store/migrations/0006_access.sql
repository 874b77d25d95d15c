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
