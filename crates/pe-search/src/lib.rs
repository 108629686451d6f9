//! Full-text search over messages; derived from the store and rebuildable.
