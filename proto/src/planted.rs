//! Bugs that are planted on purpose, so that the tests can show that they would be found. Each is a
//! mutation of the real code, one line at its place; without the feature `planted`, which no program
//! has, [`planted!`] is `false` and nothing of this is compiled.

/// Whether this bug is planted here and now.
#[cfg(not(feature = "planted"))]
macro_rules! planted {
    ($bug:ident) => {
        false
    };
}

/// Whether this bug is planted here and now.
#[cfg(feature = "planted")]
macro_rules! planted {
    ($bug:ident) => {
        $crate::planted::is($crate::planted::Bug::$bug)
    };
}

#[cfg(feature = "planted")]
pub use bugs::*;

#[cfg(feature = "planted")]
mod bugs {
    use std::cell::Cell;

    use crate::engine::Step;

    /// What is done wrong.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Bug {
        /// Acknowledgements leave before what they acknowledge is on the disk.
        AckFirst,
        /// All effects leave before the commit they rest on.
        EffectsFirst,
        /// A text for which there was no room is acknowledged all the same.
        AckRefused,
        /// An acknowledgement is sealed under a number that is not stored as used.
        AckNumberForgotten,
        /// The same of a text.
        SessionForgotten,
        /// Which parcels were opened is not stored.
        DedupeForgotten,
        /// That a message has its place in the inbox is not stored.
        PlaceForgotten,
        /// The number of a message of mine is not stored as used.
        CountersForgotten,
        /// A flight's stamp is the time, also when the clock was set back.
        StampFalls,
        /// The stamps of a friend's flights are not stored.
        TheirStampForgotten,
        /// What was under way on a link that ended is never sent again.
        NotRepeated,
        /// Messages are shown as they come.
        OrderForgotten,
        /// The key of a late parcel stays after it was used.
        LateKeyKept,
        /// A chain does not move on when a parcel is opened.
        ChainKeyKept,
        /// A record is written anew under the key that it had.
        LeafKept,
        /// A table of the key tree is.
        TableKeyKept,
        /// The root record is.
        RootKeyKept,
        /// The key of a message that is gone stays.
        MessageKeyKept,
        /// Its words stay on the disk, though nobody can read them.
        PiecesKept,
        /// One parcel in a thousand is not encrypted.
        PlainParcel,
        /// One record of the disk in a thousand is not.
        PlainRecord,
        /// The lengths of a link's records are not masked.
        PlainLength,
        /// The queue for a friend has no end.
        OutboxUnbounded,
        /// Unread messages have none.
        UnreadUnbounded,
        /// Keys of late parcels have none.
        SkippedUnbounded,
        /// Nothing that was seen is ever forgotten.
        SeenUnbounded,
        /// What a session says that waits for a human counts as heard.
        ParkedSpeaks,
        /// A session takes another's place, and what that left unacknowledged stays sealed in it.
        ResetWithoutResealing,
        /// Of two offers that cross both are answered.
        GlareBothWin,
        /// A session that remembers nothing asks nobody.
        ContinuityIgnored,
        /// The epoch before is erased as soon as the friend answered.
        OldEpochErasedEarly,
        /// An ask for an epoch that is said again gets another epoch.
        EpochAnsweredTwice,
        /// An epoch is never erased.
        OldEpochKept,
        /// That an invitation was claimed is not stored.
        ClaimForgotten,
        /// Nor that one ended, or was taken back.
        EndForgotten,
        /// A restored node does not know that its sessions are gone.
        LossForgotten,
        /// A restored node goes on with the numbers of its backup.
        RestoreReusesNumbers,
        /// A friend's new identity counts as soon as they say it.
        IdentityUnconfirmed,
        /// A new identity of mine is told, and how it is told is not stored.
        AnnouncementForgotten,
        /// Of two new identities of a friend the one that came last counts, whichever was said last.
        AnnouncementsOvertake,
        /// Nothing is kept of an edge that another took the place of.
        FormerDoorForgotten,
        /// Who uses my invitation is called as they call themselves.
        NickIsPetname,
        /// A friend whom I blocked finds my door as before.
        BlockedAnswered,
        /// Whoever asks hears of everybody I know.
        UnshownAnswered,
        /// All who ask get the same tag of one person.
        OneTagForAll,
        /// A friend is not told that a name holds no more.
        WithdrawnUntold,
        /// What a friend called others is believed for ever.
        NamesStay,
        /// An invitation for whom a friend introduces is open to anybody.
        IntroductionOpenToAll,
        /// A KEM step mixes nothing into the root.
        KemSecretIgnored,
        /// The key that opened a KEM step's answer stays until the next chain.
        DecapsulationKeyKept,
        /// At a meeting a share counts that does not open its commitment.
        CommitmentUnchecked,
        /// The number that a human counted is not compared with the list.
        CountUnchecked,
        /// Who was kept counts as met before they have said anything.
        MetUnconfirmed,
        /// Files have no share of the disk, but all of it.
        FilesUnbounded,
        /// A friend may offer as many as they like.
        FileOffersUnbounded,
        /// That a piece of a file came is not stored.
        FilePieceForgotten,
        /// A file counts as whole whatever its hash is.
        FileHashIgnored,
        /// A file takes all of a link.
        FilesFirst,
        /// What is brought by hand once more is not acknowledged once more.
        CarriedUnacknowledged,
        /// That a token was used is not stored by who used it.
        TokenSpentTwice,
        /// What waits for a friend who is away is left at once.
        LeftAtOnce,
        /// That somebody keeps a message is not stored.
        LeftForgotten,
        /// The owner lets a parcel go that found no room at home.
        LetGoUnread,
        /// Tokens are given in the order of their numbers.
        TokensInARow,
        /// A keeper does not store which tokens were used.
        SpentForgotten,
        /// Any receipt lets a parcel go.
        ReceiptUnchecked,
        /// A box takes all that comes.
        QuotaUnchecked,
        /// A narrowed token is as good as a whole one.
        CaveatsIgnored,
        /// The stamps of an owner's flights are not stored.
        OwnerStampForgotten,
        /// Nobody's objection holds anything up.
        ObjectIgnored,
        /// Who only watches a group decides too.
        SpectatorCounted,
        /// Half of a group can suspend somebody.
        HalfSuspends,
        /// What is said after a last word counts.
        LateSayCounted,
        /// A motion counts whatever it rests on.
        RestsUnchecked,
        /// Each computer of a seat speaks for it.
        VoiceUnchecked,
        /// Who is suspended decides all the same.
        SuspendedCounted,
        /// Who is to be removed decides about it.
        TargetCounted,
        /// Who was removed from a group is sent to as before.
        RemovedSentTo,
        /// Who is suspended is.
        SuspendedSentTo,
        /// Who only watches is told what members hold of each other.
        SpectatorTold,
        /// What is asked for is sent again to whoever asks, from the first.
        ResentFromTheFirst,
        /// A group's messages are shown as they come.
        ParentsNotAwaited,
        /// One that comes twice is shown twice.
        ShownTwice,
        /// That two tell different things of an author is not shown.
        EquivocationHidden,
        /// My node never says that my window is over.
        CloseForgotten,
        /// A window begins anew at each start.
        WindowRestarts,
        /// The number of a message of mine in a group is not stored as used.
        GroupNumberForgotten,
        /// Messages that wait for others have no bound.
        WaitingUnbounded,
        /// Nor have motions.
        MotionsUnbounded,
        /// A newcomer believes one member who tells of another set.
        OneBelieved,
        /// What is missing is never asked for.
        MissingNotAsked,
        /// What was just sent again is sent again at once, as often as it is asked for.
        SentAgainAtOnce,
        /// A motion that gives its place to an earlier one of its author's keeps its window.
        WindowOfNothing,
        /// The motions of one seat take the room of all.
        OneSeatFills,
        /// Fewer last words of one author are held than they can be made to say.
        ClosesFew,
        /// Whom an outsider proposes is listened to, and whom those propose.
        AnybodyProposes,
        /// One member tells a newcomer many things, and all are kept.
        OneTellsManyTimes,
        /// Only who proposed a newcomer tells them how the group stands.
        SponsorAloneTells,
        /// Who is new is told how the group stands once, whatever they show.
        ToldOnce,
        /// Somebody is sent something again before what enough told is believed.
        AnsweredUnbelieving,
        /// With which message somebody began to send to me is not looked at.
        BeginningNotHeard,
        /// The first that an elder says to a newcomer waits for what was said before they came.
        FirstOfElderWaits,
        /// The first that is said to somebody after a suspension waits for what was said meanwhile.
        LiftedWaits,
        /// Who leaves does not tell their other computers.
        LeavesAlone,
        /// Who was forgotten and came back is asked for what they said before.
        ForgottenAskedAgain,
        /// Who was forgotten and came back is asked for nothing of what is new.
        ForgottenNotAsked,
        /// How motions stand for others is not looked at.
        ResultsNotCompared,
        /// A policy may leave nobody time to answer.
        NoTimeToAnswer,
        /// What waits for somebody who was removed from a group goes out all the same.
        RemovedLeftWaiting,
        /// What is said in a group is shown to who did not say yes.
        ShownBeforeYes,
        /// Of a group that I left something stays.
        LeftGroupKept,
        /// What comes in unknown groups has no bound.
        StraysUnbounded,
        /// Nor have groups.
        GroupsUnbounded,
    }

    impl Bug {
        /// Those which nobody sees who watches a world from outside: the ratchet's own tests find them.
        pub const INSIDE: [Self; 2] = [Self::KemSecretIgnored, Self::DecapsulationKeyKept];

        /// Those which the last resort mends before anybody sees, or which nobody sees but with an older
        /// backup, or who asks about names or introduces: the engine's own tests find them.
        pub const BESIDE: [Self; 11] = [
            Self::AnnouncementForgotten,
            Self::AnnouncementsOvertake,
            Self::FormerDoorForgotten,
            Self::OldEpochErasedEarly,
            Self::EpochAnsweredTwice,
            Self::RestoreReusesNumbers,
            Self::UnshownAnswered,
            Self::OneTagForAll,
            Self::WithdrawnUntold,
            Self::NamesStay,
            Self::IntroductionOpenToAll,
        ];

        /// Those of a meeting: its own tests find them.
        pub const AT_MEETINGS: [Self; 3] = [
            Self::CommitmentUnchecked,
            Self::CountUnchecked,
            Self::MetUnconfirmed,
        ];

        /// Those for which no world has the people or the spy: the models find them.
        pub const MODELLED: [Self; 3] =
            [Self::OldEpochKept, Self::ClaimForgotten, Self::EndForgotten];

        /// Those of files and of what is carried: the engine's own tests find them.
        pub const OF_FILES: [Self; 6] = [
            Self::FilesUnbounded,
            Self::FileOffersUnbounded,
            Self::FilePieceForgotten,
            Self::FileHashIgnored,
            Self::FilesFirst,
            Self::CarriedUnacknowledged,
        ];

        /// Those of boxes, on the side of who writes and who reads: the engine's own tests find them.
        pub const OF_BOXES: [Self; 5] = [
            Self::TokenSpentTwice,
            Self::LeftAtOnce,
            Self::LeftForgotten,
            Self::LetGoUnread,
            Self::TokensInARow,
        ];

        /// Those of a keeper: its own tests find them.
        pub const OF_KEEPERS: [Self; 5] = [
            Self::SpentForgotten,
            Self::ReceiptUnchecked,
            Self::QuotaUnchecked,
            Self::CaveatsIgnored,
            Self::OwnerStampForgotten,
        ];

        /// Those of what a group decided: the tally's own tests find them.
        pub const OF_GROUPS: [Self; 8] = [
            Self::ObjectIgnored,
            Self::SpectatorCounted,
            Self::HalfSuspends,
            Self::LateSayCounted,
            Self::RestsUnchecked,
            Self::VoiceUnchecked,
            Self::SuspendedCounted,
            Self::TargetCounted,
        ];

        /// Those of how a group's words go round: the tests of its machine find them.
        pub const IN_GROUPS: [Self; 31] = [
            Self::RemovedSentTo,
            Self::SuspendedSentTo,
            Self::SpectatorTold,
            Self::ResentFromTheFirst,
            Self::ParentsNotAwaited,
            Self::ShownTwice,
            Self::EquivocationHidden,
            Self::CloseForgotten,
            Self::WindowRestarts,
            Self::GroupNumberForgotten,
            Self::WaitingUnbounded,
            Self::MotionsUnbounded,
            Self::OneBelieved,
            Self::MissingNotAsked,
            Self::SentAgainAtOnce,
            Self::WindowOfNothing,
            Self::OneSeatFills,
            Self::ClosesFew,
            Self::AnybodyProposes,
            Self::OneTellsManyTimes,
            Self::SponsorAloneTells,
            Self::ToldOnce,
            Self::AnsweredUnbelieving,
            Self::ResultsNotCompared,
            Self::BeginningNotHeard,
            Self::FirstOfElderWaits,
            Self::LiftedWaits,
            Self::LeavesAlone,
            Self::ForgottenAskedAgain,
            Self::ForgottenNotAsked,
            Self::NoTimeToAnswer,
        ];

        /// Those of groups among friends: the tests of the engine's groups find them.
        pub const AMONG_FRIENDS: [Self; 5] = [
            Self::RemovedLeftWaiting,
            Self::ShownBeforeYes,
            Self::LeftGroupKept,
            Self::StraysUnbounded,
            Self::GroupsUnbounded,
        ];

        /// All others: the world finds each.
        pub const ALL: [Self; 34] = [
            Self::AckFirst,
            Self::EffectsFirst,
            Self::AckRefused,
            Self::AckNumberForgotten,
            Self::SessionForgotten,
            Self::DedupeForgotten,
            Self::PlaceForgotten,
            Self::CountersForgotten,
            Self::StampFalls,
            Self::TheirStampForgotten,
            Self::NotRepeated,
            Self::OrderForgotten,
            Self::LateKeyKept,
            Self::ChainKeyKept,
            Self::LeafKept,
            Self::TableKeyKept,
            Self::RootKeyKept,
            Self::MessageKeyKept,
            Self::PiecesKept,
            Self::PlainParcel,
            Self::PlainRecord,
            Self::PlainLength,
            Self::OutboxUnbounded,
            Self::UnreadUnbounded,
            Self::SkippedUnbounded,
            Self::SeenUnbounded,
            Self::ParkedSpeaks,
            Self::ResetWithoutResealing,
            Self::GlareBothWin,
            Self::ContinuityIgnored,
            Self::LossForgotten,
            Self::IdentityUnconfirmed,
            Self::NickIsPetname,
            Self::BlockedAnswered,
        ];
    }

    thread_local! {
        // Not in the engine: most bugs lie in modules that know no engine. Of one thread, so that
        // worlds beside each other have bugs of their own.
        static PLANTED: Cell<Option<Bug>> = const { Cell::new(None) };
    }

    /// From now on this thread's engines have this bug, or none.
    pub fn plant(bug: Option<Bug>) {
        PLANTED.set(bug);
    }

    pub(crate) fn is(bug: Bug) -> bool {
        PLANTED.get() == Some(bug)
    }

    /// Holds records of a step back until the next one, while its effects leave.
    pub(crate) fn hold_back(held: &mut Step, mut step: Step, idle: bool) -> Step {
        if idle {
            return step;
        }
        if planted!(EffectsFirst) {
            core::mem::swap(&mut held.puts, &mut step.puts);
            core::mem::swap(&mut held.erases, &mut step.erases);
        } else if planted!(AckFirst) {
            let puts = core::mem::take(&mut step.puts).into_iter();
            let (arrivals, others) = puts.partition(|put| put.name.0.first() == Some(&b'a'));
            step.puts = core::mem::replace(&mut held.puts, arrivals);
            step.puts.extend::<Vec<_>>(others);
        }
        step
    }

    /// One in a thousand, by these bytes.
    pub(crate) fn one_in_a_thousand(bytes: &[u8]) -> bool {
        let number = bytes
            .iter()
            .fold(0u32, |sum, byte| (sum * 256 + u32::from(*byte)) % 1000);
        number == 0
    }
}
