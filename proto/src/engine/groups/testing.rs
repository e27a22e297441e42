//! What tests need of a group: to look at what it holds, and to say in it what no honest node would.

use crate::engine::Engine;
use crate::group::{Group, Ik};
use crate::secret::Said;

impl Engine {
    /// The group of this name, as this node holds it.
    pub(in crate::engine) fn held_group(&self, name: &str) -> Option<(u32, &Group)> {
        let no = self.group_called(name)?;
        Some((no, &self.groups.get(no)?.group))
    }

    /// Whatever a changed program says, in its own sessions with these.
    pub(in crate::engine) fn slip_into_group(&mut self, no: u32, to: &[Ik], payload: &Said) {
        let mid = payload.get(1..17).and_then(|mid| mid.try_into().ok());
        self.speak_to(no, to, (mid.unwrap_or_default(), payload));
    }
}
