//! Builds anew when the parts of `web/` that are embedded change.

#[expect(clippy::print_stdout, reason = "this is how a build script talks to cargo")]
fn main() {
    for folder in ["../../web/docs/dist", "../../web/widget/dist"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
