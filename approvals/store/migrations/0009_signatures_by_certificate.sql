-- Signatures by certificate: which one signed a challenge, keys kept by browsers, and what verdicts rest on.

ALTER TABLE challenges ADD COLUMN certificate_id TEXT REFERENCES certificates (id);
CREATE INDEX challenges_by_certificate ON challenges (certificate_id);

ALTER TABLE certificates ADD COLUMN in_browser BIGINT NOT NULL DEFAULT 0;

-- What proofs rest on and name by its SHA-256 (hex), each kept once.
CREATE TABLE exhibits (
    digest TEXT PRIMARY KEY,
    content BYTEA NOT NULL
);
