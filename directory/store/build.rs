//! Rebuilds the crate when a migration is added: the embedding macro only notices changed files.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
