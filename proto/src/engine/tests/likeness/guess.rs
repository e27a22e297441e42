//! A small judge: logistic regression on numbers brought to one scale, trained on one half, judged
//! on the other. No randomness: the halves and the steps are always the same.

/// Rounds over the training half, and how far one goes.
const ROUNDS: u32 = 60;
const STEP: f64 = 0.02;
/// Keeps weights small, so that chance is not learnt by heart.
const DECAY: f64 = 1e-3;

/// How many of the held-out half are told right, as a share. Every second pair is held out.
pub(super) fn held_out_accuracy(mut all: Vec<(Vec<f64>, bool)>) -> f64 {
    to_one_scale(&mut all);
    let (mut train, mut held_out) = (Vec::new(), Vec::new());
    for (n, one) in all.into_iter().enumerate() {
        if n / 2 % 2 == 0 {
            train.push(one);
        } else {
            held_out.push(one);
        }
    }
    let weights = learn(&train);
    let right = held_out
        .iter()
        .filter(|(x, forged)| (score(&weights, x) > 0.0) == *forged);
    right.count() as f64 / held_out.len() as f64
}

/// Mean 0 and deviation 1; a number that never changes says nothing. Looks at no answer.
fn to_one_scale(all: &mut [(Vec<f64>, bool)]) {
    let count = all.len() as f64;
    for at in 0..all[0].0.len() {
        let mean = all.iter().map(|(x, _)| x[at]).sum::<f64>() / count;
        let square = all.iter().map(|(x, _)| (x[at] - mean).powi(2)).sum::<f64>() / count;
        let scale = if square > 1e-12 {
            square.sqrt()
        } else {
            f64::INFINITY
        };
        all.iter_mut()
            .for_each(|(x, _)| x[at] = (x[at] - mean) / scale);
    }
}

/// One weight for each number, and one that stands alone.
fn score(weights: &[f64], x: &[f64]) -> f64 {
    let (alone, weights) = weights.split_last().unwrap();
    alone + weights.iter().zip(x).map(|(w, x)| w * x).sum::<f64>()
}

fn learn(train: &[(Vec<f64>, bool)]) -> Vec<f64> {
    let mut weights = vec![0.0; train[0].0.len() + 1];
    for round in 0..ROUNDS {
        let step = STEP / (1.0 + f64::from(round) / 10.0);
        for (x, forged) in train {
            let wanted = if *forged { 1.0 } else { 0.0 };
            let off = wanted - 1.0 / (1.0 + (-score(&weights, x)).exp());
            let last = weights.len() - 1;
            for (weight, x) in weights[..last].iter_mut().zip(x) {
                *weight += step * (off * x - DECAY * *weight);
            }
            weights[last] += step * off;
        }
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_learnt_and_what_does_not_is_not() {
        let noise = |n: u64, k: u64| (n.wrapping_mul(k) >> 33) as f64 / 2f64.powi(31);
        let corpus = |tell: f64| {
            let one = |n: u64| {
                let forged = n % 2 == 1;
                let shift = if forged { tell } else { 0.0 };
                let x = noise(n + 1, 0x9E37_79B9_7F4A_7C15) + shift;
                (vec![x, noise(n + 7, 0xD134_2543_DE82_EF95), 5.0], forged)
            };
            (0..4_000).map(one).collect()
        };
        assert!(held_out_accuracy(corpus(2.0)) > 0.95);
        assert!((0.45..0.55).contains(&held_out_accuracy(corpus(0.0))));
    }
}
