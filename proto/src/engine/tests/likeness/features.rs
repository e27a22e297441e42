//! What can be counted in a transcript: lengths, fields, timings, byte statistics.

use super::Seen;
use crate::forge::What;
use crate::forge::what;

/// Parcels that are looked at one by one; all are looked at together.
const FIRST: usize = 8;

/// Numbers of a transcript, as many and in the same order for each.
pub(super) fn features(seen: &[Seen]) -> Vec<f64> {
    let mut found = Vec::new();
    lengths(seen, &mut found);
    fields(seen, &mut found);
    timings(seen, &mut found);
    bytes(seen, &mut found);
    found
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}

fn flag(is: bool) -> f64 {
    f64::from(u8::from(is))
}

/// The `n`-th of the first parcels, or nothing.
fn each(seen: &[Seen], of: impl Fn(usize, &Seen) -> f64) -> impl Iterator<Item = f64> {
    (0..FIRST).map(move |n| seen.get(n).map_or(-1.0, |seen| of(n, seen)))
}

fn lengths(seen: &[Seen], to: &mut Vec<f64>) {
    to.push(seen.len() as f64);
    to.push(mean(seen.iter().map(|seen| seen.parcel.len() as f64)));
    to.extend(each(seen, |_, seen| seen.parcel.len() as f64));
    let payload = |seen: &Seen| {
        seen.laid
            .payload
            .as_ref()
            .map_or(-1.0, |said| said.len() as f64)
    };
    // How long the texts are was said by who wrote them.
    let short = |seen: &Seen| payload(seen).min(64.0);
    to.extend(each(seen, |_, seen| short(seen)));
}

fn fields(seen: &[Seen], to: &mut Vec<f64>) {
    to.extend(each(seen, |n, seen| {
        let mine = flag(seen.mine);
        if n < 4 { mine } else { 0.0 }
    }));
    let field = |seen: &Seen, of: fn(&crate::forge::Fields) -> u32| {
        seen.laid
            .fields
            .as_ref()
            .map_or(-1.0, |fields| f64::from(of(fields)))
    };
    to.extend(each(seen, |_, seen| field(seen, |fields| fields.n)));
    to.extend(each(seen, |_, seen| field(seen, |fields| fields.pn)));
    let kind = |seen: &Seen| {
        seen.laid
            .payload
            .as_ref()
            .map_or(0.0, |said| f64::from(said[0]))
    };
    let ratchet = |seen: &&Seen| seen.laid.fields.is_some();
    to.push(mean(seen.iter().filter(ratchet).map(kind)));
    // One key for each chain.
    let mut keys: Vec<_> = seen
        .iter()
        .filter_map(|seen| seen.laid.fields)
        .map(|f| f.dh)
        .collect();
    let parcels = keys.len();
    keys.sort_unstable();
    keys.dedup();
    to.push(parcels as f64 - keys.len() as f64);
    let high = |seen: &Seen| {
        flag(
            seen.laid
                .fields
                .is_some_and(|fields| fields.dh[31] & 0x40 > 0),
        )
    };
    to.push(mean(seen.iter().filter(ratchet).map(high)));
    let texts = seen.iter().filter_map(|seen| {
        let What::Text { number, minute, .. } = what(seen.laid.payload.as_ref()?)? else {
            return None;
        };
        let said_at = seen.at_ms as f64 / 60_000.0 - f64::from(minute);
        Some((f64::from(number), said_at))
    });
    let texts: Vec<_> = texts.collect();
    to.push(mean(texts.iter().map(|(number, _)| *number)));
    to.push(mean(texts.iter().map(|(_, late)| *late)));
    // Incarnation, and how long it is to be kept.
    for range in [17..19, 27..31] {
        let head = |seen: &Seen| {
            let said = seen.laid.payload.as_ref().filter(|said| said[0] == 3)?;
            Some(mean(
                said.get(range.clone())?.iter().map(|byte| f64::from(*byte)),
            ))
        };
        to.push(mean(seen.iter().filter(ratchet).filter_map(head)));
    }
}

fn timings(seen: &[Seen], to: &mut Vec<f64>) {
    // The pause before a text is a person's.
    let gap = |n: usize, it: &Seen| match n.checked_sub(1).and_then(|before| seen.get(before)) {
        Some(before) => (it.at_ms as f64 - before.at_ms as f64).min(200.0),
        None => 0.0,
    };
    to.extend(each(seen, gap));
    let answers = seen
        .iter()
        .enumerate()
        .map(|(n, it)| gap(n, it))
        .filter(|gap| *gap < 200.0);
    to.push(mean(answers));
    for round in [2, 5, 10, 1_000] {
        to.push(mean(seen.iter().map(|seen| (seen.at_ms % round) as f64)));
        to.push(mean(
            seen.iter()
                .map(|seen| flag(seen.at_ms.is_multiple_of(round))),
        ));
    }
    let offer = seen.first().and_then(|first| {
        let stamp = first.laid.payload.as_ref()?.first_chunk::<8>()?;
        Some(first.at_ms as f64 - u64::from_le_bytes(*stamp) as f64)
    });
    to.push(offer.unwrap_or(-1.0).clamp(-1_000.0, 1_000.0));
    // A text and the offer were written on the same day or a later one.
    let stamp_round = seen
        .first()
        .and_then(|first| first.laid.payload.as_ref()?.first().copied());
    to.push(f64::from(stamp_round.unwrap_or(0) & 1));
}

fn bytes(seen: &[Seen], to: &mut Vec<f64>) {
    let over = |range: core::ops::Range<usize>, of: fn(u8) -> f64| {
        let bytes = seen
            .iter()
            .flat_map(|seen| seen.parcel.get(range.clone()).unwrap_or_default());
        mean(bytes.map(|byte| of(*byte)))
    };
    // Nonce, header, its tag, body.
    for range in [0..24, 24..88, 88..104, 104..2_016] {
        to.push(over(range.clone(), f64::from));
        to.push(over(range, |byte| f64::from(byte.count_ones())));
    }
    for bit in 0..8 {
        let first = |seen: &Seen| f64::from((seen.laid.nonce[0] >> bit) & 1);
        to.push(mean(seen.iter().map(first)));
        let tag = |seen: &Seen| f64::from((seen.laid.body_tag[0] >> bit) & 1);
        to.push(mean(seen.iter().map(tag)));
        let id = |seen: &Seen| {
            let said = seen
                .laid
                .payload
                .as_ref()
                .filter(|_| seen.laid.fields.is_some())?;
            Some(f64::from((said.get(1)? >> bit) & 1))
        };
        to.push(mean(seen.iter().filter_map(id)));
    }
    to.push(chi_square(seen));
}

/// How far the bytes of all parcels are from uniform.
fn chi_square(seen: &[Seen]) -> f64 {
    let mut counts = [0.0f64; 256];
    for byte in seen.iter().flat_map(|seen| &seen.parcel) {
        counts[usize::from(*byte)] += 1.0;
    }
    let expected = counts.iter().sum::<f64>() / 256.0;
    counts
        .iter()
        .map(|count| (count - expected).powi(2) / expected)
        .sum()
}
