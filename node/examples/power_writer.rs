//! Writes sealed commits and says which are on the disk, for `tests/power_cuts.py` to cut its power.
//!
//! Each commit adds some records and erases the oldest; a state record says which are there. So
//! whoever reads a store later knows what must be in it, and what must not, by one line that this
//! program wrote about its last commit.

use std::error::Error;
use std::io::{self, BufRead, Write as _};
use std::ops::Range;
use std::path::Path;
use std::time::{Duration, Instant};

use kith_node::store::{Gauge, Moment, Store, contains_panics};
use kith_proto::limits::RECORD_BODY_BYTES_MAX;
use kith_proto::secret::Said;
use kith_proto::vault::{self, Commit, Erase, Leaf, Lock, Name, Place, Put, RecordKey, Vault};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const LOCK: Lock<'static> = Lock::Device(&[7; 32]);
/// The state record.
const STATE: &[u8] = b"state";
/// Records that one commit adds at most.
const ADDED_MAX: u64 = 16;
/// Before the live ones, so many erased ones are looked for.
const ERASED_CHECKED: u64 = 4000;
/// A sealed record is shown of so many, to be tried again when it is erased.
const SHOWN_EVERY: u64 = 32;

const USAGE: &str = "power_writer make DIR
power_writer write DIR [COMMITS_BETWEEN_RECLAIMS]
power_writer verify DIR FIRST END < SEALED
power_writer measure DIR MIB
power_writer churn DIR COMMITS CAP_MIB RECORDS
";

fn main() -> Result<()> {
    let say_it = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !contains_panics() {
            say_it(panic);
        }
    }));
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["make", dir] => make(dir.as_ref()).map(drop),
        ["write", dir] => write(dir.as_ref(), u64::MAX),
        ["write", dir, reclaims] => write(dir.as_ref(), reclaims.parse()?),
        ["verify", dir, first, end] => verify(dir.as_ref(), first.parse()?..end.parse()?),
        ["measure", dir, mib] => measure(dir.as_ref(), mib.parse()?),
        ["churn", dir, commits, cap_mib, records] => churn(
            dir.as_ref(),
            commits.parse()?,
            cap_mib.parse()?,
            records.parse()?,
        ),
        _ => Err(USAGE.into()),
    }
}

fn random() -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| "no randomness")?;
    Ok(bytes)
}

fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

fn make(dir: &Path) -> Result<(Vault, Store)> {
    std::fs::create_dir_all(dir)?;
    let (mut vault, header, first) = vault::create(&LOCK, random()?)?;
    let mut store = Store::create(dir, &header, &first)?;
    let commit = vault.plan([(vec![state(&(0..0))], Vec::new())], random()?)?;
    store.commit(&commit)?;
    Ok((vault, store))
}

/// Opens it and says which records are there.
fn open(dir: &Path) -> Result<(Vault, Store, Range<u64>)> {
    let mut store = Store::open(dir)?;
    let [a, b] = store.slot_copies()?;
    let header = store.slot_header()?;
    let fetch = |key: &RecordKey| store.get(key).ok().flatten();
    let (vault, repair) = vault::open(&header, [&a, &b], &LOCK, random()?, fetch)?;
    if let Some(repair) = repair {
        store.repair(&repair)?;
    }
    let key = vault.key_of(Place::State, &Name(STATE.to_vec()));
    let sealed = store.get(&key)?.ok_or("the state record is lost")?;
    let (_, body) = vault.open_record(&key, &sealed)?;
    let (first, end) = body.split_at(8);
    let live = u64::from_le_bytes(first.try_into()?)..u64::from_le_bytes(end.try_into()?);
    Ok((vault, store, live))
}

fn state(live: &Range<u64>) -> Put {
    let body = [live.start.to_le_bytes(), live.end.to_le_bytes()].concat();
    put(STATE, Place::State, body)
}

fn put(name: &[u8], place: Place, body: Vec<u8>) -> Put {
    Put {
        name: Name(name.to_vec()),
        place,
        leaf: Leaf(name.to_vec()),
        renew: true,
        body: Said::new(body),
    }
}

fn name(n: u64) -> [u8; 8] {
    n.to_le_bytes()
}

/// Some number that only depends on `n`.
fn mixed(n: u64) -> u64 {
    let n = (n ^ (n >> 31)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    n ^ (n >> 29)
}

/// What the record of this number holds: of any length that fits.
fn body(n: u64) -> Vec<u8> {
    let bytes = mixed(n) as usize % RECORD_BODY_BYTES_MAX;
    vec![mixed(n + 1).to_le_bytes()[0]; bytes]
}

/// The next commit, and what lives after it. The number of records swings between 100 and 3000, so
/// that files grow, stand, and hold waste.
fn next(vault: &mut Vault, live: &Range<u64>) -> Result<(Commit, Range<u64>)> {
    let wanted = 100 + (live.end % 6000).abs_diff(3000);
    let end = live.end + 1 + mixed(live.end) % ADDED_MAX;
    let first = live
        .start
        .max(end.saturating_sub(wanted))
        .min(live.start + 2 * ADDED_MAX);
    step(vault, live, first..end)
}

fn step(vault: &mut Vault, live: &Range<u64>, then: Range<u64>) -> Result<(Commit, Range<u64>)> {
    let mut puts = vec![state(&then)];
    puts.extend((live.end..then.end).map(|n| put(&name(n), Place::Body, body(n))));
    let erases = (live.start..then.start).flat_map(|n| {
        let name = name(n).to_vec();
        [
            Erase::Record(Name(name.clone()), Place::Body),
            Erase::Leaf(Leaf(name)),
        ]
    });
    let commit = vault.plan([(puts, erases.collect())], random()?)?;
    Ok((commit, then))
}

fn write(dir: &Path, reclaims: u64) -> Result<()> {
    let (mut vault, mut store, mut live) = open(dir)?;
    // What was found is durable too, whoever heard of it before.
    say(&format!("open {} {}", live.start, live.end))?;
    for n in 1.. {
        let (commit, then) = next(&mut vault, &live)?;
        store.commit(&commit)?;
        let shown = (live.end..then.end).find(|n| n % SHOWN_EVERY == 0);
        live = then;
        say(&format!("{} {}", live.start, live.end))?;
        if let Some(n) = shown {
            let key = vault.key_of(Place::Body, &Name(name(n).to_vec()));
            let sealed = store.get(&key)?.ok_or("what was committed is not there")?;
            say(&format!(
                "sealed {n} {} {}",
                hex(key.as_bytes()),
                hex(&sealed)
            ))?;
        }
        if n % reclaims == 0 {
            say("reclaim")?;
            store.reclaim()?;
            say("reclaimed")?;
        }
    }
    Ok(())
}

/// Whether all that was acknowledged is there, and all that was erased is gone. Standard input has
/// sealed records as `write` showed them.
fn verify(dir: &Path, acknowledged: Range<u64>) -> Result<()> {
    let began = Instant::now();
    let (vault, store, live) = open(dir)?;
    let open_ms = began.elapsed().as_millis();
    let last = acknowledged.end + ADDED_MAX;
    if live.start < acknowledged.start || !(acknowledged.end..=last).contains(&live.end) {
        return Err(format!("{acknowledged:?} was acknowledged, {live:?} is there").into());
    }
    let text = |n: u64| -> Result<Option<Vec<u8>>> {
        let key = vault.key_of(Place::Body, &Name(name(n).to_vec()));
        let Some(sealed) = store.get(&key)? else {
            return Ok(None);
        };
        Ok(Some(vault.open_record(&key, &sealed)?.1.to_vec()))
    };
    for n in live.clone() {
        if text(n)?.as_deref() != Some(&body(n)) {
            return Err(format!("record {n} is lost").into());
        }
    }
    for n in live.start.saturating_sub(ERASED_CHECKED)..live.start {
        if text(n)?.is_some() {
            return Err(format!("record {n} was erased and is there").into());
        }
    }
    let mut tried = 0;
    for line in io::stdin().lock().lines() {
        let line = line?;
        let mut parts = line.split(' ');
        let mut part = || parts.next().ok_or("a line of sealed records is too short");
        let n: u64 = part()?.parse()?;
        let key = RecordKey::from_bytes(&unhex(part()?)?).ok_or("no key")?;
        let opens = vault.open_record(&key, &unhex(part()?)?).is_ok();
        if opens && n < live.start {
            return Err(format!("record {n} was erased and opens").into());
        }
        tried += u64::from(n < live.start);
    }
    let count = live.end - live.start;
    say(&format!(
        "{count} records, {tried} erased ones tried, opened in {open_ms} ms"
    ))?;
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Result<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2);
    let pairs = pairs.map(|pair| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?));
    pairs.collect()
}

const MIB: f64 = 1024.0 * 1024.0;

fn mib(bytes: u64) -> f64 {
    bytes as f64 / MIB
}

/// How long opening and a reclaim take while so much lives.
fn measure(dir: &Path, mib_live: u64) -> Result<()> {
    let (mut vault, mut store) = make(dir)?;
    let mut live = 0..0;
    while store.live_bytes() < mib_live << 20 {
        let then = live.start..live.end + 256;
        let (commit, then) = step(&mut vault, &live, then)?;
        store.commit(&commit)?;
        live = then;
    }
    let shown = |store: &Store, what: &str, took: Duration| -> Result<()> {
        let (lives, files) = (mib(store.live_bytes()), mib(store.bytes_on_disk()?));
        let took = took.as_millis();
        Ok(say(&format!(
            "{what}: {took} ms; {lives:.1} MiB live, {files:.1} MiB of files"
        ))?)
    };
    shown(&store, "written", Duration::ZERO)?;
    drop((vault, store));
    let began = Instant::now();
    let (_, mut store, _) = open(dir)?;
    shown(&store, "open", began.elapsed())?;
    let began = Instant::now();
    store.reclaim()?;
    shown(&store, "reclaim", began.elapsed())?;
    drop(store);
    let began = Instant::now();
    let (_, store, _) = open(dir)?;
    shown(&store, "open", began.elapsed())
}

/// How much the files take under steady churn, with reclaims when they are due.
fn churn(dir: &Path, commits: u64, cap_mib: u64, records: u64) -> Result<()> {
    let (mut vault, mut store) = make(dir)?;
    let mut gauge = Gauge::new(&store, cap_mib << 20);
    let (mut live, mut most, mut reclaims) = (0..0u64, 0, 0);
    let mut reclaiming = Duration::ZERO;
    let began = Instant::now();
    for n in 1..=commits {
        let then = live.end.saturating_sub(records)..live.end + 2;
        let (commit, then) = step(&mut vault, &live, then)?;
        if gauge.reclaim_is_due(Moment::Before(16 * 1024)) {
            let began = Instant::now();
            store.reclaim()?;
            reclaiming += began.elapsed();
            reclaims += 1;
        }
        store.commit(&commit)?;
        live = then;
        let used = gauge.look(Some(store.live_bytes())).used;
        most = most.max(used);
        if n % (commits / 10).max(1) == 0 {
            let (lives, most) = (mib(store.live_bytes()), mib(most));
            say(&format!(
                "{n} commits in {:.1} s, {reclaims} reclaims in {:.1} s; {lives:.1} MiB live, \
                 files {:.1} MiB, at most {most:.1}",
                began.elapsed().as_secs_f64(),
                reclaiming.as_secs_f64(),
                mib(used),
            ))?;
        }
    }
    Ok(())
}
