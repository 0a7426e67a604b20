//! How far long work has come: a bar on a terminal, a plain line for every tenth elsewhere, nothing for programs.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::output::Output;

/// One piece of long work. Speaks on standard error.
#[derive(Debug)]
pub struct Progress {
    shape: Shape,
    label: &'static str,
    total: u64,
    done: u64,
}

#[derive(Debug)]
enum Shape {
    Bar(ProgressBar),
    /// The tenths that were told.
    Lines(Output, u64),
    Silent,
}

impl Progress {
    /// Begins; `label` says what is done to what, as in `importing notes`.
    pub fn begin(output: Output, label: &'static str, total: u64) -> Self {
        let shape = if output.is_watched() {
            let bar = ProgressBar::new(total).with_message(label);
            if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len} {eta}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(200));
            Shape::Bar(bar)
        } else if output.is_json() {
            Shape::Silent
        } else {
            Shape::Lines(output, 0)
        };
        Self { shape, label, total, done: 0 }
    }

    /// `done` of `total` are done; the total may have grown.
    pub fn at(&mut self, done: u64, total: u64) {
        (self.done, self.total) = (done, total);
        match &mut self.shape {
            Shape::Bar(bar) => {
                bar.set_length(total);
                bar.set_position(done);
            }
            Shape::Lines(output, told) => {
                let tenths = tenths(done, total);
                if tenths > *told {
                    *told = tenths;
                    output.remark(&format!("{}: {done} of {total}", self.label));
                }
            }
            Shape::Silent => {}
        }
    }

    /// `more` are done.
    pub fn advance(&mut self, more: u64) {
        self.at(self.done + more, self.total);
    }
}

impl Drop for Progress {
    /// Leaves the line to the result, or to the failure.
    fn drop(&mut self) {
        if let Shape::Bar(bar) = &self.shape {
            bar.finish_and_clear();
        }
    }
}

fn tenths(done: u64, total: u64) -> u64 {
    done.saturating_mul(10).checked_div(total).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tenths_are_whole_and_nothing_of_nothing_is_none() {
        assert_eq!(tenths(0, 0), 0);
        assert_eq!(tenths(9, 100), 0);
        assert_eq!(tenths(10, 100), 1);
        assert_eq!(tenths(100, 100), 10);
    }
}
