//! The answer to a DELETE.

use poem_openapi::ApiResponse;

/// Nothing is left to show.
#[derive(Debug, ApiResponse)]
pub enum Removed {
    /// Done.
    #[oai(status = 204)]
    Gone(
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}
