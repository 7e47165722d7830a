//! LDIF and CSV files.

pub mod people;
