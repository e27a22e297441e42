//! `kith inbox`: what arrived. The node forgets a message only after it was printed.

use clap::{ArgMatches, Command, value_parser};
use kith_node::control::client::Client;
use kith_node::control::shape::{Event, How, Inbox, Message};
use kith_proto::limits::INBOX_ANSWER_MAX;
use serde::Serialize;

use crate::args::{flag, option};
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::when::Clock;
use crate::words::{Words, msg};
use crate::{group, out, view};

pub(super) fn command(words: &Words, command: Command) -> Command {
    let number = value_parser!(u64);
    command
        .about(words.get("inbox-about"))
        .arg(flag(words, "follow", "inbox-follow"))
        .arg(flag(words, "peek", "inbox-peek"))
        .arg(option(words, "since", "value-seq", "inbox-since").value_parser(number))
        .arg(option(words, "from", "value-name", "inbox-from"))
        .arg(
            option(words, "max", "value-count", "inbox-max")
                .value_parser(value_parser!(u32).range(1..))
                .conflicts_with("follow"),
        )
        .arg(
            option(words, "ack", "value-seq", "inbox-ack")
                .value_parser(value_parser!(u64))
                .conflicts_with_all(["follow", "peek", "since", "max"]),
        )
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    if let Some(up_to) = matches.get_one::<u64>("ack") {
        return acknowledge(context, matches, *up_to);
    }
    let mut reader = Reader::new(context, matches)?;
    if matches.get_flag("follow") {
        return follow(context, reader);
    }
    let max = matches
        .get_one::<u32>("max")
        .copied()
        .unwrap_or(INBOX_ANSWER_MAX);
    let count = if context.json {
        reader.print_object(max)?
    } else {
        reader.print_all(max)?
    };
    if count == 0 && !context.json {
        context.note(&msg!("inbox-nothing-new"));
    }
    note_what_waits(context, &mut reader.node)?;
    Ok(if count > 0 { Exit::OK } else { Exit::NO })
}

/// What was shown elsewhere counts as read, up to this number.
fn acknowledge(context: &Context, matches: &ArgMatches, up_to: u64) -> Outcome {
    let mut reader = Reader::new(context, matches)?;
    let read = reader.node.acknowledge(up_to, reader.from)?;
    let count = read.count;
    match context.json {
        true => context.json(read)?,
        false => context.say(&msg!("inbox-acked", count = count))?,
    }
    Ok(if count > 0 { Exit::OK } else { Exit::NO })
}

/// Prints what is there, then what comes, until the node or the reader ends.
fn follow(context: &Context, mut reader: Reader) -> Outcome {
    // Listen first, so that nothing falls between.
    let mut events = context.node()?.subscribe()?;
    note_what_waits(context, &mut reader.node)?;
    loop {
        reader.print_all(u32::MAX)?;
        loop {
            match events.next(None) {
                Ok(Some(Event::Message { .. })) => break,
                Ok(_) => {}
                Err(_) => return Err(Failed::new(Exit::UNAVAILABLE, msg!("node-ended"))),
            }
        }
    }
}

/// Reads on from where it was, prints, and lets the node forget what it printed.
struct Reader<'a> {
    context: &'a Context,
    node: Client,
    after: u64,
    from: Option<String>,
    forget: bool,
    /// Whether those of whom I muted are passed over, and not forgotten.
    announces: bool,
}

/// A message among other events, in a stream.
#[derive(Serialize)]
struct Streamed<'a> {
    r#type: &'static str,
    #[serde(flatten)]
    message: &'a Message,
}

/// What waits for me, each with the command that settles it: said beside the inbox, not in it.
fn note_what_waits(context: &Context, node: &mut Client) -> Result<(), Failed> {
    if context.json {
        return Ok(());
    }
    note_to_check(context, node)?;
    let open = node.status()?.open;
    if let Some(count) = open.map(|open| open.waiting).filter(|count| *count > 0) {
        context.note(&msg!("inbox-door", count = count));
    }
    for row in node.groups()?.groups {
        let (group, name) = (view::group(&row.name), view::name(&row.name));
        if row.split {
            let (group, name) = (group.clone(), name.clone());
            context.note(&msg!("inbox-split", group = group, name = name));
        }
        if row.objected > 0 {
            context.note(&msg!(
                "inbox-objected",
                group = group.clone(),
                count = row.objected,
                name = name.clone()
            ));
        }
        if row.to_answer > 0 {
            context.note(&msg!(
                "inbox-to-answer",
                group = group,
                count = row.to_answer,
                name = name
            ));
        }
    }
    Ok(())
}

/// Who wrote or will write is to be checked again.
fn note_to_check(context: &Context, node: &mut Client) -> Result<(), Failed> {
    for contact in node.contacts()?.contacts {
        match contact.state {
            How::NewIdentity => {
                let name = view::name(&contact.petname);
                context.note(&msg!("state-new-identity", name = name));
            }
            // That is for their screen.
            How::Announced => {}
            How::Former => {
                let name = view::name(&contact.petname);
                context.note(&msg!("state-former-knock", name = name));
            }
            _ if contact.session_words.is_empty() => {}
            _ => context.note(&view::session_words(&contact)),
        }
    }
    Ok(())
}

impl<'a> Reader<'a> {
    fn new(context: &'a Context, matches: &ArgMatches) -> Result<Self, Failed> {
        let mut node = context.node()?;
        let from = matches.get_one::<String>("from").cloned();
        if let Some(name) = &from
            && group::of_name(&mut node, name)?.is_none()
        {
            node.contact(name)?;
        }
        let since = matches.get_one::<u64>("since").copied();
        Ok(Self {
            context,
            node,
            after: since.unwrap_or(0),
            from,
            // Forgetting takes all up to a number: with --since, also what was not shown here.
            forget: since.is_none() && !matches.get_flag("peek"),
            announces: matches.get_flag("follow"),
        })
    }

    /// Prints at most `max` messages, a line each; how many.
    fn print_all(&mut self, max: u32) -> Result<u32, Failed> {
        let mut count = 0;
        while count < max {
            let Some(page) = self.page(max - count)? else {
                break;
            };
            let clock = Clock::now();
            for message in &page {
                if self.context.json {
                    let r#type = "message";
                    self.context.json(Streamed { r#type, message })?;
                } else {
                    out::said(&self.drawn(&clock, message))?;
                }
                count += 1;
            }
            self.forget(&page)?;
        }
        Ok(count)
    }

    /// Whom I muted in a group is folded, unless I asked for that group alone.
    fn drawn(&self, clock: &Clock, message: &Message) -> String {
        let is_folded = message.group.is_some() && message.from.muted && self.from.is_none();
        let words = &self.context.words;
        match is_folded {
            true => view::folded(words, clock, message),
            false => view::message(words, clock, message),
        }
    }

    /// Prints at most `max` messages as one object; how many.
    fn print_object(&mut self, max: u32) -> Result<u32, Failed> {
        let mut messages = Vec::new();
        let mut left = max;
        while let Some(page) = self.page(left)? {
            left = left.saturating_sub(u32::try_from(page.len()).unwrap_or(u32::MAX));
            messages.extend(page);
        }
        let inbox = Inbox { messages };
        self.context.json(&inbox)?;
        self.forget(&inbox.messages)?;
        Ok(max - left)
    }

    /// The next messages for us, at most `max`; none when there are no more.
    fn page(&mut self, max: u32) -> Result<Option<Vec<Message>>, Failed> {
        if max == 0 {
            return Ok(None);
        }
        loop {
            // Those of others are passed over, so ask for more than we print.
            let mut page = self.node.inbox(self.after, INBOX_ANSWER_MAX)?.messages;
            let Some(last) = page.last() else {
                return Ok(None);
            };
            self.after = last.seq;
            if self.announces {
                self.after = pass_over_muted(&mut page).unwrap_or(self.after);
            }
            if let Some(name) = &self.from {
                page.retain(|message| group::is_of(message, name));
            }
            if let Some(beyond) = page.get(max as usize) {
                self.after = beyond.seq - 1;
                page.truncate(max as usize);
            }
            if !page.is_empty() {
                return Ok(Some(page));
            }
        }
    }

    fn forget(&mut self, printed: &[Message]) -> Result<(), Failed> {
        if let ([first, ..], [.., last], true) = (printed, printed, self.forget) {
            let (before, from) = (first.seq.saturating_sub(1), self.from.clone());
            self.node.acknowledge_after(before, last.seq, from)?;
        }
        Ok(())
    }
}

/// Leaves the first messages of a page that no muted friend's lies between; after which number to read
/// on, if others follow them.
fn pass_over_muted(page: &mut Vec<Message>) -> Option<u64> {
    let first = page.iter().position(|message| !message.from.muted);
    page.drain(..first.unwrap_or(page.len()));
    let end = page.iter().position(|message| message.from.muted)?;
    let next = page.get(end).map(|message| message.seq);
    page.truncate(end);
    next
}
