//! What the server counts about itself.
//!
//! One [`Metrics`] per process, handed to whoever counts; the text form is the OpenMetrics exposition that Prometheus reads.
//! A registry that is a value (and no process-wide recorder) lets many servers live in one test process.

use std::sync::Arc;

use parking_lot::Mutex;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric as _};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

/// All metrics of one process. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Metrics {
    registry: Arc<Mutex<Registry>>,
    /// The store's writer and readers.
    pub store: StoreMetrics,
    /// Requests.
    pub http: HttpMetrics,
    /// The search index and its follower.
    pub search: SearchMetrics,
    /// Event streams.
    pub feed: FeedMetrics,
    /// Credentials that did not count.
    pub credentials: CredentialMetrics,
    /// Background work.
    pub jobs: JobMetrics,
    /// Requests to others.
    pub outbound: OutboundMetrics,
}

/// What `db` counts.
#[derive(Debug, Clone, Default)]
pub struct StoreMetrics {
    /// Transactions committed by the writer.
    pub commits: Counter,
    /// Write closures that ended in a commit.
    pub writes: Counter,
    /// Writes that failed or were refused by a full queue or disk.
    pub write_failures: Counter,
    /// Bytes (stated weight) waiting for the writer.
    pub write_queue_bytes: Gauge,
    /// Reads answered.
    pub reads: Counter,
    /// Reads given up after their deadline or refused by a full queue.
    pub read_failures: Counter,
    /// The newest change number.
    pub head: Gauge,
}

/// Labels of a request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RequestLabels {
    /// The route's pattern, never the path itself: few values, and no ids.
    pub route: String,
    /// The method.
    pub method: String,
    /// The status code.
    pub status: u16,
}

/// What `http` counts.
#[derive(Debug, Clone)]
pub struct HttpMetrics {
    /// Requests answered, by route, method and status.
    pub requests: Family<RequestLabels, Counter>,
    /// Seconds from the request's head to the end of its handler.
    pub duration: Histogram,
}

/// What `search` counts.
#[derive(Debug, Clone, Default)]
pub struct SearchMetrics {
    /// The change number up to which the index follows.
    pub cursor: Gauge,
    /// Commits of the index.
    pub commits: Counter,
    /// Documents written to the index.
    pub documents: Counter,
    /// Times the index was built anew.
    pub rebuilds: Counter,
    /// Searches answered.
    pub queries: Counter,
    /// States of the index that are kept for further pages.
    pub pins: Gauge,
    /// Those that were let go of before their time, for want of room.
    pub pins_evicted: Counter,
}

/// How far the index is behind the store, told when it is asked for: two gauges that are read at different moments by whoever
/// subtracts them would now and then give an index that is ahead.
#[derive(Debug)]
struct IndexLag {
    head: Gauge,
    cursor: Gauge,
}

impl Collector for IndexLag {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> std::fmt::Result {
        let lag = ConstGauge::new((self.head.get() - self.cursor.get()).max(0));
        let text = "Changes that the index has yet to take in";
        lag.encode(encoder.encode_descriptor("search_lag", text, None, lag.metric_type())?)
    }
}

/// What `feed` counts.
#[derive(Debug, Clone, Default)]
pub struct FeedMetrics {
    /// Event streams that are open.
    pub streams: Gauge,
    /// Changes that were sent to them.
    pub events: Counter,
}

/// Labels of a credential that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RefusalLabels {
    /// The way in, such as `sign-in`.
    pub flow: String,
    /// What was shown, such as `password`.
    pub method: String,
    /// `wrong` or `throttled`.
    pub reason: String,
}

/// What `credentials` counts.
#[derive(Debug, Clone, Default)]
pub struct CredentialMetrics {
    /// Credentials that did not count.
    pub refused: Family<RefusalLabels, Counter>,
    /// Passwords that were hashed, to check or to keep one.
    pub hashes: Counter,
}

impl CredentialMetrics {
    /// Counts one that did not count.
    pub fn refused(&self, flow: &str, method: &str, throttled: bool) {
        let reason = if throttled { "throttled" } else { "wrong" };
        let labels = RefusalLabels { flow: flow.into(), method: method.into(), reason: reason.into() };
        self.refused.get_or_create(&labels).inc();
    }
}

/// Labels of a request to somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct OutboundLabels {
    /// What it was for, such as `sign-on`.
    pub purpose: String,
    /// `answered`, or why not: `refused`, `timeout`, `too-long`, `unreachable`.
    pub outcome: String,
}

/// What `outbound` counts.
#[derive(Debug, Clone, Default)]
pub struct OutboundMetrics {
    /// Requests to others, by purpose and outcome.
    pub requests: Family<OutboundLabels, Counter>,
}

impl OutboundMetrics {
    /// Counts one that has ended.
    pub fn sent(&self, purpose: &str, outcome: &str) {
        self.requests.get_or_create(&OutboundLabels { purpose: purpose.into(), outcome: outcome.into() }).inc();
    }
}

/// Labels of a run.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct JobLabels {
    /// The kind of job.
    pub kind: String,
    /// `done`, `retried` or `failed`.
    pub outcome: String,
}

/// What `jobs` counts.
#[derive(Debug, Clone)]
pub struct JobMetrics {
    /// Runs that ended, by kind and outcome.
    pub runs: Family<JobLabels, Counter>,
    /// Seconds that a run took.
    pub duration: Histogram,
    /// Jobs that wait.
    pub queued: Gauge,
    /// Jobs that run in this process.
    pub running: Gauge,
    /// Dead letters.
    pub failed: Gauge,
}

impl Default for JobMetrics {
    fn default() -> Self {
        Self {
            runs: Family::default(),
            // 10 ms to about 45 min.
            duration: Histogram::new(exponential_buckets(0.01, 4.0, 10)),
            queued: Gauge::default(),
            running: Gauge::default(),
            failed: Gauge::default(),
        }
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// An empty set, registered.
    pub fn new() -> Self {
        let store = StoreMetrics::default();
        let search = SearchMetrics::default();
        let jobs = JobMetrics::default();
        let feed = FeedMetrics::default();
        let credentials = CredentialMetrics::default();
        let outbound = OutboundMetrics::default();
        // 0.1 ms to about 6.5 s.
        let http =
            HttpMetrics { requests: Family::default(), duration: Histogram::new(exponential_buckets(0.0001, 2.0, 17)) };

        let mut registry = Registry::with_prefix("inkstone");
        let r = &mut registry;
        r.register("store_commits", "Transactions committed by the writer", store.commits.clone());
        r.register("store_writes", "Writes that ended in a commit", store.writes.clone());
        r.register("store_write_failures", "Writes that failed or were refused", store.write_failures.clone());
        r.register("store_write_queue_bytes", "Weight waiting for the writer", store.write_queue_bytes.clone());
        r.register("store_reads", "Reads answered", store.reads.clone());
        r.register("store_read_failures", "Reads given up or refused", store.read_failures.clone());
        r.register("store_head", "Newest change number", store.head.clone());
        r.register("http_requests", "Requests answered", http.requests.clone());
        r.register_with_unit("http_request_duration", "Time to answer", Unit::Seconds, http.duration.clone());
        r.register("search_cursor", "Change number that the index has reached", search.cursor.clone());
        r.register_collector(Box::new(IndexLag { head: store.head.clone(), cursor: search.cursor.clone() }));
        r.register("search_commits", "Commits of the index", search.commits.clone());
        r.register("search_documents", "Documents written to the index", search.documents.clone());
        r.register("search_rebuilds", "Times the index was built anew", search.rebuilds.clone());
        r.register("search_queries", "Searches answered", search.queries.clone());
        let pins = "States of the index that are kept for further pages, one for each person and state";
        r.register("search_pins", pins, search.pins.clone());
        let evicted = "Kept states of the index that were let go of before their time, for want of room";
        r.register("search_pins_evicted", evicted, search.pins_evicted.clone());

        r.register("event_streams", "Event streams that are open", feed.streams.clone());
        r.register("events_sent", "Changes sent to event streams", feed.events.clone());

        r.register("credentials_refused", "Credentials that did not count", credentials.refused.clone());
        r.register("password_hashes", "Passwords hashed, to check or to keep one", credentials.hashes.clone());

        r.register("outbound_requests", "Requests sent to others", outbound.requests.clone());

        r.register("jobs_runs", "Runs of jobs that ended", jobs.runs.clone());
        r.register_with_unit("jobs_duration", "Time that a run took", Unit::Seconds, jobs.duration.clone());
        r.register("jobs_queued", "Jobs that wait", jobs.queued.clone());
        r.register("jobs_running", "Jobs that run in this process", jobs.running.clone());
        r.register("jobs_failed", "Jobs that were given up and wait for somebody", jobs.failed.clone());

        Self { registry: Arc::new(Mutex::new(registry)), store, http, search, feed, credentials, jobs, outbound }
    }

    /// The OpenMetrics text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        // Writing into a String does not fail; an empty page would be the honest answer if it did.
        let _ = encode(&mut out, &self.registry.lock());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_appear_under_their_published_names() {
        let metrics = Metrics::new();
        metrics.store.commits.inc();
        let text = metrics.text();
        assert!(text.contains("inkstone_store_commits_total 1"), "{text}");
        assert!(text.contains("inkstone_http_request_duration_seconds_bucket"), "{text}");
    }

    #[test]
    fn the_lag_of_the_index_is_what_it_has_yet_to_take_in() {
        let metrics = Metrics::new();
        metrics.store.head.set(42);
        metrics.search.cursor.set(40);
        let text = metrics.text();
        assert!(text.contains("\n# TYPE inkstone_search_lag gauge\ninkstone_search_lag 2\n"), "{text}");
    }
}
