//! Progress on a terminal: one bar or spinner for each piece of long work, gone when it is done. Nothing is drawn
//! where nobody watches.

use crate::runtime::Progress;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::time::Duration;

/// Redraws in a second; more would only cost time.
const REDRAWS: u8 = 10;

/// The bars in sight.
pub(super) struct ProgressBars {
    area: MultiProgress,
    bars: Vec<Bar>,
}

struct Bar {
    id: i32,
    bar: ProgressBar,
    /// It goes as soon as anything else is shown.
    transient: bool,
}

impl ProgressBars {
    /// Bars on standard error.
    pub(super) fn new() -> Self {
        let target = ProgressDrawTarget::stderr_with_hz(REDRAWS);
        ProgressBars { area: MultiProgress::with_draw_target(target), bars: Vec::new() }
    }

    /// Shows how far some work is; the first call for an id makes its bar, the completing one takes it away.
    pub(super) fn show(&mut self, progress: &Progress) {
        let place = self.bars.iter().position(|known| known.id == progress.id);
        if progress.completed {
            if let Some(place) = place {
                self.bars.swap_remove(place).bar.finish_and_clear();
            }
            return;
        }
        let bar = match place.and_then(|place| self.bars.get(place)) {
            Some(known) => known.bar.clone(),
            None => self.add(progress),
        };
        bar.set_prefix(progress.activity.clone());
        bar.set_message([progress.status.as_str(), progress.operation.as_str()].join(" ").trim().to_owned());
        match u64::try_from(progress.percent) {
            Ok(percent) => {
                bar.set_length(100);
                bar.set_position(percent.min(100));
                bar.set_style(style(" {prefix} [{bar:30}] {percent:>3}% {msg}"));
            }
            Err(_) => bar.set_style(style(" {spinner} {prefix} {msg}")),
        }
        bar.tick();
    }

    fn add(&mut self, progress: &Progress) -> ProgressBar {
        let bar = self.area.add(ProgressBar::new_spinner());
        // A spinner moves while a single long call keeps this thread busy.
        bar.enable_steady_tick(Duration::from_millis(120));
        self.bars.push(Bar { id: progress.id, bar: bar.clone(), transient: progress.transient });
        bar
    }

    /// Are there bars in sight? What is transient goes now, since something else is about to be shown.
    pub(super) fn remain(&mut self) -> bool {
        self.bars.extract_if(.., |known| known.transient).for_each(|known| known.bar.finish_and_clear());
        !self.bars.is_empty()
    }

    /// Writes whole lines past the bars: they are taken away and drawn again below.
    pub(super) fn around(&self, write: impl FnOnce()) {
        self.area.suspend(write);
    }

    /// Takes every bar away: what they told of has ended.
    pub(super) fn clear(&mut self) {
        self.bars.drain(..).for_each(|known| known.bar.finish_and_clear());
    }
}

fn style(template: &str) -> ProgressStyle {
    // A template that cannot be read would only cost the looks.
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}
