//! A real store with two people on it, beside the model of it.
//!
//! A step is resolved against the model (which note is "the third"?), turned into a closure for the store, and done to the model
//! at once. The closure may run now or wait in the writer's queue: what it should answer is known either way, because the
//! writer takes closures in the order in which they came.

#[path = "../support/engine.rs"]
mod engine;

use std::sync::Arc;
use std::time::Duration;

use inkstone::caller::{Caller, Role, SessionId, UserId};
use inkstone::clock::{Ids, ManualClock, SeededEntropy, Timestamp};
use inkstone::db::{Db, Options, WriteTx, Written};
use inkstone::error::{Conflict, Error, Result};
use inkstone::import::PlannedNote;
use inkstone::import::prepare::Prepared;
use inkstone::notebooks::NotebookName;
use inkstone::notes::bulk::{self, NotesGo};
use inkstone::notes::{Content, Draws, Edit, Outcome, Precondition, State, version_text};
use inkstone::tags::TagName;
use inkstone::{import, notebooks, notes};
use uuid::Uuid;

use super::model::{Answer, Draw, Model, Refused};
use super::steps::{Condition, FILES, Failure, Pick, Single, Step, Who};

/// What the store answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    Note(notes::Note),
    Stale(notes::Note),
    Done,
}

type Write = Box<dyn Fn(&mut WriteTx<'_>) -> Result<Told> + Send>;

/// A step that is about to be written, and what should come of it.
pub(crate) struct Pending {
    pub(crate) write: Write,
    pub(crate) expected: Result<Told, Refused>,
}

/// The store and its model.
pub(crate) struct World {
    pub(crate) db: Db,
    pub(crate) ids: Ids,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) people: [Caller; 2],
    pub(crate) model: Model,
    pub(crate) directory: tempfile::TempDir,
}

/// An error in the words of the model.
pub(crate) fn refused(error: &Error) -> Refused {
    match error {
        Error::NotFound(_) => "not found",
        Error::PreconditionRequired => "precondition required",
        Error::Conflict(Conflict::NoteTrashed) => "note trashed",
        Error::Conflict(Conflict::NoteNotTrashed) => "note not trashed",
        Error::Conflict(Conflict::NotebookExists) => "notebook exists",
        Error::Invalid(fields) if fields[0].field == "notebook_id" => "invalid notebook_id",
        Error::Invalid(fields) if fields[0].field == "parent_id" => "invalid parent_id",
        other => panic!("{other}"),
    }
}

impl World {
    pub(crate) async fn open() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::new(Timestamp::from_micros(1_700_000_000_000_000)));
        let ids = Ids::new(clock.clone(), Arc::new(SeededEntropy::new(1)));
        let db = Db::open(Options {
            readers: 1,
            place: engine::place(directory.path()),
            ..Options::in_dir(directory.path(), ids.clone())
        })
        .unwrap();
        let people = [1, 2].map(|n| {
            Caller::mint(
                UserId(Uuid::from_u128(n)),
                Role::Member,
                SessionId(Uuid::from_u128(n)),
                inkstone::clock::Timestamp::default(),
                inkstone::caller::Device::local(),
            )
        });
        for person in people.clone() {
            let id = person.user().0;
            let user = "INSERT INTO users (id, email, email_key, name, role, password, created_at, updated_at)
                        VALUES ($1, $2, $2, '', 'member', '', 0, 0)";
            db.write(move |tx| tx.execute(user, &[id.into(), (&id.to_string()).into()])).await.unwrap();
        }
        Self { db, ids, clock, people, model: Model::default(), directory }
    }

    fn draw(&self, who: Who, tags: usize) -> Draw {
        let tag_ids = (0..tags).map(|_| self.ids.id()).collect();
        Draw { who, now: self.ids.now(), version: self.ids.id(), tag_ids }
    }

    fn draws(&self, draw: &Draw) -> Draws {
        let Draw { who, now, version, tag_ids } = draw.clone();
        Draws { owner: self.people[who].user(), now, version, tag_ids }
    }

    /// The thing meant; one number past the last means one that does not exist.
    fn pick<V>(of: &std::collections::BTreeMap<Uuid, V>, pick: Pick) -> Uuid {
        of.keys().nth(pick % (of.len() + 1)).copied().unwrap_or(Uuid::from_u128(0xDEAD))
    }

    fn note(&self, pick: Pick) -> Uuid {
        Self::pick(&self.model.notes, pick)
    }

    fn notebook(&self, pick: Pick) -> Uuid {
        Self::pick(&self.model.notebooks, pick)
    }

    fn condition(&self, id: Uuid, condition: Condition) -> Option<Precondition> {
        let version = self.model.notes.get(&id).and_then(|note| note.version).unwrap_or_default();
        match condition {
            Condition::None => None,
            Condition::Any => Some(Precondition::Any),
            Condition::Current => Some(Precondition::OneOf(vec!["another".into(), version_text(version)])),
            Condition::Outdated => Some(Precondition::OneOf(vec![version_text(Uuid::nil())])),
        }
    }

    /// The note as the store should show it, its number aside.
    pub(crate) fn shown(&self, id: Uuid) -> notes::Note {
        let note = &self.model.notes[&id];
        notes::Note {
            id,
            title: note.title.clone(),
            title_derived: note.title_derived,
            body: note.body.clone(),
            tags: self.model.tag_names(note),
            notebook_id: note.notebook,
            pinned: note.pinned,
            state: note.state,
            version: note.version.unwrap(),
            seq: 0,
            created_at: note.created_at,
            updated_at: note.updated_at,
            trashed_at: note.trashed_at,
        }
    }

    /// Does a step to the model and gives what does the same to the store.
    pub(crate) fn prepare(&mut self, who: Who, single: &Single) -> Pending {
        let caller = self.people[who].clone();
        let (write, answer): (Write, _) = match single.clone() {
            Single::Create(parts) => {
                let notebook = parts.notebook.map(|pick| self.notebook(pick));
                let content = Content::new(parts.title, parts.body, &parts.tags, notebook, parts.pinned).unwrap();
                let (id, draw) = (self.ids.id(), self.draw(who, content.tags.len()));
                let (draws, times) = (self.draws(&draw), (draw.now, draw.now));
                let answer = self.model.create(&draw, id, &content, State::Active, times);
                let write = move |tx: &mut WriteTx<'_>| {
                    notes::store::insert(tx, &draws, id, &content, State::Active, times).map(Told::Note)
                };
                (Box::new(write), answer)
            }
            Single::Edit(pick, condition, parts) => {
                let id = self.note(pick);
                let on = self.condition(id, condition);
                let notebook = parts.notebook.map(|to| to.map(|pick| self.notebook(pick)));
                let state = parts.archived.map(|archived| if archived { State::Archived } else { State::Active });
                let (tags, pinned) = (parts.tags.as_deref(), parts.pinned);
                let edit = Edit::checked(parts.title, parts.body, tags, notebook, pinned, state).unwrap();
                let draw = self.draw(who, edit.tags.as_ref().map_or(0, Vec::len));
                let draws = self.draws(&draw);
                let answer = self.model.edit(&draw, id, on.as_ref(), &edit);
                let write = move |tx: &mut WriteTx<'_>| {
                    notes::store::edit(tx, &caller, id, on.as_ref(), &edit, &draws).map(told)
                };
                (Box::new(write), answer)
            }
            Single::Trash(pick, condition) => {
                let (id, draw) = (self.note(pick), self.draw(who, 0));
                let (on, draws) = (self.condition(id, condition), self.draws(&draw));
                let answer = self.model.trash(&draw, id, on.as_ref());
                let write =
                    move |tx: &mut WriteTx<'_>| notes::store::trash(tx, &caller, id, on.as_ref(), &draws).map(told);
                (Box::new(write), answer)
            }
            Single::Restore(pick) => {
                let (id, draw) = (self.note(pick), self.draw(who, 0));
                let draws = self.draws(&draw);
                let answer = self.model.restore(&draw, id);
                let write = move |tx: &mut WriteTx<'_>| notes::store::restore(tx, &caller, id, &draws).map(Told::Note);
                (Box::new(write), answer)
            }
            Single::Purge(pick, condition) => {
                let (id, draw) = (self.note(pick), self.draw(who, 0));
                let on = self.condition(id, condition);
                let answer = self.model.purge(&draw, id, on.as_ref());
                let write = move |tx: &mut WriteTx<'_>| {
                    let outcome = notes::store::purge(tx, &caller, id, on.as_ref())?;
                    Ok(if let Outcome::Stale(note) = outcome { Told::Stale(note) } else { Told::Done })
                };
                (Box::new(write), answer)
            }
            Single::NewNotebook { name, parent, position } => {
                let (id, draw) = (self.ids.id(), self.draw(who, 0));
                let (name, now) = (NotebookName::parse(&name).unwrap(), draw.now);
                let parent = parent.map(|pick| self.notebook(pick));
                let answer = self.model.new_notebook(&draw, id, &name, parent, position);
                let write = move |tx: &mut WriteTx<'_>| {
                    notebooks::store::insert(tx, caller.user(), id, &name, parent, position, now)?;
                    Ok(Told::Done)
                };
                (Box::new(write), answer)
            }
            Single::EditNotebook(pick, parts) => {
                let (id, draw) = (self.notebook(pick), self.draw(who, 0));
                let edit = notebooks::Edit {
                    name: parts.name.map(|name| NotebookName::parse(&name).unwrap()),
                    parent_id: parts.parent.map(|to| to.map(|pick| self.notebook(pick))),
                    position: parts.position,
                };
                let (answer, now) = (self.model.edit_notebook(&draw, id, &edit), draw.now);
                let write = move |tx: &mut WriteTx<'_>| {
                    notebooks::store::edit(tx, &caller, id, &edit, now)?;
                    Ok(Told::Done)
                };
                (Box::new(write), answer)
            }
        };
        let expected = answer.map(|answer| match answer {
            Answer::Note(id) => Told::Note(self.shown(id)),
            Answer::Stale(id) => Told::Stale(self.shown(id)),
            Answer::Done => Told::Done,
        });
        Pending { write, expected }
    }

    /// The same write, which fails when its work is done; the model stays as it is.
    pub(crate) fn prepare_failing(&mut self, who: Who, single: &Single, how: Failure) -> Write {
        let before = self.model.clone();
        let write = self.prepare(who, single).write;
        self.model = before;
        Box::new(move |tx| {
            let told = write(tx)?;
            match how {
                Failure::Error => Err(Error::Deadline),
                // As `panic!`, without its words on the terminal.
                Failure::Panic => std::panic::resume_unwind(Box::new("a defect")),
                Failure::Swallowed => {
                    let _ = tx.execute("DELETE FROM nowhere", &[]);
                    Ok(told)
                }
            }
        })
    }

    /// Does one step to both and compares the answers.
    pub(crate) async fn take(&mut self, step: &Step) {
        match step {
            Step::Single(who, single) => {
                let Pending { write, expected } = self.prepare(*who, single);
                let answer = self.db.write(write).await;
                compare(answer, expected);
            }
            Step::Failing(who, single, how) => {
                let write = self.prepare_failing(*who, single, *how);
                assert!(self.db.write(write).await.is_err());
            }
            Step::RenameTag(who, from, to) => {
                let (from, to) = (TagName::parse(from).unwrap(), TagName::parse(to).unwrap());
                let expected = self.model.rename_tag(*who, &from, &to);
                let answer = bulk::rename_tag(&self.db, &self.ids, self.people[*who].clone(), from, to.clone()).await;
                assert_eq!(answer.as_ref().map(|_| ()).map_err(refused), expected);
                if let Ok(Written { value: tag, .. }) = answer {
                    let name = self.model.tags[&(*who, to.key().to_owned())].name.clone();
                    assert_eq!((tag.name, tag.count), (name, self.model.tag_count(*who, to.key())));
                }
            }
            Step::RemoveTag(who, name) => {
                let name = TagName::parse(name).unwrap();
                let expected = self.model.remove_tag(*who, &name);
                let answer = bulk::remove_tag(&self.db, &self.ids, self.people[*who].clone(), name).await;
                assert_eq!(answer.map(|_| ()).map_err(|e| refused(&e)), expected);
            }
            Step::DeleteNotebook(who, pick, to_trash) => {
                let (id, draw) = (self.notebook(*pick), self.draw(*who, 0));
                let expected = self.model.delete_notebook(&draw, id, *to_trash);
                let go = if *to_trash { NotesGo::ToTrash } else { NotesGo::ToParent };
                let answer = bulk::delete_notebook(&self.db, &self.ids, self.people[*who].clone(), id, go).await;
                assert_eq!(answer.map(|_| ()).map_err(|e| refused(&e)), expected);
            }
            Step::Import(who, file) => self.import(*who, *file).await,
            Step::Wait(millis) => self.clock.advance(Duration::from_millis(*millis)),
        }
    }

    /// What an import makes of a file.
    pub(crate) fn prepared(&self, who: Who, file: usize) -> (PlannedNote, Prepared) {
        let (source, text) = FILES[file];
        let modified = Timestamp::from_micros(1_600_000_000_000_000);
        let planned = import::plan(source, modified, text.as_bytes().to_vec()).unwrap();
        let prepared = Prepared::new(planned.clone(), self.people[who].user(), &self.ids).unwrap();
        assert!(prepared.remarks.is_empty(), "{:?}", prepared.remarks);
        (planned, prepared)
    }

    /// Imports one file. Its ids are drawn inside, so the model learns them from the store.
    async fn import(&mut self, who: Who, file: usize) {
        let owner = self.people[who].user();
        let (planned, prepared) = self.prepared(who, file);
        let made = self.db.write(move |tx| import::store::bring_in(tx, &prepared)).await.unwrap().value.made;
        assert_eq!(made, !self.model.imported.contains_key(&(who, file)), "a file is brought in once");
        if !made {
            return;
        }
        let caller = self.people[who].clone();
        let (found, real) = self
            .db
            .read(move |tx| Ok((notes::store::scan(tx, None, 1000)?, notebooks::store::list(tx, &caller, None, 1000)?)))
            .await
            .unwrap();
        let mut new = found.into_iter().filter(|(_, note)| !self.model.notes.contains_key(&note.id));
        let (Some((of, note)), None) = (new.next(), new.next()) else { panic!("an import makes one note") };
        assert_eq!(of, owner);
        let draw = Draw { who, now: self.ids.now(), version: note.version, tag_ids: Vec::new() };
        let mut parent = None;
        for folder in &planned.notebook {
            let name = NotebookName::parse(folder).unwrap();
            let id = self.model.child(who, parent, folder).unwrap_or_else(|| {
                real.iter().find(|n| n.parent_id == parent && n.name == *folder).expect("the folder's notebook").id
            });
            if !self.model.notebooks.contains_key(&id) {
                self.model.new_notebook(&draw, id, &name, parent, None).unwrap();
            }
            parent = Some(id);
        }
        let content = Content::new(planned.title, planned.body, &planned.tags, parent, planned.pinned).unwrap();
        let state = if planned.archived { State::Archived } else { State::Active };
        let times = (planned.created_at, planned.updated_at);
        self.model.create(&draw, note.id, &content, state, times).unwrap();
        self.model.imported.insert((who, file), note.id);
    }
}

fn told(outcome: Outcome) -> Told {
    match outcome {
        Outcome::Done(note) => Told::Note(note),
        Outcome::Stale(note) => Told::Stale(note),
    }
}

/// Holds an answer against what was expected; gives the change number of a write that was done.
pub(crate) fn compare(answer: Result<Written<Told>>, expected: Result<Told, Refused>) -> Option<i64> {
    let (answer, change) = match answer {
        Ok(Written { value, change }) => (Ok(value), Some(change)),
        Err(error) => (Err(refused(&error)), None),
    };
    let answer = answer.map(|told| match told {
        Told::Note(note) => {
            assert!(Some(note.seq) <= change, "a note's number is reached by the write that gave it");
            Told::Note(notes::Note { seq: 0, ..note })
        }
        Told::Stale(note) => Told::Stale(notes::Note { seq: 0, ..note }),
        Told::Done => Told::Done,
    });
    assert_eq!(answer, expected);
    change
}
