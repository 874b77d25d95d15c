-- Electronic certificates: the authorities the bank accepts, the certificates of people, orders from the partner shop.

CREATE TABLE authorities (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    certificate BYTEA NOT NULL,
    certificate_digest TEXT NOT NULL,
    policies TEXT NOT NULL,
    uses TEXT NOT NULL,
    both_uses BIGINT NOT NULL,
    company_from TEXT NOT NULL,
    ocsp_url TEXT,
    crl_url TEXT,
    has_nonce BIGINT NOT NULL,
    withdrawn_at BIGINT
);
-- One issuing certificate stands for one accepted authority; one withdrawn may be accepted anew.
CREATE UNIQUE INDEX authorities_accepted ON authorities (certificate_digest) WHERE withdrawn_at IS NULL;

-- Whom an authority's certificates name, and the one user number they work under (RULES 14).
CREATE TABLE certificate_holders (
    authority_id TEXT NOT NULL REFERENCES authorities (id),
    holder_number TEXT NOT NULL,
    siren TEXT NOT NULL,
    user_id TEXT NOT NULL REFERENCES users (id),
    PRIMARY KEY (authority_id, holder_number, siren)
);
CREATE INDEX certificate_holders_of_user ON certificate_holders (user_id);

-- due_at: when the calendar next does something to it; none once nothing is left to do.
CREATE TABLE certificates (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    authority_id TEXT NOT NULL REFERENCES authorities (id),
    der BYTEA NOT NULL,
    thumbprint TEXT NOT NULL UNIQUE,
    holder_number TEXT NOT NULL,
    given_name TEXT NOT NULL,
    surname TEXT NOT NULL,
    siren TEXT NOT NULL,
    level TEXT NOT NULL,
    uses TEXT NOT NULL,
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    status TEXT NOT NULL,
    enrolled_at BIGINT NOT NULL,
    due_at BIGINT
);
CREATE INDEX certificates_of_user ON certificates (user_id, enrolled_at);
CREATE INDEX certificates_of_holder ON certificates (authority_id, holder_number, siren);
CREATE INDEX certificates_due ON certificates (due_at);

-- What two advisers approved for one person: this certificate may be enrolled without the proofs asked for otherwise.
CREATE TABLE certificate_admissions (
    user_id TEXT NOT NULL REFERENCES users (id),
    thumbprint TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, thumbprint)
);

CREATE TABLE certificate_orders (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    shop TEXT NOT NULL,
    status TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    moved_at BIGINT NOT NULL,
    certificate_id TEXT REFERENCES certificates (id),
    version BIGINT NOT NULL
);
CREATE INDEX certificate_orders_of_user ON certificate_orders (user_id, requested_at);
CREATE INDEX certificate_orders_of_certificate ON certificate_orders (certificate_id);
CREATE UNIQUE INDEX certificate_orders_open ON certificate_orders (user_id) 
    WHERE status IN ('requested', 'ordered', 'received');
