//! A message by hand: neither computer ever reaches the other, and whoever carries it can open nothing.

use serde_json::json;

use super::steps::{Stage, facts};
use super::{Broken, Shown};
use crate::verbs::carry::{brought, packed};
use crate::words::msg;

/// Anne's computer is off when Bruno's is on; Camille carries a stick from one to the other.
pub(super) fn stick(stage: &mut Stage) -> Result<Shown, Broken> {
    let text = stage.text(
        "Le camion part du dépôt à cinq heures.",
        "The lorry leaves the yard at five.",
    );
    let [anne, bruno, camille] = stage.nodes()?;
    bruno.stop()?;
    anne.say("bruno-demo", &text)?;
    let packed = packed(&mut anne.client()?, &["bruno-demo".to_owned()]);
    let (bundle, given) = packed.ok().flatten().ok_or(Broken("bundle"))?;
    anne.stop()?;
    let by_hand = brought(&mut camille.client()?, &bundle).map_err(|_| Broken("carrier"))?;
    bruno.start()?;
    let first = brought(&mut bruno.client()?, &bundle).map_err(|_| Broken("stick"))?;
    let again = brought(&mut bruno.client()?, &bundle).map_err(|_| Broken("stick"))?;
    let read = bruno.take()?;
    if by_hand.opened > 0 || first.opened == 0 || again.opened > 0 || read.len() != 1 {
        return Err(Broken("stick"));
    }
    if read != [("anne-demo".to_owned(), text)] {
        return Err(Broken("text"));
    }
    anne.start()?;
    anne.online(2)?;
    Ok(Shown {
        exhibit: Vec::new(),
        sentence: msg!("demo-stick", size = crate::view::size(bundle.len() as u64)),
        facts: facts([
            ("parcels", json!(given.messages)),
            ("bytes", json!(bundle.len())),
            ("opened_by_carrier", json!(by_hand.opened)),
            ("read", json!(read.len())),
        ]),
    })
}
