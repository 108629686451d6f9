-- Conversations, their scores, and what accounts and jobs will need.
--
-- One text for both databases. Words in braces are replaced for each engine (see `src/engine.rs`). Scores are whole
-- millionths (820000 is 0.82), because the evidence of a score has to add up to it exactly; times are microseconds since
-- 1970 in UTC.

CREATE TABLE users (
    id                  {uuid} PRIMARY KEY,
    email               VARCHAR(320) {bytewise} NOT NULL UNIQUE,
    organization        VARCHAR(255) {bytewise},
    tier                VARCHAR(50) {bytewise} NOT NULL DEFAULT 'basic',
    rate_limit_per_hour BIGINT NOT NULL DEFAULT 100,
    created_at          {timestamp} NOT NULL,
    is_active           BOOLEAN NOT NULL DEFAULT TRUE
);

CREATE TABLE api_keys (
    id         {uuid} PRIMARY KEY,
    user_id    {uuid} NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    key_hash   VARCHAR(64) {bytewise} NOT NULL UNIQUE,
    name       VARCHAR(255) {bytewise} NOT NULL,
    last_used  {timestamp},
    created_at {timestamp} NOT NULL,
    expires_at {timestamp},
    is_active  BOOLEAN NOT NULL DEFAULT TRUE
);
CREATE INDEX idx_api_keys_user ON api_keys (user_id);

CREATE TABLE processing_jobs (
    id            {uuid} PRIMARY KEY,
    user_id       {uuid} REFERENCES users (id) ON DELETE SET NULL,
    job_type      VARCHAR(50) {bytewise} NOT NULL,
    status        VARCHAR(50) {bytewise} NOT NULL DEFAULT 'queued',
    progress      BIGINT NOT NULL DEFAULT 0,
    parameters    {json},
    results       {json},
    error_message TEXT {bytewise},
    created_at    {timestamp} NOT NULL,
    started_at    {timestamp},
    completed_at  {timestamp}
);
CREATE INDEX idx_jobs_user ON processing_jobs (user_id);
CREATE INDEX idx_jobs_status ON processing_jobs (status);
CREATE INDEX idx_jobs_created ON processing_jobs (created_at);

-- `modality` (free text, such as 'mi') and `helper_profile` choose how its conversations are scored.
CREATE TABLE datasets (
    name           VARCHAR(255) {bytewise} PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 255),
    description    TEXT {bytewise},
    licence        TEXT {bytewise},
    consent_basis  TEXT {bytewise},
    source_kind    TEXT {bytewise},
    modality       VARCHAR(255) {bytewise},
    helper_profile VARCHAR(20) {bytewise} CHECK (helper_profile IN ('licensed', 'trainee', 'peer', 'ai', 'unknown')),
    created_at     {timestamp} NOT NULL,
    updated_at     {timestamp} NOT NULL
);

-- Kept with each change, so that totals, the average and the distribution of tiers never need a scan.
-- The tier '' counts conversations without a score.
CREATE TABLE dataset_statistics (
    dataset_name  VARCHAR(255) {bytewise} NOT NULL REFERENCES datasets (name) ON DELETE CASCADE,
    tier          VARCHAR(50) {bytewise} NOT NULL,
    conversations BIGINT NOT NULL DEFAULT 0,
    messages      BIGINT NOT NULL DEFAULT 0,
    words         BIGINT NOT NULL DEFAULT 0,
    quality_sum   BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (dataset_name, tier)
);

CREATE TABLE conversations (
    id             {uuid} PRIMARY KEY,
    dataset_name   VARCHAR(255) {bytewise} NOT NULL REFERENCES datasets (name),
    source_id      TEXT {bytewise} NOT NULL,
    user_id        {uuid} REFERENCES users (id) ON DELETE SET NULL,
    tier           VARCHAR(50) {bytewise},
    quality_score  BIGINT CHECK (quality_score BETWEEN 0 AND 1000000),
    message_count  BIGINT NOT NULL,
    word_count     BIGINT NOT NULL,
    language       VARCHAR(16) {bytewise} NOT NULL,
    content_digest {blob} NOT NULL,
    text_digest    {blob} NOT NULL,
    pair_id        TEXT {bytewise},
    preference     VARCHAR(8) {bytewise} CHECK (preference IN ('chosen', 'rejected')),
    created_at     {timestamp} NOT NULL,
    updated_at     {timestamp} NOT NULL,
    metadata       {json}
){clustered}{by_id};
CREATE INDEX idx_conversations_dataset ON conversations (dataset_name, id);
CREATE INDEX idx_conversations_dataset_quality ON conversations (dataset_name, quality_score, id);
CREATE INDEX idx_conversations_tier ON conversations (tier, quality_score, id);
CREATE INDEX idx_conversations_quality ON conversations (quality_score, id);
CREATE INDEX idx_conversations_created ON conversations (created_at);
CREATE INDEX idx_conversations_quality_tier ON conversations (tier, quality_score DESC) WHERE quality_score >= 700000;
CREATE INDEX idx_conversations_text ON conversations (text_digest);
CREATE INDEX idx_conversations_pair ON conversations (dataset_name, pair_id, id) WHERE pair_id IS NOT NULL;
CREATE INDEX idx_conversations_user ON conversations (user_id) WHERE user_id IS NOT NULL;

-- Apart from `conversations`, which PostgreSQL partitions by id, so that a source's own id stays unique in a dataset.
-- Written and removed together with its conversation; a reference would cost each insert an index that nothing else reads.
CREATE TABLE source_ids (
    dataset_name    VARCHAR(255) {bytewise} NOT NULL REFERENCES datasets (name),
    source_id       TEXT {bytewise} NOT NULL,
    conversation_id {uuid} NOT NULL,
    content_digest  {blob} NOT NULL,
    PRIMARY KEY (dataset_name, source_id)
){clustered};

CREATE TABLE messages (
    id              {uuid} NOT NULL,
    conversation_id {uuid} NOT NULL{of_conversation},
    role            VARCHAR(20) {bytewise} NOT NULL CHECK (role IN ('user', 'assistant', 'system', 'tool')),
    speaker         TEXT {bytewise},
    content         TEXT {bytewise} NOT NULL,
    sequence_number BIGINT NOT NULL,
    timestamp       {timestamp},
    timestamp_exact TEXT {bytewise},
    metadata        {json},
    emotion         VARCHAR(32) {bytewise},
    language        VARCHAR(16) {bytewise},
    PRIMARY KEY (id{partition_key})
){by_conversation};
CREATE UNIQUE INDEX idx_messages_conversation ON messages (conversation_id, sequence_number);

CREATE TABLE annotations (
    conversation_id {uuid} NOT NULL{of_conversation},
    position        BIGINT NOT NULL,
    layer           TEXT {bytewise} NOT NULL,
    annotator       TEXT {bytewise} NOT NULL,
    sequence_number BIGINT,
    span_start      BIGINT,
    span_end        BIGINT,
    value           TEXT {bytewise} NOT NULL,
    PRIMARY KEY (conversation_id, position)
){clustered}{by_conversation};

CREATE TABLE quality_metrics (
    conversation_id        {uuid} PRIMARY KEY{of_conversation},
    validator              VARCHAR(100) {bytewise} NOT NULL,
    therapeutic_accuracy   BIGINT,
    conversation_coherence BIGINT,
    emotional_authenticity BIGINT,
    clinical_compliance    BIGINT,
    safety_score           BIGINT,
    overall_quality        BIGINT,
    overall_low            BIGINT,
    overall_high           BIGINT,
    tier                   VARCHAR(50) {bytewise},
    tier_probability       DOUBLE PRECISION,
    not_scorable           {json},
    validation_timestamp   {timestamp} NOT NULL,
    validation_version     VARCHAR(100) {bytewise} NOT NULL
){clustered}{by_conversation};
CREATE INDEX idx_quality_therapeutic ON quality_metrics (therapeutic_accuracy);
CREATE INDEX idx_quality_overall ON quality_metrics (overall_quality);

-- What further validators say, a row for each metric; a row with the metric '' says that one could not score, and why.
CREATE TABLE validator_scores (
    conversation_id {uuid} NOT NULL{of_conversation},
    validator       VARCHAR(100) {bytewise} NOT NULL,
    metric          VARCHAR(100) {bytewise} NOT NULL,
    value           BIGINT,
    not_scorable    {json},
    version         VARCHAR(100) {bytewise} NOT NULL,
    PRIMARY KEY (conversation_id, validator, metric)
){clustered}{by_conversation};

CREATE TABLE readings (
    conversation_id {uuid} PRIMARY KEY{of_conversation},
    version         VARCHAR(100) {bytewise} NOT NULL,
    body            {blob} NOT NULL
){by_conversation};

-- What the search index follows. No reference: a removal outlives what was removed.
CREATE TABLE changes (
    seq             {serial},
    conversation_id {uuid} NOT NULL,
    kind            VARCHAR(8) {bytewise} NOT NULL CHECK (kind IN ('upsert', 'remove'))
);
