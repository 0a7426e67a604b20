//! See `inkstone::fuzzing::front_matter`, where the property stands.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| inkstone::fuzzing::front_matter(data));
