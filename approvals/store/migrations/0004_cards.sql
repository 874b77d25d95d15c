-- How cards come to be: their orders, an outbox for each of the two makers, and what a card costs. Days are ISO 8601.

CREATE TABLE card_orders (
    card_id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    client_identifier TEXT NOT NULL,
    user_number TEXT NOT NULL,
    kind TEXT NOT NULL,
    delivery TEXT NOT NULL,
    reason TEXT NOT NULL,
    replaces TEXT REFERENCES cards (id),
    ordered_at BIGINT NOT NULL,
    produced_at BIGINT,
    pin_letter TEXT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX card_orders_of_user ON card_orders (user_id, ordered_at, card_id);
CREATE INDEX card_orders_newest ON card_orders (ordered_at, card_id);
CREATE UNIQUE INDEX card_orders_replacing ON card_orders (replaces);

-- Two tables, so that nothing ever reads what both makers are sent in one go (RTS 2018/389 art. 25).
CREATE TABLE outbox_manufacturer (
    id TEXT PRIMARY KEY,
    card_id TEXT NOT NULL UNIQUE REFERENCES card_orders (card_id),
    body BYTEA NOT NULL,
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT,
    settled_at BIGINT,
    version BIGINT NOT NULL
);
CREATE INDEX outbox_manufacturer_due ON outbox_manufacturer (status, next_at);
CREATE INDEX outbox_manufacturer_by_status ON outbox_manufacturer (status, created_at, id);

CREATE TABLE outbox_pin_printer (
    id TEXT PRIMARY KEY,
    card_id TEXT NOT NULL UNIQUE REFERENCES card_orders (card_id),
    body BYTEA NOT NULL,
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT,
    settled_at BIGINT,
    version BIGINT NOT NULL
);
CREATE INDEX outbox_pin_printer_due ON outbox_pin_printer (status, next_at);
CREATE INDEX outbox_pin_printer_by_status ON outbox_pin_printer (status, created_at, id);

CREATE TABLE fees (
    reason TEXT NOT NULL,
    kind TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount >= 0),
    currency TEXT NOT NULL,
    PRIMARY KEY (reason, kind, valid_from)
);
