//! Random numbers as .NET draws them: with a seed, the same ones for every program that uses the same seed.

use rand::{Rng, SeedableRng, rngs::StdRng};

/// Size of the table of a seeded source, whose first place is not used.
const PLACES: usize = 56;
/// How far the second reader of the table is ahead.
const AHEAD: usize = 21;

/// The subtractive generator of Knuth's volume 2, as `System.Random` seeds it.
#[derive(Clone)]
pub(crate) struct Seeded {
    table: [i32; PLACES],
    first: usize,
    second: usize,
}

impl Seeded {
    /// The source that a seed stands for.
    pub(crate) fn new(seed: i32) -> Self {
        const MIDDLE: i32 = 161_803_398;
        let mut last = MIDDLE - seed.checked_abs().unwrap_or(i32::MAX);
        let mut table = [0i32; PLACES];
        table[PLACES - 1] = last;
        let mut next = 1;
        for step in 1..PLACES - 1 {
            let place = AHEAD * step % (PLACES - 1);
            table[place] = next;
            next = positive(last.wrapping_sub(next));
            last = table[place];
        }
        for _ in 0..4 {
            for at in 1..PLACES {
                let other = 1 + (at + 30) % (PLACES - 1);
                table[at] = positive(table[at].wrapping_sub(table[other]));
            }
        }
        Seeded { table, first: 0, second: AHEAD }
    }

    fn advance(place: usize) -> usize {
        if place + 1 >= PLACES { 1 } else { place + 1 }
    }

    /// A number from 0 up to, not including, the largest `int`.
    pub(crate) fn sample(&mut self) -> i32 {
        (self.first, self.second) = (Self::advance(self.first), Self::advance(self.second));
        let drawn = self.table[self.first].wrapping_sub(self.table[self.second]);
        let drawn = positive(if drawn == i32::MAX { drawn - 1 } else { drawn });
        self.table[self.first] = drawn;
        drawn
    }

    fn wide_sample(&mut self) -> f64 {
        let drawn = self.sample();
        let signed = if self.sample() % 2 == 0 { -drawn } else { drawn };
        (f64::from(signed) + f64::from(i32::MAX - 1)) / f64::from(2 * (i32::MAX as u32) - 1)
    }

    fn bits(&mut self) -> u64 {
        let mut part = |limit: i64| self.between(0, limit) as u64;
        let low = part(1 << 22);
        let middle = part(1 << 22);
        low | middle << 22 | part(1 << 20) << 44
    }

    fn between(&mut self, least: i64, most: i64) -> i64 {
        let range = most - least;
        match range <= i64::from(i32::MAX) {
            true => (self.fraction() * range as f64) as i64 + least,
            false => (self.wide_sample() * range as f64) as i64 + least,
        }
    }

    fn fraction(&mut self) -> f64 {
        f64::from(self.sample()) * (1.0 / f64::from(i32::MAX))
    }
}

fn positive(number: i32) -> i32 {
    if number < 0 { number.wrapping_add(i32::MAX) } else { number }
}

/// A source of random numbers, with a seed or without.
#[derive(Clone)]
pub(crate) enum Random {
    /// The same numbers each time.
    Seeded(Box<Seeded>),
    /// Other numbers each time.
    Free(Box<StdRng>),
}

impl Default for Random {
    fn default() -> Self {
        Random::Free(Box::new(StdRng::from_os_rng()))
    }
}

impl Random {
    /// The source of a seed.
    pub(crate) fn seeded(seed: i32) -> Self {
        Random::Seeded(Box::new(Seeded::new(seed)))
    }

    /// `Next()`.
    pub(crate) fn whole(&mut self) -> i32 {
        match self {
            Random::Seeded(source) => source.sample(),
            Random::Free(source) => source.random_range(0..i32::MAX),
        }
    }

    /// `Next(least, most)`, whose limits fit an `int`.
    pub(crate) fn between(&mut self, least: i64, most: i64) -> i64 {
        match self {
            Random::Seeded(source) => source.between(least, most),
            Random::Free(source) => source.random_range(least..most.max(least + 1)),
        }
    }

    /// `NextInt64(least, most)`.
    pub(crate) fn long(&mut self, least: i64, most: i64) -> i64 {
        let range = most.wrapping_sub(least) as u64;
        match self {
            Random::Free(source) => source.random_range(least..most.max(least.saturating_add(1))),
            Random::Seeded(_) if range <= 1 => least,
            Random::Seeded(source) => {
                let bits = u64::BITS - (range - 1).leading_zeros();
                loop {
                    let drawn = source.bits() >> (u64::BITS - bits);
                    if drawn < range {
                        return least.wrapping_add(drawn as i64);
                    }
                }
            }
        }
    }

    /// `NextInt64()`.
    pub(crate) fn any_long(&mut self) -> i64 {
        loop {
            let drawn = match self {
                Random::Seeded(source) => (source.bits() >> 1) as i64,
                Random::Free(source) => source.random_range(0..i64::MAX),
            };
            if drawn != i64::MAX {
                return drawn;
            }
        }
    }

    /// `NextDouble()`.
    pub(crate) fn fraction(&mut self) -> f64 {
        match self {
            Random::Seeded(source) => source.fraction(),
            Random::Free(source) => source.random(),
        }
    }

    /// One byte of `NextBytes`.
    pub(crate) fn byte(&mut self) -> u8 {
        match self {
            Random::Seeded(source) => source.sample() as u8,
            Random::Free(source) => source.random(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn a_seed_gives_the_numbers_of_dotnet() {
        let mut source = Random::seeded(42);
        let drawn: Vec<i64> = (0..5).map(|_| source.between(0, 100)).collect();
        assert_eq!(drawn, [66, 14, 12, 52, 16]);
        assert_eq!(Random::seeded(42).whole(), 1_434_747_710);
    }
}
