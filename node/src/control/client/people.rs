//! What a person asks about people: invitations, friends, trust, introductions, and whom friends call how.

use super::{CallError, Client};
use crate::control::{params, shape};

impl Client {
    /// Makes an invitation.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn invite(&mut self, invite: &params::Invite) -> Result<shape::Invitation, CallError> {
        self.call("invite", invite)
    }

    /// Uses an invitation.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn accept(&mut self, accept: &params::Accept) -> Result<shape::Accepted, CallError> {
        self.call("accept", accept)
    }

    /// All friends.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn contacts(&mut self) -> Result<shape::Contacts, CallError> {
        self.call("contact.list", params::Nothing {})
    }

    /// One friend.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn contact(&mut self, name: &str) -> Result<shape::Contact, CallError> {
        let name = name.to_owned();
        self.call("contact.show", params::Show { name })
    }

    /// Calls somebody otherwise from now on.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn rename(&mut self, name: &str, to: &str) -> Result<shape::Contact, CallError> {
        let (name, to) = (name.to_owned(), to.to_owned());
        self.call("contact.rename", params::Rename { name, to })
    }

    /// Remembers something about a friend, in the place of what was noted before.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn note(&mut self, name: &str, note: String) -> Result<shape::Contact, CallError> {
        let name = name.to_owned();
        self.call("contact.note", params::Note { name, note })
    }

    /// Lets what a friend says arrive unannounced, or announces it again.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn mute(&mut self, name: &str, muted: bool) -> Result<shape::Contact, CallError> {
        let name = name.to_owned();
        self.call("contact.mute", params::Mute { name, muted })
    }

    /// Says that a friend is another computer of somebody.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn join_computers(&mut self, name: &str, to: &str) -> Result<shape::Contact, CallError> {
        let (name, to) = (name.to_owned(), to.to_owned());
        self.call("contact.join", params::Rename { name, to })
    }

    /// Gives up one of a person's computers.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn drop_computer(
        &mut self,
        name: &str,
        computer: u32,
    ) -> Result<shape::Contact, CallError> {
        let name = name.to_owned();
        self.call("contact.drop", params::Drop { name, computer })
    }

    /// Is nobody to a friend from now on, or is there again.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn block(&mut self, name: &str, blocked: bool) -> Result<shape::Contact, CallError> {
        let name = name.to_owned();
        self.call("contact.block", params::Block { name, blocked })
    }

    /// Lets a friend hear, when they ask, what I call somebody.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn publish(&mut self, publish: &params::Publish) -> Result<shape::Shown, CallError> {
        self.call("name.publish", publish)
    }

    /// Shows somebody no more; gives what is not shown any more.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn unpublish(&mut self, name: &str, to: Option<String>) -> Result<shape::Shown, CallError> {
        let name = name.to_owned();
        self.call("name.unpublish", params::Unpublish { name, to })
    }

    /// Whom I show to whom.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn published(&mut self) -> Result<shape::Shown, CallError> {
        self.call("name.list", params::Nothing {})
    }

    /// What is known of a name; a friend may be asked, then an event says that they answered.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn who(&mut self, name: &str, ask: bool) -> Result<shape::Who, CallError> {
        let name = name.to_owned();
        self.call("who", params::Who { name, ask })
    }

    /// Says that the words of a session were compared by voice: these, or others.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn check(&mut self, name: &str, same: Option<String>) -> Result<shape::Contact, CallError> {
        let name = name.to_owned();
        self.call("contact.check", params::Check { name, same })
    }

    /// Says that the other was heard reading these twelve words.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn compare(&mut self, name: &str, heard: &str) -> Result<shape::Contact, CallError> {
        let (name, heard) = (name.to_owned(), heard.to_owned());
        self.call("contact.verify", params::Compare { name, heard })
    }

    /// Introduces two friends to each other.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn introduce(
        &mut self,
        name: &str,
        to: &str,
        say: &str,
    ) -> Result<shape::Introduced, CallError> {
        let (name, to, say) = (name.to_owned(), to.to_owned(), say.to_owned());
        self.call("introduce", params::Introduce { name, to, say })
    }

    /// Who waits at the door, and whom I asked.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn waiting(&mut self) -> Result<shape::WaitingList, CallError> {
        self.call("waiting.list", params::Nothing {})
    }

    /// Would like to know somebody who is introduced.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn welcome(&mut self, welcome: &params::Welcome) -> Result<(), CallError> {
        self.call("waiting.yes", welcome)
            .map(|params::Nothing {}| ())
    }

    /// Would not, or not any more.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn decline(&mut self, id: u32) -> Result<(), CallError> {
        self.call("waiting.no", params::Decline { id })
            .map(|params::Nothing {}| ())
    }

    /// Begins a new identity, and tells every friend.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn renew(&mut self) -> Result<shape::Renewed, CallError> {
        self.call("identity.new", params::Nothing {})
    }

    /// Ends a friendship here, or takes back an invitation.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn remove(&mut self, name: &str) -> Result<shape::Removed, CallError> {
        let name = name.to_owned();
        self.call("contact.rm", params::Show { name })
    }
}
