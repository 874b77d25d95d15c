-- What people and the bank write to each other.

CREATE TABLE conversations (
    id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id),
    subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
    status TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    last BIGINT NOT NULL,
    read_by_person BIGINT NOT NULL,
    read_by_adviser BIGINT NOT NULL,
    waiting_since BIGINT,
    adviser_id TEXT REFERENCES users (id),
    closed_at BIGINT,
    version BIGINT NOT NULL
);
-- A person has one that is not closed.
CREATE UNIQUE INDEX conversations_open ON conversations (user_id) WHERE status <> 'closed';
CREATE INDEX conversations_of_user ON conversations (user_id, opened_at);
CREATE INDEX conversations_of_subscription ON conversations (subscription_id);
CREATE INDEX conversations_of_adviser ON conversations (adviser_id) WHERE adviser_id IS NOT NULL;
CREATE INDEX conversations_newest ON conversations (last_at, id);

-- choices: JSON, a list of entry and question. req: the sender's own name of the message.
CREATE TABLE messages (
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    n BIGINT NOT NULL,
    at BIGINT NOT NULL,
    author TEXT NOT NULL,
    author_id TEXT REFERENCES users (id),
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    subject TEXT,
    choices TEXT,
    starts TEXT,
    action_id TEXT REFERENCES actions (id),
    req TEXT,
    PRIMARY KEY (conversation_id, n)
);
CREATE UNIQUE INDEX messages_once ON messages (conversation_id, author_id, req) WHERE req IS NOT NULL;
CREATE INDEX messages_of_author ON messages (author_id) WHERE author_id IS NOT NULL;
CREATE INDEX messages_of_action ON messages (action_id) WHERE action_id IS NOT NULL;

-- The message an event tells of; without one, that the conversation has moved.
ALTER TABLE events ADD COLUMN conversation_id TEXT;
ALTER TABLE events ADD COLUMN message BIGINT;
