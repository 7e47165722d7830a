//! The program itself: its accept loop, and what an operator does with it at the command line.

mod certificates;
mod demo;
mod door;
mod operator;
mod streams;
mod visits;
