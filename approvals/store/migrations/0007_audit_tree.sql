-- The audit under signed heads (RULES 32): which rows wait for the sealer, the tree's hashes, and its heads.

CREATE INDEX audit_unsealed ON audit (at, id) WHERE leaf IS NULL;
CREATE UNIQUE INDEX audit_by_leaf ON audit (leaf) WHERE leaf IS NOT NULL;

-- 256 hashes a tile at most, one behind the other; level 0 holds those of the leaves.
CREATE TABLE audit_tiles (
    level BIGINT NOT NULL,
    number BIGINT NOT NULL,
    hashes BYTEA NOT NULL,
    PRIMARY KEY (level, number)
);

-- previous is unique: of two sealers that go on from the same head, one loses.
CREATE TABLE audit_heads (
    size BIGINT PRIMARY KEY,
    environment TEXT NOT NULL,
    epoch TEXT NOT NULL,
    root BYTEA NOT NULL,
    previous BYTEA NOT NULL UNIQUE,
    at BIGINT NOT NULL,
    signature TEXT NOT NULL,
    growth TEXT NOT NULL,
    anchored_at BIGINT,
    stamp BYTEA
);

-- Since when a company is no customer any more: what is kept after the relation is counted from here (RULES 31).
CREATE TABLE ended_relations (
    subscription_id TEXT PRIMARY KEY REFERENCES subscriptions (id),
    ended_at BIGINT NOT NULL
);
