//! LDIF and CSV files on the gateway's machine, below the one folder that is allowed.
//!
//! Files are read line by line under limits, never as a whole. Everything outside the folder,
//! also by way of a symbolic link, and everything that is not an ordinary file reads as missing.

mod config;
mod csv;
mod ldif;
pub(crate) mod look;
pub(crate) mod people;
pub(crate) mod photos;
pub(crate) mod probe;
