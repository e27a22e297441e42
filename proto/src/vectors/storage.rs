//! The slot, its two copies, and sealed records.

use serde_json::{Value, json};

use super::{draws, hex, hold};
use crate::secret::Said;
use crate::vault::{self, Commit, Cost, Erase, Leaf, Lock, Name, Place, Put};

fn shown(commit: &Commit) -> Value {
    let write = |write: &vault::Write| json!({"key": hex(write.key.as_bytes()), "value": write.value.as_ref().map(hex)});
    json!({"batch": commit.batch.iter().map(write).collect::<Vec<_>>(), "copy": slot(&commit.slot)})
}

/// A page, whole.
fn slot(page: &vault::SlotPage) -> String {
    hex(page.as_bytes())
}

#[test]
fn a_vault_stands_on_the_disk_as_is_kept() {
    let lock = Lock::Device(&[50; 32]);
    let [salt, now, next, names, root_nonce, after, copy_nonce] =
        draws(51, [32, 32, 32, 32, 24, 32, 24]);
    let (mut it, header, first) = vault::create(&lock, [51; 32]).unwrap();
    let put = Put {
        name: Name(b"alma".to_vec()),
        place: Place::State,
        leaf: Leaf(b"leaf".to_vec()),
        renew: true,
        body: Said::new(b"salut".to_vec()),
    };
    let second = it.plan([(vec![put], vec![])], [52; 32]).unwrap();
    let [
        leaf,
        record_nonce,
        table_2,
        table_2_nonce,
        table_1,
        table_1_nonce,
        root_nonce_2,
        after_2,
        copy_nonce_2,
    ] = draws(52, [32, 24, 32, 24, 32, 24, 24, 32, 24]);
    let third = it
        .plan(
            [(vec![], vec![Erase::Leaf(Leaf(b"leaf".to_vec()))])],
            [53; 32],
        )
        .unwrap();
    let record = &second.batch[0];
    assert!(
        it.open_record(&record.key, record.value.as_ref().unwrap())
            .is_err(),
        "erased"
    );
    let nonces = [
        record_nonce.as_str(),
        &table_2_nonce,
        &table_1_nonce,
        &root_nonce_2,
    ];
    for (write, nonce) in second.batch.iter().zip(nonces) {
        assert_eq!(hex(&write.value.as_ref().unwrap()[1..25]), nonce);
    }
    assert_eq!(hex(&second.slot.as_bytes()[..24]), copy_nonce_2);
    assert_eq!(hex(&header.as_bytes()[30..62]), salt);
    let cost = Cost::FLOOR;
    let (_, passphrase, _) = vault::create(
        &Lock::Passphrase {
            text: "châtaigne".as_bytes(),
            cost,
        },
        [54; 32],
    )
    .unwrap();
    let computed = json!({
        "what": "PROTOCOL §8 STORAGE. A vault under a device key, one record written, its leaf erased; then a header with a passphrase.",
        "device_key": hex([50; 32]),
        "create": {
            "entropy": hex([51; 32]), "salt": salt, "now": now, "next": next, "names": names, "root_nonce": root_nonce,
            "next_after": after, "copy_nonce": copy_nonce, "header": slot(&header), "commit": shown(&first),
        },
        "write": {
            "entropy": hex([52; 32]), "leaf_key": leaf, "record_nonce": record_nonce, "table_2": table_2, "table_2_nonce": table_2_nonce,
            "table_1": table_1, "table_1_nonce": table_1_nonce, "root_nonce": root_nonce_2, "next_after": after_2, "copy_nonce": copy_nonce_2,
            "name": hex("alma"), "place": "s", "leaf": hex("leaf"), "body": hex("salut"), "commit": shown(&second),
        },
        "erase": {"entropy": hex([53; 32]), "leaf": hex("leaf"), "commit": shown(&third)},
        "passphrase": {
            "entropy": hex([54; 32]), "passphrase": hex("châtaigne"), "memory_kib": cost.memory_kib, "passes": cost.passes,
            "lanes": cost.lanes, "header": slot(&passphrase),
        },
    });
    hold("vault", &computed);
}
