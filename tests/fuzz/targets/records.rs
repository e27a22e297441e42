//! The records of a link, changed on their way: what is heard is what was said, up to the first that
//! is not whole, and nothing after it.

use kith_proto::link::testing::linked;
use kith_proto::link::{RECORD_HEAD_BYTES, Records};

use super::script::Script;

const RECORDS_MAX: usize = 16;

/// One end says this, the other hears what the script made of it.
pub(crate) fn records(script: &mut Script<'_>) {
    let (mut from, mut to) = linked();
    let (mut said, mut wire) = (Vec::new(), Vec::new());
    let records = usize::from(script.u8()) % RECORDS_MAX;
    for _ in 0..records {
        let (rekey, data) = (script.u8() & 1 == 1, script.long());
        let taken = from.seal(data, rekey, &mut wire);
        said.extend_from_slice(&data[..taken.expect("a record")]);
    }
    let whole = wire.clone();
    while !script.is_over() {
        script.damage(&mut wire);
    }
    let heard = heard(&mut to, &wire);
    assert!(said.starts_with(&heard), "something else is heard");
    assert!(wire != whole || heard == said, "what was said is lost");
}

/// What is heard of these bytes until one record is not whole; after that nothing, ever.
fn heard(to: &mut Records, mut wire: &[u8]) -> Vec<u8> {
    let mut heard = Vec::new();
    while let Some((head, rest)) = wire.split_first_chunk::<RECORD_HEAD_BYTES>() {
        let record = match to.length(*head) {
            Ok(length) => rest.split_at_checked(length),
            Err(_) => Some((rest, rest)),
        };
        let Some((record, after)) = record else { break };
        if to.open(record, &mut heard).is_err() {
            assert!(to.length(*head).is_err(), "a link goes on after its end");
            break;
        }
        wire = after;
    }
    heard
}
