//! stub being written elsewhere
use crate::engine::Language;
/// x
pub fn words(_bytes: &[u8], n: usize, _language: Language) -> Vec<&'static str> {
    vec!["x"; n]
}
