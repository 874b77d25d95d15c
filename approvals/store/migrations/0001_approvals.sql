-- One text for PostgreSQL and SQLite. Times are milliseconds since 1970 UTC, amounts minor units, JSON is TEXT.
-- A statement ends with a semicolon at the end of its line.

-- --- the house -------------------------------------------------------------------------------------------

CREATE TABLE house (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE sealed_secrets (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    sealed BYTEA NOT NULL,
    public_half TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (kind, id, version)
);

CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    token_digest BYTEA NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

-- --- the company -----------------------------------------------------------------------------------------

-- adviser_id names a user and refers to none: users refer to subscriptions, and tables are filled in one order.
CREATE TABLE subscriptions (
    id TEXT PRIMARY KEY,
    client_identifier TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    siren TEXT NOT NULL,
    kind TEXT NOT NULL,
    legal_form TEXT NOT NULL,
    adviser_id TEXT,
    has_sol BIGINT NOT NULL,
    means TEXT NOT NULL
);
CREATE INDEX subscriptions_of_adviser ON subscriptions (adviser_id);

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    status TEXT NOT NULL,
    is_main BIGINT NOT NULL,
    code_hash TEXT,
    attempts_left BIGINT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (subscription_id, number)
);

CREATE TABLE accounts (
    id TEXT PRIMARY KEY,
    subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
    iban TEXT NOT NULL UNIQUE,
    currency TEXT NOT NULL,
    label TEXT NOT NULL
);
CREATE INDEX accounts_of_subscription ON accounts (subscription_id);

CREATE TABLE beneficiaries (
    subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
    iban TEXT NOT NULL,
    bic TEXT,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    registered_at BIGINT NOT NULL,
    PRIMARY KEY (subscription_id, iban)
);
CREATE INDEX beneficiaries_by_name ON beneficiaries (subscription_id, name_folded, iban);

-- No account means all accounts; a unique index must not take each NULL for another value.
CREATE TABLE policies (
    subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
    kind TEXT NOT NULL,
    account_id TEXT REFERENCES accounts (id),
    content TEXT NOT NULL
);
CREATE UNIQUE INDEX policies_once ON policies (subscription_id, kind, (COALESCE(account_id, '')));

CREATE TABLE cards (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    kind TEXT NOT NULL,
    profile_id TEXT NOT NULL,
    issuer_key_id TEXT NOT NULL,
    issuer_key_version BIGINT NOT NULL,
    pan_sealed BYTEA NOT NULL,
    last4 TEXT NOT NULL,
    psn TEXT NOT NULL,
    status TEXT NOT NULL,
    last_atc BIGINT NOT NULL,
    attempts_left BIGINT NOT NULL,
    resync_due BIGINT NOT NULL,
    activated BIGINT NOT NULL,
    expires_on TEXT,
    due_on TEXT,
    version BIGINT NOT NULL
);
CREATE INDEX cards_of_user ON cards (user_id);
CREATE INDEX cards_due ON cards (due_on);

-- --- how people come in ----------------------------------------------------------------------------------

CREATE TABLE devices (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    public_key BYTEA NOT NULL,
    token_digest BYTEA NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    read_up_to BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX devices_of_user ON devices (user_id);

CREATE TABLE logins (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    device_id TEXT REFERENCES devices (id),
    factors TEXT NOT NULL,
    token_digest BYTEA NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    last_act_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX logins_of_user ON logins (user_id);
CREATE INDEX logins_on_device ON logins (device_id);

CREATE TABLE nonces (
    nonce TEXT PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX nonces_by_expiry ON nonces (expires_at);

CREATE TABLE failure_buckets (
    bucket TEXT PRIMARY KEY,
    level DOUBLE PRECISION NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX failure_buckets_by_time ON failure_buckets (at);

-- --- payloads --------------------------------------------------------------------------------------------

CREATE TABLE uploads (
    id TEXT PRIMARY KEY,
    caller TEXT NOT NULL,
    content_type TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    digest TEXT,
    size BIGINT
);
CREATE INDEX uploads_by_time ON uploads (created_at);

CREATE TABLE upload_chunks (
    upload_id TEXT NOT NULL REFERENCES uploads (id),
    n BIGINT NOT NULL,
    content BYTEA NOT NULL CHECK (LENGTH(content) <= 1048576),
    PRIMARY KEY (upload_id, n)
);

-- risk and largest_first are the standing's rank and the negated amount: one index then walks the list by risk.
CREATE TABLE payees (
    upload_id TEXT NOT NULL REFERENCES uploads (id),
    group_number BIGINT NOT NULL,
    position BIGINT NOT NULL,
    payment_information_id TEXT NOT NULL,
    end_to_end_id TEXT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT NOT NULL,
    iban TEXT NOT NULL,
    bic TEXT,
    amount BIGINT NOT NULL,
    currency TEXT NOT NULL,
    standing TEXT NOT NULL,
    risk BIGINT NOT NULL,
    largest_first BIGINT NOT NULL,
    PRIMARY KEY (upload_id, group_number, position)
);
CREATE INDEX payees_by_risk ON payees (upload_id, group_number, risk, largest_first, position);

-- --- actions ---------------------------------------------------------------------------------------------

CREATE TABLE bundles (
    id TEXT PRIMARY KEY,
    subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
    upload_id TEXT NOT NULL REFERENCES uploads (id),
    initiating_party TEXT NOT NULL,
    message_id TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX bundles_by_message ON bundles (subscription_id, initiating_party, message_id);
CREATE INDEX bundles_of_upload ON bundles (upload_id);

-- initiator may be the word "unknown"; opened_by is "api_key:…" or "user:…"; audit_lines counts the action's audit rows, so that they number themselves.
CREATE TABLE actions (
    id TEXT PRIMARY KEY,
    subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    initiator TEXT NOT NULL,
    opened_by TEXT NOT NULL,
    facts TEXT NOT NULL,
    statement_digest TEXT NOT NULL,
    payload_digest TEXT NOT NULL,
    policy TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    account_id TEXT REFERENCES accounts (id),
    reference TEXT,
    bundle_id TEXT REFERENCES bundles (id),
    upload_id TEXT REFERENCES uploads (id),
    ended_at BIGINT,
    reason TEXT,
    version BIGINT NOT NULL,
    audit_lines BIGINT NOT NULL
);
CREATE INDEX actions_newest ON actions (created_at, id);
CREATE INDEX actions_of_subscription ON actions (subscription_id, created_at, id);
CREATE INDEX actions_of_opener ON actions (opened_by, created_at, id);
CREATE INDEX actions_of_bundle ON actions (bundle_id);
CREATE INDEX actions_of_upload ON actions (upload_id);
CREATE INDEX actions_overdue ON actions (status, expires_at);

CREATE TABLE challenges (
    id TEXT PRIMARY KEY,
    action_id TEXT NOT NULL REFERENCES actions (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    group_name TEXT NOT NULL,
    status TEXT NOT NULL,
    card_id TEXT REFERENCES cards (id),
    reader_input TEXT,
    expires_at BIGINT NOT NULL,
    attempts_left BIGINT NOT NULL,
    checking BIGINT NOT NULL,
    ended_at BIGINT,
    refusal TEXT,
    in_place_of TEXT,
    version BIGINT NOT NULL
);
CREATE INDEX challenges_of_action ON challenges (action_id, user_id);
CREATE INDEX challenges_of_user ON challenges (user_id, status);

CREATE TABLE proofs (
    id TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    challenge_id TEXT REFERENCES challenges (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    card_id TEXT REFERENCES cards (id),
    login_id TEXT REFERENCES logins (id),
    device_id TEXT REFERENCES devices (id),
    status TEXT NOT NULL,
    offered_at BIGINT NOT NULL,
    deadline BIGINT NOT NULL,
    judged_at BIGINT,
    answer TEXT,
    attempts_left BIGINT,
    verdict TEXT
);
CREATE INDEX proofs_of_challenge ON proofs (challenge_id);
CREATE INDEX proofs_of_user ON proofs (user_id, status);
CREATE INDEX proofs_overdue ON proofs (status, deadline);

-- --- what comes of them ----------------------------------------------------------------------------------

CREATE TABLE releases (
    id TEXT PRIMARY KEY,
    action_id TEXT NOT NULL UNIQUE REFERENCES actions (id),
    body BYTEA NOT NULL,
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT,
    settled_at BIGINT,
    version BIGINT NOT NULL
);
CREATE INDEX releases_due ON releases (status, next_at);
CREATE INDEX releases_by_status ON releases (status, created_at);

CREATE TABLE inboxes (
    user_id TEXT PRIMARY KEY REFERENCES users (id),
    head BIGINT NOT NULL,
    pruned BIGINT NOT NULL
);

CREATE TABLE events (
    user_id TEXT NOT NULL REFERENCES inboxes (user_id),
    s BIGINT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    action_id TEXT,
    challenge_id TEXT,
    device_id TEXT,
    PRIMARY KEY (user_id, s)
);
CREATE INDEX events_by_time ON events (at);

-- A row holds a commitment and stays; its value and salt live apart and can be erased (RULES 31). leaf is its place in
-- the Merkle tree, given by the sealer alone (0007).
CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    action_id TEXT REFERENCES actions (id),
    n BIGINT,
    code TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,
    commitment BYTEA NOT NULL,
    retention TEXT NOT NULL,
    leaf BIGINT,
    UNIQUE (action_id, n)
);

-- erased_by is the audit row that says why; value and salt go together.
CREATE TABLE audit_values (
    audit_id TEXT PRIMARY KEY REFERENCES audit (id),
    salt BYTEA,
    value TEXT,
    erased_by TEXT
);

CREATE TABLE requests (
    caller TEXT NOT NULL,
    request_key TEXT NOT NULL,
    request_digest TEXT NOT NULL,
    result TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (caller, request_key)
);
CREATE INDEX requests_by_time ON requests (at);
