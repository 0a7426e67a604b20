//! Log lines: which are written, and in which shape. What is said in them is up to the modules that speak.
//!
//! Lines go to standard error, each in one write, so that lines of several threads never run into one another; standard output
//! belongs to results. The one thing that is process-wide by nature: [`install`] is called once, by `main`'s command.

use std::io;

use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::config::LogFormat;

/// Libraries that tell at `info` what belongs to `debug` in a server: each commit of the index, each migration looked at.
const CHATTY: &str = "tantivy=warn,refinery_core=warn,hyper=warn,h2=warn,rustls=warn";

/// Libraries that write what strangers send, as long as it is, at any level: it is told by those who ask them, in a line.
const TALEBEARERS: &str = "webauthn_rs=off,webauthn_rs_core=off";

/// Writes log lines from here on. A second call changes nothing.
pub fn install(format: LogFormat, level: &str, colours: bool) {
    let _ = tracing::subscriber::set_global_default(subscriber(format, level, colours, io::stderr));
}

/// `level` is a checked line of the setting `log_level`. A lone level holds for all parts but the chatty ones.
fn subscriber<W>(format: LogFormat, level: &str, colours: bool, writer: W) -> Box<dyn Subscriber + Send + Sync>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = match level.parse::<LevelFilter>() {
        Ok(LevelFilter::INFO) => EnvFilter::new(format!("info,{CHATTY},{TALEBEARERS}")),
        Ok(lone) => EnvFilter::new(format!("{lone},{TALEBEARERS}")),
        Err(_) => EnvFilter::new(level),
    };
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer);
    match format {
        LogFormat::Pretty => Box::new(lines.with_ansi(colours).finish()),
        LogFormat::Json => Box::new(lines.json().flatten_event(true).with_span_list(false).finish()),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(format: LogFormat, level: &str) -> String {
        let shared = Shared::default();
        let writer = shared.clone();
        tracing::subscriber::with_default(subscriber(format, level, false, move || writer.clone()), || {
            tracing::info!(notes = 3, "indexed");
            tracing::info!(target: "tantivy::indexer", "committed");
            tracing::debug!("detail");
        });
        let bytes = shared.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn json_lines_are_one_object_each_with_fields_beside_the_message() {
        let text = logged(LogFormat::Json, "info");
        let line: serde_json::Value = serde_json::from_str(text.trim_end()).unwrap();
        assert_eq!((line["message"].as_str(), line["notes"].as_i64()), (Some("indexed"), Some(3)));
        assert_eq!(line["level"], "INFO");
        assert!(line["timestamp"].as_str().unwrap().ends_with('Z'));
    }

    #[test]
    fn chatty_libraries_are_quiet_until_they_are_asked_for() {
        assert_eq!(logged(LogFormat::Pretty, "info").lines().count(), 1);
        assert_eq!(logged(LogFormat::Pretty, "info,tantivy=info").lines().count(), 2);
        assert_eq!(logged(LogFormat::Pretty, "debug").lines().count(), 3);
        assert_eq!(logged(LogFormat::Pretty, "off"), "");
    }
}
