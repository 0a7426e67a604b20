//! The published list of problems is the one that the server speaks.

#[path = "support/reviewed.rs"]
mod reviewed;

#[test]
fn the_reviewed_list_equals_the_table() {
    reviewed::reviewed("docs/problems.md", &inkstone::http::problem::published_list());
}
