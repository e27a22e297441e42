//! `kith help`: the whole tree, one verb, or a topic.

use clap::{ArgMatches, Command};

use crate::args::positional;
use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::words::{Words, msg};
use crate::{args, out, view};

pub(super) fn command(words: &Words, command: Command) -> Command {
    let topic = positional(words, "topic", "value-topic", "help-topic");
    command
        .about(words.get("help-about"))
        .arg(topic.num_args(0..))
}

pub(super) fn run(context: &Context, matches: &ArgMatches) -> Outcome {
    let path: Vec<&str> = matches
        .get_many::<String>("topic")
        .map_or_else(Vec::new, |path| path.map(String::as_str).collect());
    let mut tree = args::command(&context.words);
    let text = match path[..] {
        ["exit-codes"] => context.words.get("help-exit-codes"),
        _ => {
            let mut verb = Some(&mut tree);
            for name in &path {
                verb = verb.and_then(|verb| verb.find_subcommand_mut(name));
            }
            let verb = verb.ok_or_else(|| unknown(&path))?;
            verb.render_long_help().to_string()
        }
    };
    out::line(text.trim_end())?;
    Ok(Exit::OK)
}

fn unknown(path: &[&str]) -> Failed {
    let topic = view::name(&path.join(" "));
    Failed::new(Exit::USAGE, msg!("help-unknown-topic", topic = topic))
}
