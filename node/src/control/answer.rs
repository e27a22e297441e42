//! Who answers a line: the engine, or the run loop, and of a locked node only the latter. Decides
//! nothing; a question that nobody can answer any more gets an error.

use kith_proto::engine::{Answer, Request};
use kith_proto::secret::Said;
use kith_proto::vault::BackupLock;
use tokio::sync::oneshot;

use super::attend::Subscription;
use super::rpc::{self, Asked, Fault};
use super::{Ask, Door, Order, Reply, shape};
use crate::run::Effort;
use crate::run::create::cost;
use crate::shell::scrub_stack;

/// The answer to a line; and what it subscribed to, if it asked for that.
pub(super) async fn reply_to(line: Option<String>, door: &Door) -> (String, Option<Subscription>) {
    let (id, asked) = match &line {
        Some(line) => rpc::parse(line),
        None => (serde_json::Value::Null, Err(Fault::Unreadable)),
    };
    drop(line);
    let mut subscription = None;
    let result = match asked {
        Err(fault) => Err(fault),
        Ok(Asked::Hello) => rpc::hello(&id),
        Ok(Asked::Subscribe) => {
            let mut locked = door.locked.clone();
            locked.mark_unchanged();
            subscription = Some(Subscription {
                events: door.events.subscribe(),
                locked,
            });
            rpc::nothing(&id)
        }
        Ok(Asked::FindMeetings) => match order(door, |reply| Order::FindMeetings { reply }).await {
            Ok(found) => found.map_err(Fault::from),
            Err(fault) => Err(fault),
        }
        .and_then(|found| rpc::meetings(&id, found)),
        Ok(Asked::Stop) => order(door, |reply| Order::Stop { reply })
            .await
            .and_then(|()| rpc::nothing(&id)),
        Ok(Asked::Wipe) => order(door, |reply| Order::Wipe { reply })
            .await
            .and_then(|remains| rpc::wiped(&id, remains)),
        Ok(Asked::Lock) => done(&id, door, |reply| Order::Lock { reply }).await,
        Ok(Asked::Unlock(passphrase)) => {
            done(&id, door, |reply| Order::Unlock { passphrase, reply }).await
        }
        Ok(Asked::Passphrase { old, new, cheap }) => {
            let effort = if cheap { Effort::Least } else { Effort::Full };
            done(&id, door, |reply| Order::Passphrase {
                old,
                new,
                effort,
                reply,
            })
            .await
        }
        Ok(Asked::Backup { passphrase, cheap }) => {
            let effort = if cheap { Effort::Least } else { Effort::Full };
            backup(&id, door, passphrase, effort).await
        }
        Ok(Asked::Doctor) => doctor(door).await.and_then(|found| rpc::doctor(&id, found)),
        Ok(Asked::Engine(Request::Status)) if *door.locked.borrow() => {
            rpc::locked(&id, door.shell())
        }
        Ok(Asked::Engine(request)) => ask(door, request)
            .await
            .and_then(|answer| rpc::answer(&id, answer, door.shell())),
    };
    let reply = result.unwrap_or_else(|fault| rpc::fault(&id, &fault));
    (reply, subscription)
}

/// The lock of a backup takes long and is made elsewhere; what is sealed behind it the engine knows.
async fn backup(
    id: &serde_json::Value,
    door: &Door,
    passphrase: Said,
    effort: Effort,
) -> Result<String, Fault> {
    if *door.locked.borrow() {
        return Err(Fault::Locked);
    }
    let made = tokio::task::spawn_blocking(move || {
        let random = crate::random().map_err(|_| shape::Trouble::System)?;
        let lock = BackupLock::new(&passphrase, cost(effort), random);
        scrub_stack();
        lock.map_err(|_| shape::Trouble::Memory)
    });
    let made = made.await.map_err(|_| Fault::Ending)?;
    let lock = made.map_err(|trouble| Fault::Refused(shape::Refusal::NotDone { trouble }))?;
    let answer = ask(door, Request::Backup(Box::new(lock))).await?;
    rpc::answer(id, answer, door.shell())
}

/// What the run loop finds, and what only the engine knows.
async fn doctor(door: &Door) -> Result<shape::Doctor, Fault> {
    let mut found = order(door, |reply| Order::Doctor { reply }).await?;
    if let Ok(Answer::Status(status)) = ask(door, Request::Status).await {
        found.addresses = Some(status.addresses);
    }
    if let Ok(Answer::Kept(kept)) = ask(door, Request::Kept).await {
        found.kept = Some(kept.into());
    }
    Ok(found)
}

/// A question for the engine.
pub(super) async fn ask(door: &Door, request: Request) -> Result<Answer, Fault> {
    if *door.locked.borrow() {
        return Err(Fault::Locked);
    }
    // Who should answer may go between this line and the last.
    let gone = || match *door.locked.borrow() {
        true => Fault::Locked,
        false => Fault::Ending,
    };
    let (reply, answer) = oneshot::channel();
    let sent = door.asks.send(Ask { request, reply }).await;
    sent.map_err(|_| gone())?;
    let answer = answer.await.map_err(|_| gone())?;
    answer.map_err(|refusal| Fault::Refused(refusal.into()))
}

/// An order to which the answer is yes or no.
async fn done(
    id: &serde_json::Value,
    door: &Door,
    what: impl FnOnce(Reply) -> Order,
) -> Result<String, Fault> {
    order(door, what).await??;
    rpc::nothing(id)
}

async fn order<T>(
    door: &Door,
    order: impl FnOnce(oneshot::Sender<T>) -> Order,
) -> Result<T, Fault> {
    let (reply, done) = oneshot::channel();
    let sent = door.orders.send(order(reply)).await;
    sent.map_err(|_| Fault::Ending)?;
    done.await.map_err(|_| Fault::Ending)
}
