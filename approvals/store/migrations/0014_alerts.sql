-- "This was not me": what advisers must look at, and the login an action was started from.

-- One a subject (a challenge or a confirmation; the latter are swept, so no key points there).
CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    subject TEXT NOT NULL UNIQUE,
    found TEXT NOT NULL,
    raised_at BIGINT NOT NULL,
    action_id TEXT REFERENCES actions (id),
    login_id TEXT REFERENCES logins (id),
    device_id TEXT REFERENCES devices (id),
    taken_by TEXT REFERENCES users (id),
    taken_at BIGINT
);
CREATE INDEX alerts_newest ON alerts (raised_at, id);
CREATE INDEX alerts_of_subscription ON alerts (subscription_id, raised_at);
CREATE INDEX alerts_of_user ON alerts (user_id);
CREATE INDEX alerts_of_action ON alerts (action_id);
CREATE INDEX alerts_of_login ON alerts (login_id);
CREATE INDEX alerts_of_device ON alerts (device_id);
CREATE INDEX alerts_taken_by ON alerts (taken_by);

-- Only what a person opened while signed in has one.
ALTER TABLE actions ADD COLUMN login_id TEXT REFERENCES logins (id);
CREATE INDEX actions_of_login ON actions (login_id) WHERE login_id IS NOT NULL;
