//! Signals to six scores with evidence, a tier, and recommendations; custom validators.
