//! The `inkstone` binary.

fn main() {}
