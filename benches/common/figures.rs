//! Figures: rates, latencies, medians, and how they are written.

/// Something a second.
#[derive(Debug, Clone, Copy, Default)]
pub struct Rate(pub f64);

impl Rate {
    /// `count` in `seconds`.
    pub fn of(count: usize, seconds: f64) -> Self {
        Self(count as f64 / seconds)
    }
}

/// Percentiles in milliseconds.
#[derive(Debug, Clone, Copy, Default)]
pub struct Latencies {
    /// The middle one.
    pub p50: f64,
    /// 95 of 100 were no slower.
    pub p95: f64,
    /// 99 of 100 were no slower.
    pub p99: f64,
}

impl Latencies {
    /// Of all these.
    pub fn of(mut all: Vec<f64>) -> Self {
        all.sort_by(f64::total_cmp);
        Self { p50: quantile(&all, 0.50), p95: quantile(&all, 0.95), p99: quantile(&all, 0.99) }
    }
}

/// The middle of `all`; not a number when there is none.
pub fn median(all: impl IntoIterator<Item = f64>) -> f64 {
    let mut all: Vec<f64> = all.into_iter().collect();
    all.sort_by(f64::total_cmp);
    quantile(&all, 0.5)
}

fn quantile(sorted: &[f64], at: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    sorted[(last as f64 * at).round() as usize]
}

/// Bytes as the megabytes that the tables show.
pub fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// Three significant digits or none behind the point: `0.123`, `4.56`, `78.9`, `12,345`.
pub fn shown(value: f64) -> String {
    if !value.is_finite() {
        return "-".to_owned();
    }
    let places = match value.abs() {
        v if v < 1.0 => 3,
        v if v < 10.0 => 2,
        v if v < 100.0 => 1,
        _ => 0,
    };
    let text = format!("{value:.places$}");
    if places > 0 {
        return text;
    }
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let mut out = String::from(sign);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
