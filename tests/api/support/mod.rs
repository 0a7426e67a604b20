//! A whole server in the test's own process, and the people who use it.

mod actors;
mod authenticator;
mod call;
mod contract;
#[path = "../../support/engine.rs"]
mod engine;
mod events;
mod letterbox;
mod provider;
mod schema;

use std::sync::Arc;
use std::time::Duration;

use inkstone::caller::UserId;
use inkstone::clock::{Ids, ManualClock, SeededEntropy, Timestamp};
use inkstone::config::{Config, Environment, Flags, resolve};
use inkstone::credentials::password::Cost;
use inkstone::data_dir::DataDir;
use inkstone::error::Error;
use inkstone::host::Host;
use inkstone::http::app::files::AppFiles;
use inkstone::instance::Instance;
use inkstone::jobs::Payload;
use inkstone::server::{self, Parts};
use poem::endpoint::BoxEndpoint;
use poem::http::Method;
use poem::{EndpointExt as _, Response};
use serde_json::{Value, json};

pub(crate) use actors::{Actor, Admin, Anonymous, CookieMember, Enrolled, LocalAdmin, Member, PASSWORD, Stranger};
pub(crate) use authenticator::Authenticator;
pub(crate) use call::{Answer, Call};
use contract::Contract;
pub(crate) use events::{Event, Events};
pub(crate) use letterbox::Letterbox;
pub(crate) use provider::{CLIENT, Provider, SECRET, Signed};
pub(crate) use schema::faults as schema_faults;

/// When every test begins: 2026-03-01T09:30:00Z.
pub(crate) const NOW: Timestamp = Timestamp::from_micros(1_772_357_400_000_000);

/// How long the index may take: far longer than it does, because another test may have the machine.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(serde::Serialize, serde::Deserialize)]
struct Waiting {}

impl Payload for Waiting {
    const KIND: &'static str = "waiting";
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Unreadable(String);

impl Payload for Unreadable {
    const KIND: &'static str = "sweep";
}

type Router = BoxEndpoint<'static, Response>;

/// A running server without a network. Close it at the end of the test.
pub(crate) struct App {
    instance: Option<Instance>,
    public: Router,
    local: Router,
    clock: Arc<ManualClock>,
    letters: Letterbox,
    contract: Contract,
    /// What stands before `/api/v1`: empty, or the path of the public URL.
    prefix: String,
    dir: tempfile::TempDir,
}

impl App {
    /// With every setting at its default.
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With settings of the test's own.
    pub(crate) async fn with(settings: impl FnOnce(&mut Config)) -> Self {
        Self::serving(AppFiles::default(), settings).await
    }

    /// Without a way to send letters.
    pub(crate) async fn without_mail() -> Self {
        Self::start(AppFiles::default(), None, |_| {}).await
    }

    /// With a browser app built in.
    pub(crate) async fn serving(files: AppFiles, settings: impl FnOnce(&mut Config)) -> Self {
        Self::start(files, Some(Letterbox::default()), settings).await
    }

    async fn start(files: AppFiles, letters: Option<Letterbox>, settings: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("data");
        let environment = Environment::given([("INKSTONE_DATA_DIR", root.to_str().unwrap())], []);
        let mut config = resolve(&Flags::default(), &environment).unwrap().config;
        // The machine that runs the tests may be short of space; what happens then has tests of its own.
        config.disk_reserve = 0;
        config.database_url = engine::url().map(Into::into);
        config.database_schema = engine::schema(&root);
        settings(&mut config);
        let clock = Arc::new(ManualClock::new(NOW));
        let ids = Ids::new(clock.clone(), Arc::new(SeededEntropy::new(7)));
        let host = Host::with(ids, Cost { memory: 8, passes: 1 }, 1).unwrap().serving(files);
        let host = match &letters {
            Some(letters) => host.mailing(Arc::new(letters.clone())),
            None => host,
        };
        let data = DataDir::open(&root).unwrap();
        let lock = data.lock(Duration::ZERO).unwrap();
        let instance = host.open(&data, lock, &config).await.unwrap();
        let parts = instance.parts();
        let public = server::public(parts).unwrap();
        let local = server::local(parts).unwrap().boxed();
        let contract = Contract::read(&server::document(parts).unwrap());
        let prefix = config.public_url.as_ref().map(|url| url.path().to_owned()).unwrap_or_default();
        Self {
            instance: Some(instance),
            public,
            local,
            clock,
            letters: letters.unwrap_or_default(),
            contract,
            prefix,
            dir,
        }
    }

    /// What the routes are made of: for what no request can bring about.
    pub(crate) fn parts(&self) -> &Parts {
        self.instance.as_ref().unwrap().parts()
    }

    /// Where it keeps everything.
    pub(crate) fn data_directory(&self) -> std::path::PathBuf {
        self.dir.path().join("data")
    }

    /// Where the server's letters arrive.
    pub(crate) fn letters(&self) -> &Letterbox {
        &self.letters
    }

    /// The published document.
    pub(crate) fn document(&self) -> Value {
        serde_json::from_str(&server::document(self.parts()).unwrap()).unwrap()
    }

    /// Waits until the index shows every note.
    pub(crate) async fn settle(&self) {
        assert!(self.instance.as_ref().unwrap().settle(PATIENCE).await, "{:?}", self.parts().search.status());
    }

    /// Brings notes in over the control socket: many of them with a few commits. Each holds what makes it different.
    pub(crate) async fn import(&self, email: &str, notes: impl IntoIterator<Item = Value>) {
        let plan = |(n, different): (usize, Value)| {
            let mut note = json!({
                "source": format!("{n}.md"), "identity": format!("{n:064x}"), "title": null, "body": format!("note {n}"),
                "tags": [], "notebook": [], "pinned": false, "archived": false, "created_at": NOW, "updated_at": NOW,
            });
            for (name, value) in different.as_object().unwrap() {
                note[name] = value.clone();
            }
            note
        };
        let notes: Vec<Value> = notes.into_iter().enumerate().map(plan).collect();
        let batch = json!({ "email": email, "notes": notes });
        let local = self.local_admin();
        let report = loop {
            let report = local.plain(Method::POST, "/local/v1/import").json(&batch).await;
            // A database server that other tests keep busy asks to come again, as it would a person.
            if report.status != 503 {
                break report.is(200);
            }
        };
        assert_eq!(report.json["imported"], notes.len(), "{}", report.json);
    }

    /// Does all background work that is due.
    pub(crate) async fn work_off(&self) -> usize {
        self.try_work_off().await.unwrap()
    }

    /// The same, which a store may keep from being done.
    pub(crate) async fn try_work_off(&self) -> Result<usize, Error> {
        self.instance.as_ref().unwrap().work_off().await
    }

    /// A job of that member's which waits, because nobody here knows its kind.
    pub(crate) async fn job_of(&self, owner: &Member<'_>) -> String {
        let owner = UserId(owner.id.parse().unwrap());
        self.parts().queue.add(Some(owner), &Waiting {}).await.unwrap().value.to_string()
    }

    /// A job that was given up, because it cannot be read.
    pub(crate) async fn dead_letter(&self) -> String {
        let id = self.parts().queue.add(None, &Unreadable("x".into())).await.unwrap().value.to_string();
        self.work_off().await;
        id
    }

    /// The time on the server's clock.
    pub(crate) fn now(&self) -> Timestamp {
        self.parts().ids.now()
    }

    /// Lets time pass.
    pub(crate) fn advance(&self, span: Duration) {
        self.clock.advance(span);
    }

    /// Nobody in particular.
    pub(crate) fn anonymous(&self) -> Anonymous<'_> {
        Anonymous(self)
    }

    /// A signed-in program of the member `name`, whose account is made when it is missing.
    pub(crate) async fn member(&self, name: &str) -> Member<'_> {
        Member::sign_in(self, name, false).await
    }

    /// A signed-in page of the member `name`.
    pub(crate) async fn page_of(&self, name: &str) -> CookieMember<'_> {
        CookieMember::sign_in(self, name).await
    }

    /// A member who has nothing to do with the others' things.
    pub(crate) async fn stranger(&self) -> Stranger<'_> {
        Stranger(Member::sign_in(self, "stranger", false).await)
    }

    /// The administrator `name`, who has no more to do with the others' things.
    pub(crate) async fn admin(&self, name: &str) -> Admin<'_> {
        Admin(Member::sign_in(self, name, true).await)
    }

    /// Whoever can open the control socket.
    pub(crate) fn local_admin(&self) -> LocalAdmin<'_> {
        LocalAdmin(self)
    }

    /// Stops the server.
    pub(crate) async fn close(mut self) {
        if let Some(instance) = self.instance.take() {
            instance.close().await;
        }
    }
}

impl Drop for App {
    fn drop(&mut self) {
        assert!(self.instance.is_none() || std::thread::panicking(), "close the app at the end of its test");
    }
}
