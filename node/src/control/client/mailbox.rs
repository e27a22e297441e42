//! Boxes in which friends keep parcels for each other, asked for over the local socket.

use super::{CallError, Client};
use crate::control::{params, shape};

impl Client {
    /// What friends and I keep for each other.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn mailboxes(&mut self) -> Result<shape::Mailboxes, CallError> {
        self.call("mailbox.list", params::Nothing {})
    }

    /// Offers to keep so many KiB for a friend.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn mailbox_offer(&mut self, name: &str, kib: u32) -> Result<shape::Mailboxes, CallError> {
        self.call("mailbox.offer", quota(name, kib))
    }

    /// Asks a friend to keep so many KiB for me.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn mailbox_ask(&mut self, name: &str, kib: u32) -> Result<shape::Mailboxes, CallError> {
        self.call("mailbox.ask", quota(name, kib))
    }

    /// Keeps so many KiB for a friend from now on.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn mailbox_quota(&mut self, name: &str, kib: u32) -> Result<shape::Mailboxes, CallError> {
        self.call("mailbox.quota", quota(name, kib))
    }

    /// Ends what a friend and I keep for each other.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn mailbox_rm(&mut self, name: &str) -> Result<shape::Mailboxes, CallError> {
        self.call("mailbox.rm", show(name))
    }

    /// Who may leave something in whose box how many times.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn tokens(&mut self) -> Result<shape::Tokens, CallError> {
        self.call("token.list", params::Nothing {})
    }

    /// Gives a friend more of them.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn token_grant(&mut self, name: &str) -> Result<shape::Tokens, CallError> {
        self.call("token.grant", show(name))
    }

    /// Makes all of those worthless that open the box this friend keeps.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn token_revoke(&mut self, name: &str) -> Result<shape::Tokens, CallError> {
        self.call("token.revoke", show(name))
    }
}

fn quota(name: &str, kib: u32) -> params::Quota {
    let name = name.to_owned();
    params::Quota { name, kib }
}

fn show(name: &str) -> params::Show {
    let name = name.to_owned();
    params::Show { name }
}
