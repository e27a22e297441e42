//! What a typed line means. Nothing is guessed: a name that nobody has is never sent to.

use super::HERE;

/// A line, understood.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// Nothing but spaces.
    Nothing,
    /// `/quit`
    Quit,
    /// `/help`
    Help,
    /// `/who`, `/who zoé`
    Who(Option<String>),
    /// `/all ...`: for a group's spectators too.
    SayAll(String),
    /// `/waiting`, `/group show local`, `/timer 1d`: a verb, with what stands after it.
    Verb(Vec<String>),
    /// A `/word` that is no command.
    Unknown(String),
    /// `@zoé`: bare lines go to her from now on.
    Switch(String),
    /// A text, for a friend who was named or for the one that bare lines go to.
    Say {
        /// `@zoé ...`
        to: Option<String>,
        /// What to say.
        text: String,
    },
}

/// Reads `line`; `names` gives all petnames, asked only when the line begins with one.
pub(super) fn read(line: &str, names: impl FnOnce() -> Vec<String>) -> Typed {
    let line = line.trim_end_matches(['\r', '\n']);
    if line.trim().is_empty() {
        return Typed::Nothing;
    }
    if let Some(rest) = line.strip_prefix('/') {
        // `//` begins a text that begins with a slash.
        return match rest.starts_with('/') {
            true => say(rest),
            false => command(rest.trim()),
        };
    }
    let sign = line.chars().next().filter(|sign| ['@', '#'].contains(sign));
    match sign.and_then(|sign| Some((sign, line.strip_prefix(sign)?))) {
        Some((sign, rest)) if rest.starts_with(sign) => say(rest),
        Some((_, rest)) => addressed(rest, &names()),
        None => say(line),
    }
}

fn say(text: &str) -> Typed {
    let text = text.to_owned();
    Typed::Say { to: None, text }
}

fn command(typed: &str) -> Typed {
    let (word, rest) = typed.split_once(' ').unwrap_or((typed, ""));
    let rest = rest.trim();
    match word {
        "quit" | "q" => Typed::Quit,
        "help" | "h" => Typed::Help,
        "who" if rest.is_empty() => Typed::Who(None),
        // `bob/carole` is somebody whom a friend calls so.
        "who" if rest.contains('/') => Typed::Verb(words(typed)),
        "who" => Typed::Who(Some(rest.trim_start_matches(['@', '#']).to_owned())),
        "all" if !rest.is_empty() => Typed::SayAll(rest.to_owned()),
        verb if verb == "timer" || HERE.contains(&verb) => Typed::Verb(words(typed)),
        _ => Typed::Unknown(format!("/{word}")),
    }
}

/// As a shell takes it apart, if nobody quotes a quote.
fn words(typed: &str) -> Vec<String> {
    let pieces = typed.split('"').enumerate();
    let words = pieces.flat_map(|(at, piece)| match at % 2 {
        1 => vec![piece.to_owned()],
        _ => piece.split_whitespace().map(str::to_owned).collect(),
    });
    words.collect()
}

/// `zoé salut`: the longest name that fits, since names may hold spaces.
fn addressed(rest: &str, names: &[String]) -> Typed {
    let fits = |name: &String| {
        let after = rest.strip_prefix(name.as_str())?;
        let stands_alone = after.is_empty() || after.starts_with(char::is_whitespace);
        stands_alone.then(|| (name.clone(), after.trim_start().to_owned()))
    };
    let found = names.iter().filter_map(fits);
    let (name, text) = found.max_by_key(|(name, _)| name.len()).unwrap_or_else(|| {
        // Nobody: the node will say so, and who is near.
        let (word, text) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        (word.to_owned(), text.trim_start().to_owned())
    });
    if text.is_empty() {
        return Typed::Switch(name);
    }
    Typed::Say {
        to: Some(name),
        text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(line: &str) -> Typed {
        read(line, || {
            ["tante", "tante anne", "zoé"].map(String::from).into()
        })
    }

    fn to(name: &str, text: &str) -> Typed {
        Typed::Say {
            to: Some(name.into()),
            text: text.into(),
        }
    }

    #[test]
    fn a_bare_line_is_text_as_it_is() {
        for text in ["salut", "  deux espaces", "zoé @ 18 h", "a/b"] {
            assert_eq!(typed(text), say(text));
        }
        assert_eq!(typed("  \t"), Typed::Nothing);
    }

    #[test]
    fn an_at_sign_names_whom_it_is_for() {
        assert_eq!(typed("@zoé salut  toi"), to("zoé", "salut  toi"));
        assert_eq!(typed("@tante anne salut"), to("tante anne", "salut"));
        assert_eq!(typed("@tante annette"), to("tante", "annette"));
        assert_eq!(typed("@zoé"), Typed::Switch("zoé".into()));
        assert_eq!(typed("#tante anne salut"), to("tante anne", "salut"));
        assert_eq!(typed("#zoé"), Typed::Switch("zoé".into()));
        assert_eq!(typed("@tante anne "), Typed::Switch("tante anne".into()));
    }

    #[test]
    fn a_name_that_nobody_has_stays_as_it_was_typed() {
        assert_eq!(typed("@zoe salut"), to("zoe", "salut"));
        assert_eq!(typed("@zoésalut toi"), to("zoésalut", "toi"));
    }

    #[test]
    fn a_slash_is_a_command_and_never_a_message() {
        assert_eq!(typed("/quit"), Typed::Quit);
        assert_eq!(typed("/who"), Typed::Who(None));
        assert_eq!(
            typed("/who tante anne"),
            Typed::Who(Some("tante anne".into()))
        );
        assert_eq!(typed("/all  à vous"), Typed::SayAll("à vous".into()));
        assert_eq!(typed("/all"), Typed::Unknown("/all".into()));
        assert_eq!(typed("/envoyer secret"), Typed::Unknown("/envoyer".into()));
    }

    #[test]
    fn a_verb_is_taken_apart_as_a_shell_does() {
        let verb = |words: &[&str]| Typed::Verb(words.iter().map(|&word| word.into()).collect());
        assert_eq!(typed("/waiting"), verb(&["waiting"]));
        assert_eq!(
            typed("/group answer local 3 objection \"trop tôt\""),
            verb(&["group", "answer", "local", "3", "objection", "trop tôt"])
        );
        assert_eq!(typed("/who bob/carole"), verb(&["who", "bob/carole"]));
        assert_eq!(typed("/wipe --all"), Typed::Unknown("/wipe".into()));
    }

    #[test]
    fn doubled_it_is_text() {
        assert_eq!(typed("//etc"), say("/etc"));
        assert_eq!(typed("@@zoé"), say("@zoé"));
        assert_eq!(typed("##1"), say("#1"));
    }
}
