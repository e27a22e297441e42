//! Two friends, a file between them, and what each sees of it.

use crate::engine::tests::world::World;
use crate::engine::*;
use crate::limits::{BUCKETS, FILE_CHUNK_BYTES};

/// Four pieces, the last of them short.
pub(super) const BYTES: usize = 3 * FILE_CHUNK_BYTES + 1000;

pub(super) fn picture(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|n| (n * n / 7 + n) as u8).collect()
}

impl World {
    pub(super) fn offer_file(&mut self, name: &str, bytes: usize) -> Result<u32, Refusal> {
        let request = Request::OfferFile {
            to: "bob".into(),
            name: name.into(),
            bytes: bytes as u64,
        };
        let Answer::File(card) = self.ask(0, request)? else {
            panic!("no file")
        };
        for (index, piece) in (0..).zip(picture(bytes).chunks(FILE_CHUNK_BYTES)) {
            let bytes = Said::new(piece.to_vec());
            let id = card.id;
            self.ask(0, Request::FillFile { id, index, bytes })?;
        }
        Ok(card.id)
    }

    pub(super) fn cards(&mut self, n: usize) -> Vec<FileCard> {
        match self.ask(n, Request::Files) {
            Ok(Answer::Files(files)) => files,
            _ => panic!("no files"),
        }
    }

    pub(super) fn states(&mut self, n: usize) -> Vec<FileState> {
        self.cards(n).iter().map(|card| card.state).collect()
    }

    pub(super) fn take_first(&mut self) -> Result<Answer, Refusal> {
        let id = self.cards(1)[0].id;
        self.ask(1, Request::TakeFile { id })
    }

    pub(super) fn drop_first(&mut self, n: usize) {
        let id = self.cards(n)[0].id;
        assert!(self.ask(n, Request::DropFile { id }).is_ok());
    }

    pub(super) fn read_out(&mut self) -> Vec<u8> {
        let card = self.cards(1).remove(0);
        let pieces = (0..).map_while(|index| {
            let id = card.id;
            match self.ask(1, Request::ReadFile { id, index }) {
                Ok(Answer::Piece(body)) => self.body(1, body),
                _ => None,
            }
        });
        pieces.collect::<Vec<_>>().concat()
    }

    /// Records and pieces of files on a disk.
    pub(super) fn traces(&self, n: usize) -> usize {
        let names = self.nodes[n]
            .state
            .keys()
            .chain(self.nodes[n].bodies.keys());
        names.filter(|name| name.0.first() == Some(&b'l')).count()
    }

    pub(super) fn news(&self, n: usize) -> Vec<FileNews> {
        let news = self.nodes[n].events.iter().filter_map(|event| match event {
            Event::File { news, .. } => Some(*news),
            _ => None,
        });
        news.filter(|news| !matches!(news, FileNews::Moved { .. }))
            .collect()
    }

    /// Parcels of the largest length on their way to a node.
    pub(super) fn large_frames(&self) -> usize {
        let large = |(_, input): &&(usize, Input)| matches!(input, Input::Frame { body, .. } if body.len() == BUCKETS[2]);
        self.queue.iter().filter(large).count()
    }

    pub(super) fn mend(&mut self) {
        self.cut();
        self.run_for(40);
    }
}

/// A file of four pieces, of which the other was asked.
pub(super) fn offered() -> World {
    let mut world = World::friends();
    world.offer_file("affiche.png", BYTES).unwrap();
    world.deliver();
    world
}
