//! The program `switchboard`: the only place that knows every other crate. It reads the
//! configuration, builds the parts, serves them, and holds no logic of its own.

pub mod settings;
