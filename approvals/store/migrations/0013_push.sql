-- Who is woken by push, and how far each has been told.

-- One a device, and one a target: a browser that two people share belongs to the last. The target (an endpoint and its
-- keys, or a token) is sealed. told_up_to is the last event of the person's inbox that was told or needed no telling.
CREATE TABLE push_subscriptions (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    device_id TEXT NOT NULL UNIQUE REFERENCES devices (id),
    channel TEXT NOT NULL,
    target_sealed BYTEA NOT NULL,
    target_digest BYTEA NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    told_up_to BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    last_sent_at BIGINT,
    last_outcome TEXT,
    version BIGINT NOT NULL
);
CREATE INDEX push_subscriptions_of_user ON push_subscriptions (user_id);
CREATE INDEX push_subscriptions_due ON push_subscriptions (next_at);
