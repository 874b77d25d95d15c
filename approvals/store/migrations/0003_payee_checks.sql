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
