//! One function for each thing a user can ask for; called by every door.
