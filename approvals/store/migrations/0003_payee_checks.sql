-- Lists of beneficiaries, and what is being verified of payees before an action opens.

-- A list exists as long as somebody is on it.
CREATE TABLE beneficiary_list_members (
    subscription_id TEXT NOT NULL,
    list_name TEXT NOT NULL,
    iban TEXT NOT NULL,
    PRIMARY KEY (subscription_id, list_name, iban),
    FOREIGN KEY (subscription_id, iban) REFERENCES beneficiaries (subscription_id, iban)
);
CREATE INDEX beneficiary_lists_joined ON beneficiary_list_members (subscription_id, iban);

-- A request whose payees are asked about before its actions open. drafts, counts and actions are JSON; group_number
-- and position say how far the file was walked; next_at when the next node may go on with it.
CREATE TABLE preparations (
    id TEXT PRIMARY KEY,
    subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
    opened_by TEXT NOT NULL,
    initiator TEXT NOT NULL,
    reference TEXT,
    drafts TEXT NOT NULL,
    upload_id TEXT REFERENCES uploads (id),
    initiating_party TEXT,
    message_id TEXT,
    status TEXT NOT NULL,
    total BIGINT NOT NULL,
    done BIGINT NOT NULL,
    group_number BIGINT NOT NULL,
    position BIGINT NOT NULL,
    counts TEXT NOT NULL,
    actions TEXT NOT NULL,
    refusal TEXT,
    created_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    ended_at BIGINT,
    version BIGINT NOT NULL
);
CREATE INDEX preparations_by_message ON preparations (subscription_id, initiating_party, message_id);
CREATE INDEX preparations_of_upload ON preparations (upload_id);
CREATE INDEX preparations_due ON preparations (status, next_at);
CREATE INDEX preparations_by_end ON preparations (ended_at);

-- What was answered about a payee, once a group of the file; position is that of the payee's first order in it.
CREATE TABLE payee_checks (
    preparation_id TEXT NOT NULL REFERENCES preparations (id),
    group_number BIGINT NOT NULL,
    position BIGINT NOT NULL,
    iban TEXT NOT NULL,
    name TEXT NOT NULL,
    answer TEXT NOT NULL,
    returned_name TEXT,
    PRIMARY KEY (preparation_id, iban, name, group_number)
);
CREATE INDEX payee_checks_by_answer ON payee_checks (preparation_id, group_number, answer, position);

-- Companies that want no verification of their packages (Regulation (EU) 2024/886, art. 5c(6)); since is an ISO day.
CREATE TABLE payee_check_opt_outs (
    subscription_id TEXT PRIMARY KEY REFERENCES subscriptions (id),
    since TEXT NOT NULL
);
