//! The program itself: its accept loop, and what an operator does with it at the command line.

mod admin;
mod backups;
mod certificates;
mod command_line;
mod crash;
pub(crate) mod demo;
mod door;
mod encrypted;
mod enquiries;
mod guide;
mod health;
mod large;
mod lease;
mod operator;
mod pictures;
pub(crate) mod place;
mod profiles;
mod reload;
mod restart;
mod storm;
mod streams;
mod terminal;
mod visits;
mod watching;
