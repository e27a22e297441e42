//! A friend who leaves more than anybody has room for. `KITH_PARCELS=1000000` makes it the long one.

use std::collections::BTreeMap;

use super::rig::{Rig, keys, of_generation, parcel};
use crate::limits::{
    BUCKETS, GENERATIONS_LIVE, TOKENS_PER_GENERATION, VISIT_PARCELS_MAX, VISITS_PER_MINUTE_MAX,
};
use crate::mailbox::deposit::Left;

/// How many where nobody asks for more: some seconds of the test profile.
const PARCELS: u32 = 100_000;
/// What the flooded box may hold, in bytes.
const QUOTA: u64 = 100 * BUCKETS[0] as u64;
/// What the bitmaps of the generations that come to live take, with what goes before each, in bytes.
const SPENT: usize = (GENERATIONS_LIVE - 1) * (TOKENS_PER_GENERATION as usize / 8 + 16);

fn bytes(records: &BTreeMap<Vec<u8>, Vec<u8>>) -> usize {
    records.values().map(Vec::len).sum()
}

#[test]
#[allow(clippy::disallowed_methods, reason = "who runs it says how long it is")]
fn however_many_parcels_come_a_box_holds_its_quota_and_others_lose_nothing() {
    let parcels = std::env::var("KITH_PARCELS").ok();
    let parcels = parcels.map_or(PARCELS, |number| number.parse().unwrap());
    let (mut rig, flooded, other) = (Rig::with(&[2]), keys(1), keys(2));
    rig.grant(1, QUOTA);
    rig.leave(&other, of_generation(&other, 0, 1), &[parcel(9), parcel(8)]);
    let others = bytes(&rig.bodies);
    let many = vec![parcel(7); VISIT_PARCELS_MAX as usize];
    let (mut stored, mut refused, mut state) = (0, 0, 0);
    for visit in 0..parcels.div_ceil(VISIT_PARCELS_MAX) {
        let per_generation = u32::from(TOKENS_PER_GENERATION);
        let (generation, number) = (visit / per_generation, visit % per_generation);
        let token = of_generation(&flooded, generation as u16, number as u16);
        for left in rig.leave(&flooded, token, &many) {
            match left {
                Left::Stored => stored += 1,
                _ => refused += 1,
            }
        }
        assert!(
            bytes(&rig.bodies) - others <= QUOTA as usize,
            "visit {visit}"
        );
        // Once the box is full the keeper remembers no more of it but which tokens were spent.
        match visit {
            0 | 1 => state = bytes(&rig.state),
            _ => assert!(bytes(&rig.state) <= state + SPENT, "visit {visit}"),
        }
        if visit % VISITS_PER_MINUTE_MAX == VISITS_PER_MINUTE_MAX - 1 {
            rig.pass(1);
        }
    }
    assert_eq!(stored, 100);
    assert!(stored + refused >= parcels, "each was answered");
    assert_eq!(rig.fetch(&other, 10), [(0, parcel(9)), (1, parcel(8))]);
    assert_eq!(rig.fetch(&flooded, 10).len(), 100);
    assert_eq!(bytes(&rig.bodies), 0);
}
