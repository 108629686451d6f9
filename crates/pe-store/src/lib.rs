//! What must last: conversations, scores, datasets and jobs in SQL.
