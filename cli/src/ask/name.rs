//! A name that a person gives to somebody or to a group. One that cannot be given is refused by the
//! node; where it was typed at a question, why is said and another one is asked for.

use kith_node::control::client::CallError;
use kith_node::control::shape::Refusal;

use super::line;
use crate::call::Context;
use crate::exit::Failed;

/// Gives the name that was said with the command, or one that is asked for until it can be given;
/// which one it was, and what came of it.
pub(crate) fn name<T>(
    context: &Context,
    said: Option<&String>,
    question: &'static str,
    mut give: impl FnMut(&str) -> Result<T, CallError>,
) -> Result<(String, T), Failed> {
    if let Some(name) = said {
        return Ok((name.clone(), give(name)?));
    }
    loop {
        let name = line(&context.words.get(question), context.may_ask)?;
        match give(&name) {
            Err(CallError::Refused(refusal)) if is_of_the_name(&refusal) => {
                context.explain(&CallError::Refused(refusal).into());
            }
            done => return Ok((name, done?)),
        }
    }
}

/// Whether another name would do.
fn is_of_the_name(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::BadName | Refusal::ReservedName | Refusal::NameTaken { .. }
    )
}
