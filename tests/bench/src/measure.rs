//! Processor time of this thread, many samples of each thing taken by turns, and their medians.

use rustix::time::{ClockId, clock_gettime};

fn thread_nanoseconds() -> f64 {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// What was measured, in the order in which it was first seen.
#[derive(Default)]
pub struct Notes(Vec<(&'static str, Vec<f64>)>);

impl Notes {
    /// Runs something that does so many of what the name says.
    pub fn time<R>(&mut self, name: &'static str, times: usize, run: impl FnOnce() -> R) -> R {
        let begun = thread_nanoseconds();
        let result = std::hint::black_box(run());
        let each = (thread_nanoseconds() - begun) / times as f64;
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, samples)) => samples.push(each),
            None => self.0.push((name, vec![each])),
        }
        result
    }

    /// The median of one thing, in microseconds.
    pub fn median(&self, name: &str) -> f64 {
        let (_, samples) = self.0.iter().find(|(known, _)| *known == name).expect(name);
        let mut samples = samples.clone();
        samples.sort_by(f64::total_cmp);
        samples[samples.len() / 2] / 1e3
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(name, _)| *name)
    }
}
