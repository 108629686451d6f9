//! The trainer of the small models that are built into the program. Nobody who uses the program needs it; whoever wants to
//! check or to change a model runs it and gets the same bytes.

fn main() {}
