//! The demonstration: three real nodes on loopback, in a temporary place, one promise a step.
//!
//! Each step does what people do, measures one fact, and fails the whole if the fact is not so.
//! Nothing is staged: the nodes are those of `kith daemon`, the stranger's bytes go to a real port.

mod forged;
mod kept;
mod node;
mod people;
mod relay;
mod search;
mod steps;
mod stick;

use std::time::Instant;

use serde_json::{Map, Value, json};

use crate::call::Context;
use crate::exit::{Exit, Failed, Outcome};
use crate::out;
use crate::words::{Msg, msg};
use steps::Stage;

/// What one step found: a sentence with its measured fact, and the same for programs.
struct Shown {
    /// Lines to be looked at before the sentence; then a person is asked about them.
    exhibit: Vec<String>,
    sentence: Msg,
    facts: Map<String, Value>,
}

/// Why a step did not hold; a place in the demonstration, for whoever mends it.
#[derive(Debug)]
struct Broken(&'static str);

type Step = fn(&mut Stage) -> Result<Shown, Broken>;

const STEPS: [(&str, Step); 14] = [
    ("nodes", steps::nodes),
    ("pair", steps::pair),
    ("talk", steps::talk),
    ("absent", steps::absent),
    ("introduce", people::introduce),
    ("alike", people::alike),
    ("meet", people::meet),
    ("stick", stick::stick),
    ("kept", kept::kept),
    ("token", kept::token),
    ("stranger", steps::stranger),
    ("wire", steps::wire),
    ("forge", forged::forge),
    ("wipe", steps::wipe),
];

/// Runs all steps; exit 0 only if each one held.
pub(crate) fn run(context: &Context) -> Outcome {
    let mut stage = Stage::new(context.words.language).map_err(|_| failed("stage"))?;
    for (index, (name, step)) in STEPS.into_iter().enumerate() {
        let began = Instant::now();
        let shown = step(&mut stage);
        let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        if context.json {
            out::json(&line(index + 1, name, ms, &shown))?;
        } else if let Ok(shown) = &shown {
            for line in &shown.exhibit {
                out::line(line)?;
            }
            if !shown.exhibit.is_empty() {
                forged::which(context)?;
            }
            let number = i64::try_from(index + 1).unwrap_or_default();
            let text = context.words.say(&shown.sentence);
            context.say(&msg!("demo-step", number = number, text = text))?;
        }
        if let Err(Broken(place)) = shown {
            return Err(failed(place));
        }
    }
    if !context.json {
        context.say(&msg!("demo-end"))?;
    }
    Ok(Exit::OK)
}

fn failed(place: &'static str) -> Failed {
    Failed::new(Exit::SOFTWARE, msg!("demo-broken", place = place))
}

fn line(step: usize, name: &str, ms: u64, shown: &Result<Shown, Broken>) -> Value {
    let mut line = Map::new();
    line.insert("v".into(), json!(1));
    line.insert("step".into(), json!(step));
    line.insert("name".into(), json!(name));
    line.insert("ok".into(), json!(shown.is_ok()));
    line.insert("ms".into(), json!(ms));
    match shown {
        Ok(shown) => line.extend(shown.facts.clone()),
        Err(Broken(place)) => {
            line.insert("broken".into(), json!(place));
        }
    }
    Value::Object(line)
}
