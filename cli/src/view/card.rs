//! What is shown of somebody: a line in the list, or everything on their card, in words.

use kith_node::control::shape::{Computer, Contact, How};

use super as view;
use crate::when::Clock;
use crate::words::{Msg, Words, msg};

/// Name, how, presence, what waits: the state of each in words.
pub(crate) fn contact_table(words: &Words, contacts: &[Contact]) -> String {
    let clock = Clock::now();
    let head = ["column-name", "column-how", "column-last", "column-waiting"];
    let mut rows = vec![head.map(|key| words.get(key)).to_vec()];
    rows.extend(contacts.iter().map(|contact| {
        vec![
            view::marked(words, contact),
            view::how(words, &clock, contact),
            view::presence(words, &clock, contact),
            view::waiting(words, contact),
        ]
    }));
    view::table(&rows)
}

/// All that is known about one person.
pub(crate) fn card(words: &Words, contact: &Contact) -> String {
    card_and(words, contact, Vec::new())
}

/// The same, and what else is to be said of them.
pub(crate) fn card_and(words: &Words, contact: &Contact, more: Vec<Msg>) -> String {
    let clock = Clock::now();
    let since = clock.day(&contact.since);
    let how = view::how(words, &clock, contact);
    let mut told = vec![msg!("card-how", how = how, since = since)];
    if let Some(nick) = &contact.nick {
        let nick = view::nick(words, nick, contact.nick_looks_like.as_deref());
        told.push(msg!("card-nick", nick = nick));
    }
    for introducer in &contact.introduced_by {
        let name = view::introducer(words, introducer);
        let day = clock.day(&introducer.time);
        told.push(match introducer.said.is_empty() {
            true => msg!("card-introduced", name = name, day = day),
            false => {
                let said = view::indented(&introducer.said);
                msg!("card-introduced-said", name = name, day = day, said = said)
            }
        });
    }
    if !contact.note.is_empty() {
        told.push(msg!("card-note", note = view::indented(&contact.note)));
    }
    let last = view::presence(words, &clock, contact);
    told.push(msg!("card-last", last = last));
    if let Some(outlook) = contact.outlook.as_ref().filter(|_| !contact.online) {
        let why = view::outlook(words, &clock, &contact.petname, outlook, false);
        told.push(msg!("card-why", why = words.say(&why)));
    }
    let waiting = view::waiting(words, contact);
    told.push(msg!("card-waiting", waiting = waiting));
    if !matches!(contact.state, How::Invited | How::Joining) {
        told.push(match contact.keep_min {
            0 => msg!("card-keeps-nothing"),
            keep => msg!("card-keeps", time = view::span(words, keep)),
        });
        told.extend(view::timer(words, &contact.petname, &contact.timer));
    }
    told.extend(more);
    let mut lines = vec![view::marked(words, contact)];
    lines.extend(told.iter().map(|msg| format!("  {}", words.say(msg))));
    if contact.computers.len() > 1 {
        lines.push(format!("\n  {}", words.get("card-computers")));
        lines.extend(computers(words, &clock, &contact.computers));
    }
    if !contact.session_words.is_empty() {
        let asked = session_words(contact);
        lines.push(format!("\n  {}", words.say(&asked)));
    }
    lines.extend(begin_again(contact).map(|msg| format!("\n  {}", words.say(&msg))));
    if !contact.safety_words.is_empty() {
        lines.push(format!("\n  {}", words.get("card-words")));
        lines.extend(words_to_compare(contact));
        lines.push(format!("  {}", words.get("card-words-advice")));
    }
    lines.join("\n")
}

/// The twelve words; of several computers each one's, behind its number.
fn words_to_compare(contact: &Contact) -> Vec<String> {
    let numbered = contact.computers.iter().enumerate();
    let each: Vec<_> = numbered
        .filter(|(_, computer)| !computer.safety_words.is_empty())
        .map(|(at, computer)| (format!("{}  ", at + 1), &computer.safety_words))
        .collect();
    let blocks = match contact.computers.len() > 1 && !each.is_empty() {
        true => each,
        false => vec![(String::new(), &contact.safety_words)],
    };
    let lines = blocks.into_iter().flat_map(|(number, all)| {
        all.chunks(4).enumerate().map(move |(at, row)| {
            let before = match at {
                0 => number.clone(),
                _ => " ".repeat(number.len()),
            };
            format!("    {before}{}", row.join("  "))
        })
    });
    lines.collect()
}

/// A line for each of somebody's computers, with its number.
fn computers(words: &Words, clock: &Clock, computers: &[Computer]) -> Vec<String> {
    let row = |(at, computer): (usize, &Computer)| {
        vec![
            format!("    {}", at + 1),
            view::how(words, clock, computer),
            view::seen(words, clock, computer.online, computer.last_seen.as_deref()),
        ]
    };
    let rows: Vec<_> = computers.iter().enumerate().map(row).collect();
    vec![view::table(&rows)]
}

/// What to do where the two computers do not find each other any more.
fn begin_again(contact: &Contact) -> Option<Msg> {
    let name = view::name(&contact.petname);
    match contact.state {
        How::Former => Some(msg!("contact-former", name = name)),
        _ if contact.silent => Some(msg!("contact-silent", name = name)),
        _ => None,
    }
}

/// What a human is asked about a session that remembers nothing.
pub(crate) fn session_words(contact: &Contact) -> Msg {
    let name = view::name(&contact.petname);
    let words = contact.session_words.join(" ");
    match contact.state {
        How::Recheck => msg!("contact-check-words", name = name, words = words),
        How::NewIdentity => msg!("contact-check-identity", name = name, words = words),
        How::Announced => msg!("contact-announced-words", name = name, words = words),
        // It waits there, not here.
        _ => msg!("contact-restored-words", name = name, words = words),
    }
}
