//! A meeting under way, or none. PROTOCOL §2c.

use super::{Addr, Answer, ConnId, Engine, Meet, Refusal};

impl Engine {
    pub(super) fn meet(&mut self, _: Meet) -> Result<Answer, Refusal> {
        Err(Refusal::NotNow)
    }

    pub(super) fn meeting_open(&mut self, _: Vec<Addr>) {}

    pub(super) fn guest(&mut self, conn: ConnId) {
        self.drop_conn(conn);
    }
}
