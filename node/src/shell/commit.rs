//! One commit at a time: what the engine gathered goes to the store's thread, and between two commits
//! the store is there for another lock of its slot or for a reclaim.

use kith_proto::engine::{Input, Step};

use super::{Ended, Relock, Running, Shell};

impl Shell {
    /// Sends what the engine gathered to the disk, if no commit runs.
    pub(super) fn turn(&mut self) -> Result<(), Ended> {
        self.turn_engine()?;
        self.post.turn(&self.net)?;
        if let Some(kept) = self.post.told() {
            self.tell(Input::Kept(kept))?;
            // What the engine makes of it waits for no other news.
            self.turn_engine()?;
            self.post.turn(&self.net)?;
        }
        Ok(())
    }

    fn turn_engine(&mut self) -> Result<(), Ended> {
        if self.running.is_none() {
            self.relock()?;
        }
        while self.running.is_none() {
            let Some(step) = self.engine.poll() else {
                self.credits.clear();
                return Ok(());
            };
            let Step {
                at_once,
                puts,
                erases,
                then,
            } = step;
            self.show(at_once);
            if puts.is_empty() && erases.is_empty() {
                self.release(then)?;
                continue;
            }
            let entropy = crate::random().map_err(|_| Ended::Broken)?;
            let commit = self
                .vault
                .plan([(puts, erases)], entropy)
                .map_err(|_| Ended::Broken)?;
            let store = self.store.take().ok_or(Ended::Broken)?;
            let sent = self.committer.commit(store, commit);
            sent.map_err(|_| Ended::Broken)?;
            self.running = Some(Running {
                then,
                _credits: std::mem::take(&mut self.credits),
            });
        }
        Ok(())
    }

    /// Puts the slot behind another lock, if that was asked. The engine waits for the disk: nobody
    /// does this twice a day.
    fn relock(&mut self) -> Result<(), Ended> {
        let Some(Relock { slot, done }) = self.relock.take() else {
            return Ok(());
        };
        let entropy = crate::random().map_err(|_| Ended::Broken)?;
        let pages = self.vault.relock(slot, entropy);
        let pages = pages.map_err(|_| Ended::Broken)?;
        let store = self.store.as_mut().ok_or(Ended::Broken)?;
        store.relock(&pages).map_err(Ended::Store)?;
        // Whoever asked may be gone.
        let _ = done.send(());
        Ok(())
    }

    /// Gives the store away for a reclaim, if no commit runs; commits wait for it as for a commit.
    pub(super) fn lend(&mut self) -> Result<(), Ended> {
        if self.running.is_some() {
            return Ok(());
        }
        let store = self.store.take().ok_or(Ended::Broken)?;
        let sent = self.committer.reclaim(store);
        sent.map_err(|_| Ended::Broken)?;
        self.running = Some(Running {
            then: Vec::new(),
            _credits: Vec::new(),
        });
        Ok(())
    }
}
