//! Every decoder by itself. The first byte says which; a decoder gives an error, or something that is
//! written as it was read.

use std::sync::OnceLock;

use kith_node::config::{Config, ConfigError};
use kith_proto::engine::Language;
use kith_proto::file::clean_name;
use kith_proto::forge::{self, Edit, End, Pace, Party, Transcript, Words};
use kith_proto::invite::Code;
use kith_proto::limits::{BUCKETS, FILE_NAME_BYTES_MAX, KEEP_MINUTES_MAX};
use kith_proto::petname::{self, Petname, Skeleton};
use kith_proto::secret::{Key, Said};
use kith_proto::testing;
use kith_proto::time::Now;
use kith_proto::wire::{Addr, Reader, Writer};
use kith_proto::{text, words};

use super::records::records;
use super::script::Script;

/// Runs one decoder.
pub fn decoders(data: &[u8]) {
    let mut script = Script(data);
    let which = script.u8();
    let bytes = script.0;
    // What came later has the highest numbers, so that older files of the corpus stay what they were.
    match which {
        240 => return same(testing::meeting_frame(bytes), bytes),
        241 => return mailbox_frames(&mut script),
        242 => return same(testing::token_shown(bytes), bytes),
        243 => return file_name(bytes),
        _ => {}
    }
    match which % 16 {
        0 => code(bytes),
        1 => same(testing::hello(bytes), bytes),
        2 => addresses(bytes),
        3 => same(testing::payload(bytes), bytes),
        4 => same(testing::introduction(bytes), bytes),
        5 => BUCKETS
            .iter()
            .for_each(|bucket| same(testing::core(bytes, *bucket), bytes)),
        6 => parcel(&mut script),
        7 => name(bytes),
        8 => body(bytes),
        9 => nick(bytes),
        10 => listed(&mut script),
        11 => transcript(bytes),
        12 => changed_transcript(&mut script),
        13 => clocks(&mut script),
        14 => records(&mut script),
        _ => settings(bytes),
    }
}

fn same(written: Option<Vec<u8>>, read: &[u8]) {
    if let Some(written) = written {
        assert!(written == read, "another spelling of the same");
    }
}

/// Frames at a mailbox; their bodies, which must be a bucket long, are mostly zeros.
fn mailbox_frames(script: &mut Script<'_>) {
    let mut bytes = Vec::new();
    while !script.is_over() && bytes.len() < 4 * BUCKETS[2] {
        let (kind, body) = (script.u8(), script.short());
        let zeros = match script.index(6).unwrap_or(5) {
            at @ 0..3 => BUCKETS[at].saturating_sub(body.len()),
            at @ 3..5 => (BUCKETS[at - 3] + 4).saturating_sub(body.len()),
            _ => 0,
        };
        let length = (body.len() + zeros) as u32;
        bytes.push(kind);
        bytes.extend((length ^ u32::from(script.u8() / 128)).to_le_bytes());
        bytes.extend(body);
        bytes.extend(vec![0; zeros]);
    }
    same(testing::mailbox_frames(&bytes), &bytes);
}

/// A name that a friend gave a file is one line, and none of a path; cleaned twice it is the same.
fn file_name(bytes: &[u8]) {
    let said = String::from_utf8_lossy(bytes);
    let name = clean_name(&said);
    harmless(&name);
    assert!(
        !name.contains(['/', '\\', '\n']) && !name.starts_with(['.', '-', '~']),
        "a path, or an option"
    );
    assert!(!name.is_empty() && name.len() <= FILE_NAME_BYTES_MAX);
    assert_eq!(clean_name(&name), name, "a clean name is changed");
}

fn code(bytes: &[u8]) {
    let Ok(typed) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(code) = Code::parse(typed) {
        let printed = code.to_text().expect("what was read can be written");
        let again = Code::parse(&printed)
            .ok()
            .expect("what was written can be read");
        assert_eq!(*again.to_text().expect("likewise"), *printed);
        assert_eq!((code.expiry_min, code.ik), (again.expiry_min, again.ik));
        assert_eq!(Code::fitting(&code.addrs), code.addrs);
    }
}

/// What a person wrote into the node's file.
fn settings(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    match Config::parse(text) {
        Ok(config) => assert!(config.settings().keep_min <= KEEP_MINUTES_MAX),
        Err(ConfigError::Wrong { line, .. }) => assert!(line <= text.lines().count().max(1)),
        Err(_) => panic!("no word for this"),
    }
}

fn addresses(bytes: &[u8]) {
    let (mut from, mut to) = (Reader::new(bytes), Writer::new());
    while let Ok(addr) = Addr::decode(&mut from) {
        let before = to.written().len();
        addr.encode(&mut to).expect("what was read can be written");
        assert_eq!(to.written().len() - before, addr.encoded_len());
    }
    assert!(bytes.starts_with(to.written()));
}

fn parcel(script: &mut Script<'_>) {
    let (header, message) = (script.array(), script.array::<32>());
    let header = Key::fill(|bytes| *bytes = header);
    let key = Key::fill(|bytes| *bytes = message);
    let mut bytes = script.long().to_vec();
    let bucket = script.index(4).unwrap_or(3);
    bytes.resize(BUCKETS.get(bucket).copied().unwrap_or(bytes.len()), 0);
    let laid = forge::parse(&bytes, Some(&header), Some((&key, &[0; 32])));
    assert_eq!(laid.is_some(), BUCKETS.contains(&bytes.len()));
    let said = script.short();
    let _ = forge::what(said);
    let begins = forge::text_begins(said);
    assert!(begins.is_none_or(|at| at < said.len()));
}

fn name(bytes: &[u8]) {
    let Ok(typed) = std::str::from_utf8(bytes) else {
        return;
    };
    let (one, other) = typed.split_once('\n').unwrap_or((typed, "ada"));
    assert_eq!(
        petname::looks_like(one, other),
        petname::looks_like(other, one)
    );
    let _ = Skeleton::of(one);
    if let Ok(name) = Petname::parse(one) {
        let again = Petname::parse(name.as_str()).expect("a name is a name");
        assert_eq!(again.as_str(), name.as_str());
        assert!(name.is(one) && again.skeleton() == name.skeleton());
        assert!(petname::near(other, [&name]).len() <= 1);
        harmless(name.as_str());
    }
}

fn body(bytes: &[u8]) {
    let said = String::from_utf8_lossy(bytes);
    let clean = text::clean_body(&said);
    clean
        .lines()
        .for_each(|line| harmless(&line.replace('\t', "")));
    let again = text::clean_body(clean.as_str());
    assert_eq!(again.as_str(), clean.as_str(), "clean text is changed");
}

fn nick(bytes: &[u8]) {
    let said = String::from_utf8_lossy(bytes);
    if let Some(clean) = text::clean_nick(&said) {
        harmless(clean.as_str());
        let again = text::clean_nick(clean.as_str()).expect("a clean nickname is one");
        assert_eq!(
            again.as_str(),
            clean.as_str(),
            "a clean nickname is changed"
        );
    }
}

/// Nothing that moves a terminal's cursor, hides, or turns what stands beside it round.
fn harmless(line: &str) {
    let harm = |c: char| {
        c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{E0000}'..='\u{E007F}')
    };
    assert!(!line.contains(harm), "a control character is shown");
    let opens = |c: char| matches!(c, '\u{202A}' | '\u{202B}' | '\u{202D}' | '\u{202E}');
    let count = |of: &dyn Fn(char) -> bool| line.chars().filter(|c| of(*c)).count();
    assert!(
        count(&opens) <= count(&|c| c == '\u{202C}'),
        "a direction is left open"
    );
    let isolates = |c: char| matches!(c, '\u{2066}'..='\u{2068}');
    assert!(
        count(&isolates) <= count(&|c| c == '\u{2069}'),
        "an isolate is left open"
    );
}

fn listed(script: &mut Script<'_>) {
    let (n, bytes) = (usize::from(script.u8()), script.0);
    for language in [Language::French, Language::English] {
        let list = words::words(bytes, n, language);
        assert!(list.len() <= n);
    }
}

fn transcript(bytes: &[u8]) {
    let Ok(read) = Transcript::from_file(bytes) else {
        return;
    };
    let written = read.to_file();
    let again = Transcript::from_file(&written)
        .ok()
        .expect("what was written can be read");
    assert!(*again.to_file() == *written);
    let taken = forge::verify(&read).map(|heard| heard.len());
    assert_eq!(taken, forge::verify(&again).map(|heard| heard.len()));
    let _ = forge::verify_with(&parties()[0], &read);
}

fn parties() -> &'static [Party; 2] {
    static PARTIES: OnceLock<[Party; 2]> = OnceLock::new();
    PARTIES.get_or_init(|| {
        let points = [1, 2].map(|n| {
            let seed = Key::fill(|bytes| bytes.fill(n));
            *kith_proto::identity::Identity::from_seed(seed)
                .point()
                .as_bytes()
        });
        let party = |n: u8, friend| {
            let (seed, root) = (Key::fill(|b| b.fill(n)), Key::fill(|b| b.fill(9)));
            Party::new(seed, root, friend).ok().expect("a good point")
        };
        [party(1, points[1]), party(2, points[0])]
    })
}

/// A good transcript with one word of its file, or one of its parcels, changed; or one of any script.
fn changed_transcript(script: &mut Script<'_>) {
    static FILES: OnceLock<[String; 2]> = OnceLock::new();
    let files = FILES.get_or_init(|| {
        let [a, b] = parties();
        let talk = || talk(&mut Script(b"0123456789\x01abcd\x03oui\x00efgh\x05merci"));
        let truly = forge::converse([a, b], End::Responder, &talk(), [8; 32]);
        let forged = forge::transcript(a, End::Initiator, &talk(), [9; 32]);
        [truly, forged].map(|made| {
            let file = made.ok().expect("a transcript").to_file();
            String::from_utf8(file.to_vec()).expect("text")
        })
    });
    let how = script.u8();
    if how & 6 == 6 {
        let made = forge::transcript(
            &parties()[0],
            END[usize::from(how & 1)],
            &talk(script),
            [7; 32],
        );
        if let Ok(made) = made {
            assert!(
                forge::verify_with(&parties()[0], &made).is_ok(),
                "a forgery is refused"
            );
            transcript(&made.to_file());
        }
        return;
    }
    let mut file = files[usize::from(how & 1)].clone().into_bytes();
    if how & 2 == 2 {
        return edited(&file, script);
    }
    for _ in 0..=how >> 6 {
        let lines: Vec<_> = file
            .split(|byte| *byte == b'\n')
            .map(<[u8]>::to_vec)
            .collect();
        let mut lines = lines;
        let at = script.index(lines.len()).unwrap_or(0);
        match how >> 3 & 7 {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, lines[at].clone()),
            2 => {
                let other = script.index(lines.len()).unwrap_or(0);
                lines.swap(at, other);
            }
            _ => script.damage(&mut lines[at]),
        }
        file = lines.join(&b'\n');
    }
    transcript(&file);
}

const END: [End; 2] = [End::Initiator, End::Responder];

/// Whatever stands in a parcel can be changed, and its reader takes it.
fn edited(file: &[u8], script: &mut Script<'_>) {
    let mut made = Transcript::from_file(file).ok().expect("a transcript");
    let at = script.index(made.lines.len()).unwrap_or(0);
    let session = if at < 2 { [0; 32] } else { made.session };
    let line = &mut made.lines[at];
    let laid = forge::parse(
        &line.parcel,
        line.header.as_ref(),
        Some((&line.key, &session)),
    );
    let payload = laid
        .and_then(|laid| laid.payload)
        .expect("its own key opens it");
    let offset = usize::from(script.u16());
    let new = script.short();
    let end = (offset + new.len()).min(payload.len());
    let old = payload.get(offset..end).unwrap_or(&[]);
    let changed = forge::edit(&line.parcel, &session, &line.key, Edit { offset, old, new });
    assert_eq!(
        changed.is_ok(),
        old.len() == new.len() && offset <= payload.len()
    );
    if let Ok(changed) = changed {
        let laid = forge::parse(&changed, None, Some((&line.key, &session)));
        let opened = laid
            .and_then(|laid| laid.payload)
            .expect("it opens as before");
        assert_eq!(&opened[offset..end], new);
        line.parcel = changed;
        let _ = forge::verify(&made);
    }
}

fn talk(script: &mut Script<'_>) -> forge::Script {
    let began_ms = 1_800_000_000_000u64.saturating_add(script.u64() >> (script.u8() & 63));
    let mut lines = Vec::new();
    while !script.is_over() && lines.len() < 30 {
        let from = END[usize::from(script.u8() & 1)];
        let at_ms = began_ms.saturating_add(u64::from(script.u32()));
        let text = Said::new(script.short().to_vec());
        lines.push(Words { from, at_ms, text });
    }
    let pace = Pace::default();
    forge::Script {
        began_ms,
        pace,
        lines,
    }
}

/// Clocks that show anything: an age never goes back.
fn clocks(script: &mut Script<'_>) {
    let mut boot_ms = 0u64;
    let mut moments = Vec::new();
    while !script.is_over() && moments.len() < 64 {
        let how = script.u8();
        let wall_ms = script.u64() >> (how & 63);
        boot_ms = boot_ms.saturating_add(script.u64() >> (script.u8() & 63));
        moments.push((Now { wall_ms, boot_ms }, how & 128 == 128));
    }
    testing::age(moments);
}
