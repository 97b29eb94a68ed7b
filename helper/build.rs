//! The page is embedded when the program is compiled: a rebuilt page is a reason to compile.

fn main() {
    println!("cargo::rerun-if-changed=../frontend/dist");
}
