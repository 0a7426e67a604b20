//! See `inkstone::fuzzing::queries`, where the property stands.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| inkstone::fuzzing::queries(data));
