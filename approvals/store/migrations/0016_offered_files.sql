-- Payment files advisers lay into conversations, for the person to confirm. stated: JSON, a list of kind and facts; it goes
-- with the file, which lies in uploads for at most a day.

CREATE TABLE offered_files (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    adviser_id TEXT NOT NULL REFERENCES users (id),
    upload_id TEXT REFERENCES uploads (id),
    content_type TEXT NOT NULL,
    digest TEXT NOT NULL,
    size BIGINT NOT NULL,
    stated TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    status TEXT NOT NULL
);
-- One at a time waits in a conversation.
CREATE UNIQUE INDEX offered_files_waiting ON offered_files (conversation_id) WHERE status = 'offered';
CREATE INDEX offered_files_of_conversation ON offered_files (conversation_id);
CREATE INDEX offered_files_of_adviser ON offered_files (adviser_id);
CREATE INDEX offered_files_of_upload ON offered_files (upload_id) WHERE upload_id IS NOT NULL;
