//! Holds everything that the store has against the model, and the change log against what became visible.

use std::collections::{BTreeMap, BTreeSet};

use inkstone::db::ReadTx;
use inkstone::error::Result;
use inkstone::feed::{self, Change, Kind, Op};
use inkstone::notes::{self, Direction, ListQuery, Listed, PinnedFilter, Position, SortKey, State};
use inkstone::tags::TagName;
use inkstone::{fold, notebooks, tags};
use uuid::Uuid;

use super::model::Model;
use super::world::World;

/// How many rows the log may have for one visible change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Log {
    /// One: a single operation was done.
    Exact,
    /// Several: so were operations.
    Several,
}

/// What was there when the store was last looked at.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    model: Model,
    head: i64,
    /// The last change of each note that exists.
    numbers: BTreeMap<Uuid, i64>,
    /// Every version and tag that ever was.
    drawn: BTreeSet<Uuid>,
    log: Vec<Change>,
}

type TagRow = (Uuid, Uuid, String, String, i64);

struct Found {
    notes: BTreeMap<Uuid, (usize, notes::Note)>,
    attached: BTreeMap<Uuid, Vec<String>>,
    attachments: i64,
    tags: Vec<TagRow>,
    notebooks: Vec<(usize, notebooks::Notebook)>,
    imports: i64,
    log: Vec<Change>,
}

type Thing = (usize, &'static str, Uuid);

/// What a person can see of each thing, as text that can be compared.
fn visible(model: &Model) -> BTreeMap<Thing, String> {
    let mut out = BTreeMap::new();
    for (id, note) in &model.notes {
        out.insert((note.owner, "note", *id), format!("{note:?} {:?}", model.tag_names(note)));
    }
    for ((owner, _), tag) in &model.tags {
        out.insert((*owner, "tag", tag.id.unwrap()), tag.name.clone());
    }
    for (id, notebook) in &model.notebooks {
        let shown = format!("{} {:?} {}", notebook.name, notebook.parent, model.position(*id));
        out.insert((notebook.owner, "notebook", *id), shown);
    }
    out
}

impl Seen {
    /// Compares everything, and learns what only the store could know.
    pub(crate) async fn check(&mut self, world: &mut World, rows: Log) {
        let found = self.read(world).await;
        self.check_notes(world, &found);
        self.check_tags(world, &found);
        check_notebooks(world, &found);
        assert_eq!(found.imports, i64::try_from(world.model.imported.len()).unwrap());
        self.check_log(world, &found, rows);
        self.model = world.model.clone();
    }

    async fn read(&self, world: &World) -> Found {
        let (people, head) = (world.people.clone(), self.head);
        let read = move |tx: &mut ReadTx<'_>| {
            let who = |id: Uuid| people.iter().position(|p| p.user().0 == id).expect("one of the two");
            let count = |tx: &mut ReadTx<'_>, sql: &str| tx.query_one(sql, &[], |r| r.int(0));
            let mut notes = BTreeMap::new();
            for (owner, note) in notes::store::scan(tx, None, 10_000)? {
                for (n, person) in people.iter().enumerate() {
                    let own = n == who(owner.0);
                    assert_eq!(notes::store::get(tx, person, note.id)?, own.then(|| note.clone()));
                }
                notes.insert(note.id, (who(owner.0), note));
            }
            let mut attached = BTreeMap::new();
            for id in notes.keys() {
                attached.insert(*id, tags::store::names(tx, *id)?);
            }
            let mut notebooks = Vec::new();
            for (n, person) in people.iter().enumerate() {
                notebooks.extend(notebooks::store::list(tx, person, None, 10_000)?.into_iter().map(|found| (n, found)));
            }
            for (owner, notebook) in &notebooks {
                for (n, person) in people.iter().enumerate() {
                    let own = (n == *owner).then(|| notebook.clone());
                    assert_eq!(notebooks::store::get(tx, person, notebook.id)?, own);
                }
            }
            Ok(Found {
                attached,
                attachments: count(tx, "SELECT count(*) FROM note_tags")?,
                tags: tx.query("SELECT id, owner, name, name_key, notes FROM tags", &[], |r| {
                    Ok((r.id(0)?, r.id(1)?, r.text(2)?, r.text(3)?, r.int(4)?))
                })?,
                imports: count(tx, "SELECT count(*) FROM imports")?,
                log: feed::store::since(tx, head, 10_000)?,
                notes,
                notebooks,
            })
        };
        world.db.read(read).await.unwrap()
    }

    fn check_notes(&mut self, world: &mut World, found: &Found) {
        let expected: BTreeSet<&Uuid> = world.model.notes.keys().collect();
        assert_eq!(found.notes.keys().collect::<BTreeSet<_>>(), expected, "the same notes");
        for (id, (owner, note)) in &found.notes {
            let known = world.model.notes.get_mut(id).unwrap();
            if known.version.is_none() {
                assert!(!self.drawn.contains(&note.version), "a new state has a new version");
                known.version = Some(note.version);
            }
            self.drawn.insert(note.version);
            assert_eq!(*owner, known.owner);
            assert_eq!(notes::Note { seq: 0, ..note.clone() }, world.shown(*id));
            assert_eq!(found.attached[id], note.tags, "the row of a note repeats its tags");
        }
    }

    fn check_tags(&mut self, world: &mut World, found: &Found) {
        let attachments: usize = world.model.notes.values().map(|note| note.tags.len()).sum();
        assert_eq!(found.attachments, i64::try_from(attachments).unwrap());
        assert_eq!(found.tags.len(), world.model.tags.len(), "a tag exists while a note carries it");
        for (id, owner, name, key, count) in &found.tags {
            let owner = world.people.iter().position(|p| p.user().0 == *owner).unwrap();
            assert_eq!(world.model.tag_count(owner, key), *count, "the counter of {name}");
            assert_eq!(*key, fold::name_key(name));
            let known = world.model.tags.get_mut(&(owner, key.clone())).unwrap();
            if known.id.is_none() {
                assert!(!self.drawn.contains(id), "a new tag has a new id");
                known.id = Some(*id);
            }
            self.drawn.insert(*id);
            assert_eq!((known.id, &known.name), (Some(*id), name));
        }
    }

    fn check_log(&mut self, world: &World, found: &Found, rows: Log) {
        let numbers: Vec<i64> = found.log.iter().map(|change| change.seq).collect();
        let dense: Vec<i64> = (self.head + 1..).take(numbers.len()).collect();
        assert_eq!(numbers, dense, "numbers have no holes");
        self.head += i64::try_from(numbers.len()).unwrap();
        assert_eq!(world.db.head(), self.head);

        let (before, after) = (visible(&self.model), visible(&world.model));
        let differ = |thing: &&Thing| before.get(thing) != after.get(thing);
        let changed: BTreeSet<Thing> = before.keys().chain(after.keys()).filter(differ).copied().collect();
        let mut last = BTreeMap::new();
        for change in &found.log {
            let owner = world.people.iter().position(|p| p.user() == change.owner).unwrap();
            let twice = last.insert((owner, change.kind.as_str(), change.id), change).is_some();
            assert!(!twice || rows == Log::Several, "one row for one change: {change:?}");
        }
        let logged: BTreeSet<Thing> = last.keys().copied().collect();
        match rows {
            Log::Exact => assert_eq!(logged, changed, "what became visible is what was logged"),
            Log::Several => assert!(logged.is_superset(&changed), "{changed:?}"),
        }
        for (thing, change) in last {
            let exists = after.contains_key(&thing);
            assert_eq!(change.op, if exists { Op::Put } else { Op::Delete }, "{change:?}");
            if change.kind == Kind::Note {
                let version = world.model.notes.get(&change.id).and_then(|note| note.version);
                assert_eq!(change.version, version);
                self.numbers.insert(change.id, change.seq);
            }
        }
        for (id, (_, note)) in &found.notes {
            assert_eq!(self.numbers[id], note.seq, "a note's number is that of its last change");
        }
        self.log.extend(found.log.iter().cloned());
    }

    /// Every list in every order with these filters, page by page.
    pub(crate) async fn check_lists(&self, world: &World, asks: &[ListAsk]) {
        for (who, state) in [0, 1].into_iter().flat_map(|who| STATES.map(|state| (who, state))) {
            for (sort, direction) in SORTS.into_iter().flat_map(|sort| DIRECTIONS.map(|to| (sort, to))) {
                for ask in asks {
                    let query = ask.query(world, state, sort, direction);
                    let expected = self.expected(world, who, &query);
                    assert_eq!(walk(world, who, query.clone()).await, expected, "{query:?}");
                }
            }
        }
    }

    fn expected(&self, world: &World, who: usize, query: &ListQuery) -> Vec<Listed> {
        let has_tag = |tags: &[String]| query.tag.as_ref().is_none_or(|t| tags.iter().any(|key| key == t.key()));
        let in_notebook = |id| query.notebook_id.is_none_or(|wanted| id == Some(wanted));
        let as_pinned = |pinned| !matches!(query.pinned, Some(PinnedFilter::Only(wanted)) if pinned != wanted);
        let mut keyed: Vec<_> = world
            .model
            .notes
            .iter()
            .filter(|(_, n)| n.owner == who && n.state == query.state && has_tag(&n.tags))
            .filter(|(_, n)| in_notebook(n.notebook) && as_pinned(n.pinned))
            .map(|(id, n)| {
                let key = match query.sort {
                    SortKey::UpdatedAt => (n.updated_at.micros(), String::new()),
                    SortKey::CreatedAt => (n.created_at.micros(), String::new()),
                    SortKey::Title => (0, fold::sort_key(&n.title)),
                };
                (key, *id)
            })
            .collect();
        keyed.sort();
        if query.direction == Direction::Descending {
            keyed.reverse();
        }
        if query.pinned == Some(PinnedFilter::First) {
            keyed.sort_by_key(|(_, id)| !world.model.notes[id].pinned);
        }
        let listed = |(_, id): &(_, Uuid)| {
            let note = notes::Note { seq: self.numbers[id], ..world.shown(*id) };
            let excerpt = Some(notes::excerpt(&note.title, &note.body));
            Listed { note: notes::Note { body: String::new(), ..note }, excerpt }
        };
        keyed.iter().map(listed).collect()
    }

    /// Tags, notebooks and changes, page by page.
    pub(crate) async fn check_small_lists(&self, world: &World, limit: usize) {
        for (who, caller) in world.people.clone().into_iter().enumerate() {
            let owner = caller.user();
            let step = i64::try_from(limit).unwrap();
            let (tags, notebooks, changes) = world
                .db
                .read(move |tx| {
                    let tags = pages(|last: Option<&(String, tags::Tag)>| {
                        tags::store::list(tx, &caller, last.map_or("", |(key, _)| key), step)
                    })?;
                    let notebooks = pages(|last: Option<&notebooks::Notebook>| {
                        notebooks::store::list(tx, &caller, last.map(|n| (n.position, n.id)), step)
                    })?;
                    let changes = pages(|last: Option<&Change>| {
                        feed::store::since_for(tx, caller.user(), last.map_or(0, |c| c.seq), step)
                    })?;
                    Ok((tags, notebooks, changes))
                })
                .await
                .unwrap();
            let keys: Vec<&String> = tags.iter().map(|(key, _)| key).collect();
            let own = world.model.tags.keys().filter(|(owner, _)| *owner == who);
            assert_eq!(keys, own.map(|(_, key)| key).collect::<Vec<_>>());
            let places: Vec<(i64, Uuid)> = notebooks.iter().map(|n| (n.position, n.id)).collect();
            let own = world.model.notebooks.iter().filter(|(_, n)| n.owner == who);
            let mut expected: Vec<(i64, Uuid)> = own.map(|(id, _)| (world.model.position(*id), *id)).collect();
            expected.sort_unstable();
            assert_eq!(places, expected);
            let own = self.log.iter().filter(|change| change.owner == owner);
            assert_eq!(changes, own.cloned().collect::<Vec<_>>(), "nobody sees another's changes");
        }
    }
}

fn check_notebooks(world: &World, found: &Found) {
    assert_eq!(found.notebooks.len(), world.model.notebooks.len(), "the same notebooks");
    for (owner, real) in &found.notebooks {
        let known = &world.model.notebooks[&real.id];
        assert_eq!(*owner, known.owner);
        let expected = notebooks::Notebook {
            id: real.id,
            name: known.name.clone(),
            parent_id: known.parent,
            position: world.model.position(real.id),
            count: world.model.notebook_count(real.id),
            created_at: known.created_at,
            updated_at: known.updated_at,
        };
        assert_eq!(*real, expected);
    }
}

/// Filters of a list and the size of its pages.
#[derive(Debug, Clone)]
pub(crate) struct ListAsk {
    pub(crate) tag: Option<String>,
    pub(crate) notebook: Option<usize>,
    pub(crate) pinned: Option<PinnedFilter>,
    pub(crate) limit: usize,
}

const STATES: [State; 3] = [State::Active, State::Archived, State::Trashed];
const SORTS: [SortKey; 3] = [SortKey::UpdatedAt, SortKey::CreatedAt, SortKey::Title];
const DIRECTIONS: [Direction; 2] = [Direction::Ascending, Direction::Descending];

impl ListAsk {
    fn query(&self, world: &World, state: State, sort: SortKey, direction: Direction) -> ListQuery {
        ListQuery {
            state,
            tag: self.tag.as_ref().map(|name| TagName::parse(name).unwrap()),
            notebook_id: self.notebook.and_then(|pick| world.model.notebooks.keys().nth(pick).copied()),
            pinned: self.pinned,
            sort,
            direction,
            after: None,
            limit: self.limit,
        }
    }
}

async fn walk(world: &World, who: usize, query: ListQuery) -> Vec<Listed> {
    let caller = world.people[who].clone();
    let read = move |tx: &mut ReadTx<'_>| {
        pages(|last: Option<&Listed>| {
            let after = last.map(|listed| Position::behind(listed, query.sort));
            notes::page(tx, &caller, &ListQuery { after, ..query.clone() })
        })
    };
    world.db.read(read).await.unwrap()
}

/// All pages one behind the other.
fn pages<T>(mut page: impl FnMut(Option<&T>) -> Result<Vec<T>>) -> Result<Vec<T>> {
    let mut all = Vec::new();
    loop {
        let next = page(all.last())?;
        if next.is_empty() {
            return Ok(all);
        }
        all.extend(next);
    }
}

/// What the engine itself says of the file, once nobody has it open.
pub(crate) fn check_file(directory: &std::path::Path) {
    let conn = rusqlite::Connection::open(directory.join("inkstone.db")).unwrap();
    let rows = |sql: &str| -> Vec<String> {
        let mut statement = conn.prepare(sql).unwrap();
        let rows = statement.query_map([], |r| r.get::<_, String>(0)).unwrap();
        rows.collect::<rusqlite::Result<_>>().unwrap()
    };
    assert_eq!(rows("PRAGMA foreign_key_check"), [""; 0]);
    assert_eq!(rows("PRAGMA integrity_check"), ["ok"]);
}
