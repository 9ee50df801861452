//! `System.DateTime` and `System.TimeSpan`: ticks of 100 nanoseconds.

/// Which clock a [`DateTime`] was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateKind {
    /// Not said.
    Unspecified,
    /// Universal time.
    Utc,
    /// The machine's zone.
    Local,
}

/// Ticks since 0001-01-01T00:00:00 in the low 62 bits, the kind in the upper two, as .NET stores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DateTime(pub(super) u64);

/// The ticks of 9999-12-31T23:59:59.9999999.
pub(crate) const MAX_TICKS: i64 = 3_155_378_975_999_999_999;

impl DateTime {
    /// From ticks, which must lie in `0..=MAX_TICKS`; outside, `None`.
    pub(crate) fn new(ticks: i64, kind: DateKind) -> Option<Self> {
        let bits = match kind {
            DateKind::Unspecified => 0,
            DateKind::Utc => 1,
            DateKind::Local => 2u64,
        };
        (0..=MAX_TICKS).contains(&ticks).then_some(Self(ticks as u64 | bits << 62))
    }

    /// Ticks since year one.
    pub(crate) fn ticks(self) -> i64 {
        (self.0 & (u64::MAX >> 2)) as i64
    }

    /// Which clock.
    pub(crate) fn kind(self) -> DateKind {
        match self.0 >> 62 {
            0 => DateKind::Unspecified,
            1 => DateKind::Utc,
            _ => DateKind::Local,
        }
    }
}

/// A span of time in ticks of 100 nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TimeSpan(pub i64);
