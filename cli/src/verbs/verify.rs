//! `kith verify`: twelve words that two people read to each other, so that nobody can stand between them.
//!
//! One reads, the other picks what they heard among lines of which they know none: who only presses
//! keys picks wrong. The node knows which of the two is which.

use clap::{ArgMatches, Command};
use kith_node::control::client::{CallError, Client};
use kith_node::control::shape::{Contact, How, Language, Refusal};
use kith_proto::words as lists;

use crate::args::{flag, option, positional};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::words::{Words, msg};
use crate::{ask, out, view};

/// Words read in one breath.
const LINE: usize = 4;
/// Lines of which one is what was heard.
const CHOICES: usize = 4;

pub(super) fn command(words: &Words, command: Command) -> Command {
    let name = positional(words, "name", "value-name", "contact-name").required(true);
    let same = option(words, "same", "value-words", "verify-same")
        .num_args(1..)
        .conflicts_with("different");
    command.about(words.get("verify-about")).args([
        name,
        same,
        flag(words, "different", "verify-different"),
    ])
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let name = matches.get_one::<String>("name").map_or("", String::as_str);
    let mut node = context.node()?;
    let contact = node.contact(name)?;
    if let Some(outcome) = not_now(context, &contact)? {
        return Ok(outcome);
    }
    if matches.get_flag("different") {
        return Err(mismatch(&contact));
    }
    if let Some(same) = matches.get_many::<String>("same") {
        let heard = same.cloned().collect::<Vec<_>>().join(" ");
        return compared(context, &mut node, &contact, &heard, false);
    }
    if context.json {
        context.json(contact)?;
        return Ok(Exit::OK);
    }
    let heard = match (context.may_ask, contact.reads) {
        (false, _) => return read_aloud(context, &contact).map(|()| Exit::OK),
        (true, true) => read_and_ask(context, &contact)?,
        (true, false) => pick(context, &contact)?,
    };
    match heard {
        true => compared(
            context,
            &mut node,
            &contact,
            &contact.safety_words.join(" "),
            contact.reads,
        ),
        false => Err(mismatch(&contact)),
    }
}

/// What has to be settled before, or that there is nobody to compare with yet.
fn not_now(context: &Context, contact: &Contact) -> Result<Option<Exit>, Failed> {
    let waits = matches!(contact.state, How::Recheck | How::NewIdentity);
    let name = view::name(&contact.petname);
    let why = match waits {
        true => view::session_words(contact),
        false if contact.safety_words.is_empty() => msg!("refused-not-yet", name = name),
        false => return Ok(None),
    };
    context.say(&why)?;
    Ok(Some(Exit::NO))
}

fn compared(
    context: &Context,
    node: &mut Client,
    contact: &Contact,
    heard: &str,
    has_read: bool,
) -> Outcome {
    let now = match node.compare(&contact.petname, heard) {
        Err(CallError::Refused(Refusal::OtherWords)) => return Err(mismatch(contact)),
        now => now?,
    };
    if context.json {
        context.json(now)?;
        return Ok(Exit::OK);
    }
    let name = view::name(&now.petname);
    context.say(&msg!("verify-done", name = name.clone()))?;
    // Whoever read has heard it, and need not say it.
    if !has_read {
        context.say(&msg!("verify-say-same", name = name))?;
    }
    Ok(Exit::OK)
}

fn mismatch(contact: &Contact) -> Failed {
    let name = view::name(&contact.petname);
    Failed::new(Exit::PROTOCOL, msg!("verify-mismatch", name = name))
        .hint(msg!("verify-mismatch-hint"))
}

/// Of somebody with several computers: which one the words are of.
fn say_whose(context: &Context, contact: &Contact) -> Result<(), Failed> {
    let mut all = contact.computers.iter();
    let at = all.position(|one| one.safety_words == contact.safety_words);
    match at.filter(|_| contact.computers.len() > 1) {
        Some(at) => context.say(&msg!("verify-computer", number = at + 1)),
        None => Ok(()),
    }
}

/// The words, in lines.
fn read_aloud(context: &Context, contact: &Contact) -> Result<(), Failed> {
    let name = view::name(&contact.petname);
    context.say(&msg!("verify-read", name = name))?;
    say_whose(context, contact)?;
    for line in contact.safety_words.chunks(LINE) {
        out::line(&format!("    {}", line.join("  ")))?;
    }
    Ok(())
}

/// I read; whether they say that they heard the same is for my ears.
fn read_and_ask(context: &Context, contact: &Contact) -> Result<bool, Failed> {
    read_aloud(context, contact)?;
    let name = view::name(&contact.petname);
    let prompt = context.words.say(&msg!("verify-ask-same", name = name));
    let answer = ask::line(&prompt, context.may_ask)?;
    Ok(answer.to_lowercase() == context.words.get("verify-word-same"))
}

/// They read; I pick each line among others.
fn pick(context: &Context, contact: &Contact) -> Result<bool, Failed> {
    let name = view::name(&contact.petname);
    context.say(&msg!("verify-listen", name = name))?;
    say_whose(context, contact)?;
    for (index, line) in contact.safety_words.chunks(LINE).enumerate() {
        let draw = kith_node::random().map_err(|_| Failed::new(Exit::IO, msg!("run-io")))?;
        let (lines, right) = choices(line, contact.language, &draw);
        for (number, line) in lines.iter().enumerate() {
            out::line(&format!("    {}  {line}", number + 1))?;
        }
        let prompt = context
            .words
            .say(&msg!("verify-ask-line", line = index + 1));
        if chosen(|| ask::line(&prompt, context.may_ask))? != right + 1 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The number of a line, or 0; what is neither is asked again, for a slip says nothing of the words.
fn chosen(mut ask: impl FnMut() -> Result<String, Failed>) -> Result<usize, Failed> {
    loop {
        match ask()?.parse() {
            Ok(number) if number <= CHOICES => return Ok(number),
            _ => {}
        }
    }
}

/// The line among others of the same list, and where it stands.
fn choices(line: &[String], language: Language, draw: &[u8; 32]) -> (Vec<String>, usize) {
    let list = match language {
        Language::French => lists::Language::French,
        Language::English => lists::Language::English,
    };
    // Eleven bits a word, of which the first byte has none.
    let decoys = lists::words(&draw[1..], LINE * (CHOICES - 1), list);
    let mut lines: Vec<_> = decoys.chunks(LINE).map(|line| line.join("  ")).collect();
    let at = usize::from(draw[0]) % CHOICES;
    lines.insert(at, line.join("  "));
    (lines, at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_asked_again_and_only_a_number_of_a_line_or_0_is_an_answer() {
        for (typed, meant) in [("", 0), ("7", 4), ("x", 2), ("-1", 1)] {
            let mut answers = [typed.to_owned(), meant.to_string()].into_iter();
            let chosen = chosen(|| Ok(answers.next().unwrap())).unwrap();
            assert_eq!((chosen, answers.len()), (meant, 0), "{typed:?}");
        }
    }

    #[test]
    fn what_was_read_stands_once_among_lines_that_nobody_read() {
        let line = ["abaisser", "lundi", "moulin", "girafe"].map(str::to_owned);
        let mut places = [0; CHOICES];
        for draw in 0..=255 {
            let (lines, at) = choices(&line, Language::French, &[draw; 32]);
            let found = lines.iter().filter(|it| **it == line.join("  "));
            assert_eq!((lines.len(), found.count()), (CHOICES, 1));
            assert_eq!(lines[at], line.join("  "));
            places[at] += 1;
        }
        assert_eq!(places, [64; CHOICES], "as often anywhere");
    }
}
