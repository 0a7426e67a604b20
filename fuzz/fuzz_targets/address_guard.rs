//! See `inkstone::fuzzing::address_guard`, where the property stands.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| inkstone::fuzzing::address_guard(data));
