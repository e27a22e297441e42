//! The first thing said to somebody whom I never met: only then it is worth a question.

use kith_node::control::client::Client;
use kith_node::control::shape::{Contact, How};
use kith_proto::limits::INBOX_ANSWER_MAX;

/// Whether I have never seen them: the words on every prompt say so.
pub(crate) fn is_unmet(contact: &Contact) -> bool {
    let waits = matches!(contact.state, How::Invited | How::Joining);
    contact.met.is_none() && !waits
}

/// Whether nothing but a code, or a friend's word, says who they are, and I have said nothing to them
/// that is still kept here.
pub(crate) fn is_first(node: &mut Client, contact: &Contact) -> bool {
    if !is_unmet(contact) || contact.compared.is_some() {
        return false;
    }
    let said = node.history(&contact.petname, None, INBOX_ANSWER_MAX);
    said.is_ok_and(|kept| kept.lines.iter().all(|line| line.mine.is_none()))
}
