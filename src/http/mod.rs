//! What every endpoint shares.

pub mod access_log;
pub mod auth;
pub mod catch;
pub mod etag;
pub mod headers;
pub mod json;
pub mod limits;
pub mod listeners;
pub mod operations;
pub mod origin;
pub mod page;
pub mod problem;
pub mod request_id;
pub mod sections;
pub mod serialized;
pub mod shape;
pub mod strict;
mod timestamp;
