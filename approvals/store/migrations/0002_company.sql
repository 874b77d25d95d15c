-- Who may do what for a company. Days are calendar days in Paris, as ISO 8601 text.

CREATE TABLE entitlements (
    user_id TEXT PRIMARY KEY REFERENCES users (id),
    subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
    content TEXT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX entitlements_of_subscription ON entitlements (subscription_id);

CREATE TABLE substitutions (
    id TEXT PRIMARY KEY,
    subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
    absent_id TEXT NOT NULL REFERENCES users (id),
    substitute_id TEXT NOT NULL REFERENCES users (id),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL
);
CREATE INDEX substitutions_of_subscription ON substitutions (subscription_id);
CREATE INDEX substitutions_of_absent ON substitutions (absent_id);
CREATE INDEX substitutions_of_substitute ON substitutions (substitute_id);

-- Moved only where the sum stays under the limit, so that no two transactions can pass it together (RULES 18).
CREATE TABLE ceiling_uses (
    user_id TEXT NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    account TEXT NOT NULL,
    day TEXT NOT NULL,
    used BIGINT NOT NULL,
    PRIMARY KEY (user_id, kind, account, day)
);

-- Whose pending actions are to be looked through again, from when on, after which action (RULES 3).
CREATE TABLE rights_reviews (
    subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
    due_at BIGINT NOT NULL,
    after TEXT NOT NULL,
    PRIMARY KEY (subscription_id, due_at)
);
CREATE INDEX rights_reviews_due ON rights_reviews (due_at);

CREATE INDEX actions_pending ON actions (subscription_id, id) WHERE status = 'pending';
