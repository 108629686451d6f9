//! Reads each message once: tokens, emotions, skills, risk language, conduct - as signals.
