//! Records that no node wrote, under the keys of one that did: for tests that damage what a seal
//! protects; in no program.

pub use super::backup::testing::{backup, changed_backup, contents, open_backup, same_lock};
use super::{RecordKey, Vault, seal};
use crate::kdf::Entropy;
use crate::secret::Said;

/// The database's value under `key` with other bytes inside: what `change` makes of them, sealed anew
/// where they stood. Nothing if this vault does not open it, or the record is too long.
pub fn changed(
    vault: &Vault,
    key: &RecordKey,
    sealed: &[u8],
    change: impl FnOnce(&mut Vec<u8>),
) -> Option<Vec<u8>> {
    let mut entropy = Entropy::new(*blake3::hash(sealed).as_bytes());
    let place = key.as_bytes();
    if key.place().is_some() {
        let (leaf, inside) = vault.hider.unmark(key, sealed).ok()?;
        let leaf_key = vault.tree.leaf_key(leaf)?;
        let mut plain = seal::open(leaf_key, place, inside)?.to_vec();
        change(&mut plain);
        let inside = Said::new(plain);
        let leaf = (leaf, leaf_key);
        return vault.hider.envelop(key, leaf, &inside, &mut entropy).ok();
    }
    let tables = vault.tree.table_keys();
    let (table_key, plain) = core::iter::once(&vault.roots.now)
        .chain(tables)
        .find_map(|with| Some((with, seal::open(with, place, sealed)?)))?;
    let mut plain = plain.to_vec();
    change(&mut plain);
    seal::seal(table_key, place, &Said::new(plain), &mut entropy).ok()
}

/// The sum at the end of a slot's header over all before it.
pub fn sum(head: &[u8]) -> [u8; 32] {
    *blake3::hash(head).as_bytes()
}
