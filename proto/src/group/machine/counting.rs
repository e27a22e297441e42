//! Something that counts, of anybody, as it takes its place: whether it is held, whether a window of mine
//! opens for it, and whether anything can stand otherwise by it. PROTOCOL §7 "How much is held".

use super::Group;
use super::saved::Room;
use crate::group::people::When;
use crate::group::register::{Beside, about};
use crate::group::tally::Counting;
use crate::group::{Hash, Head, Ik};

/// What became of something that counts.
pub(super) struct Kept {
    /// Whether it is held.
    pub held: bool,
    /// Whether something can stand otherwise by it: what is said of a motion that is not here changes
    /// nothing, unless something else of its author's is held no more for it.
    pub judged: bool,
}

impl Group {
    /// Something that counts, of anybody. What is over its author's bound comes to nothing: no window of
    /// mine opens for it, and I say no last word.
    pub(super) fn count(
        &mut self,
        author: Ik,
        head: &Head,
        name: Hash,
        said: Counting,
        reason: String,
        when: When,
    ) -> Kept {
        if let Counting::Close(motion) = &said
            && author == self.begun.me
        {
            self.windows
                .get_mut(motion)
                .into_iter()
                .for_each(|it| it.closed = true);
        }
        let (about, since) = (about(&said), when.age);
        let beside = Beside { reason, since };
        let added = self.register.add(author, head, name, said, beside);
        if let Some((_, motion)) = self.register.motion(&name) {
            self.windows.open(name, motion, &self.tally.policy, when);
            self.mark(Room::Core);
        }
        if !planted!(WindowOfNothing) {
            // It may have taken the place of a later one of its author's.
            let register = &self.register;
            self.windows.keep(|name| register.motion(name).is_some());
        }
        let known = about.is_none_or(|motion| self.register.motion(&motion).is_some());
        Kept {
            held: added.held,
            judged: added.held && known || added.pushed_out,
        }
    }
}
