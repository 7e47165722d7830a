//! Builds anew when the parts of `web/` that are embedded change.

fn main() {
    for folder in ["../../web/docs/dist", "../../web/widget/dist"] {
        println!("cargo::rerun-if-changed={folder}");
    }
}
