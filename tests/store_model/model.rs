//! What the store should hold, in plain maps.
//!
//! The rules are written here a second time, in the simplest way that can be read and without regard to cost: positions are
//! places in a vector, counts are counted. What the store alone draws (ids in an import, versions in a bulk operation) stands
//! here as `None` until it is seen, and is held to that from then on.

use std::collections::BTreeMap;

use inkstone::clock::Timestamp;
use inkstone::fold;
use inkstone::notebooks::{MAX_DEPTH, NotebookName};
use inkstone::notes::{self, Content, Edit, Precondition, State, version_text};
use inkstone::tags::TagName;
use uuid::Uuid;

/// A note as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) owner: usize,
    pub(crate) title: String,
    pub(crate) title_derived: bool,
    pub(crate) body: String,
    /// Keys; the spelling is the tag's.
    pub(crate) tags: Vec<String>,
    pub(crate) notebook: Option<Uuid>,
    pub(crate) pinned: bool,
    pub(crate) state: State,
    pub(crate) former: State,
    /// `None`: a new one that is not known yet.
    pub(crate) version: Option<Uuid>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
    pub(crate) trashed_at: Option<Timestamp>,
}

/// A tag as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tag {
    pub(crate) id: Option<Uuid>,
    pub(crate) name: String,
}

/// A notebook as it should be; its place is its index among the children of its parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notebook {
    pub(crate) owner: usize,
    pub(crate) name: String,
    pub(crate) parent: Option<Uuid>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// Everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Model {
    pub(crate) notes: BTreeMap<Uuid, Note>,
    /// By owner and key.
    pub(crate) tags: BTreeMap<(usize, String), Tag>,
    pub(crate) notebooks: BTreeMap<Uuid, Notebook>,
    /// Children by owner and parent, in their order.
    pub(crate) children: BTreeMap<(usize, Option<Uuid>), Vec<Uuid>>,
    /// What an import has brought in: by owner and file, the note.
    pub(crate) imported: BTreeMap<(usize, usize), Uuid>,
}

/// Why a step should be refused, in the words of `main.rs`.
pub(crate) type Refused = &'static str;

/// What a step should answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// The note of that id, as the model has it then.
    Note(Uuid),
    /// Staleness, with the note of that id.
    Stale(Uuid),
    /// Done.
    Done,
}

/// Who, when, and the values drawn for a write.
#[derive(Debug, Clone)]
pub(crate) struct Draw {
    pub(crate) who: usize,
    pub(crate) now: Timestamp,
    pub(crate) version: Uuid,
    pub(crate) tag_ids: Vec<Uuid>,
}

impl Model {
    /// Names of a note's tags in the order of their keys.
    pub(crate) fn tag_names(&self, note: &Note) -> Vec<String> {
        note.tags.iter().map(|key| self.tags[&(note.owner, key.clone())].name.clone()).collect()
    }

    /// Notes outside the trash with that tag.
    pub(crate) fn tag_count(&self, owner: usize, key: &str) -> i64 {
        self.count(|note| note.owner == owner && note.tags.iter().any(|k| k == key))
    }

    /// Notes outside the trash in that notebook.
    pub(crate) fn notebook_count(&self, id: Uuid) -> i64 {
        self.count(|note| note.notebook == Some(id))
    }

    fn count(&self, counts: impl Fn(&Note) -> bool) -> i64 {
        i64::try_from(self.notes.values().filter(|note| note.state.is_live() && counts(note)).count()).unwrap()
    }

    /// A notebook's place among its siblings.
    pub(crate) fn position(&self, id: Uuid) -> i64 {
        let notebook = &self.notebooks[&id];
        let siblings = &self.children[&(notebook.owner, notebook.parent)];
        i64::try_from(siblings.iter().position(|s| *s == id).unwrap()).unwrap()
    }

    fn own_notebook(&self, who: usize, id: Option<Uuid>) -> bool {
        id.is_none_or(|id| self.notebooks.get(&id).is_some_and(|n| n.owner == who))
    }

    /// Makes the tags that do not exist yet; a tag exists while a note carries it.
    fn settle_tags(&mut self, who: usize, wanted: &[(TagName, Option<Uuid>)]) {
        for (tag, id) in wanted {
            let new = || Tag { id: *id, name: tag.as_str().to_owned() };
            self.tags.entry((who, tag.key().to_owned())).or_insert_with(new);
        }
        let carried = |owner: usize, key: &str| {
            self.notes.values().any(|note| note.owner == owner && note.tags.iter().any(|k| k == key))
        };
        let gone: Vec<_> = self.tags.keys().filter(|(owner, key)| !carried(*owner, key)).cloned().collect();
        for key in gone {
            self.tags.remove(&key);
        }
    }

    /// Whether a change of this note may go on; `Ok(false)` when it is stale.
    fn admit(&self, who: usize, id: Uuid, precondition: Option<&Precondition>) -> Result<bool, Refused> {
        let note = self.notes.get(&id).filter(|note| note.owner == who).ok_or("not found")?;
        match precondition.ok_or("precondition required")? {
            Precondition::Any => Ok(true),
            Precondition::OneOf(versions) => Ok(versions.contains(&version_text(note.version.unwrap()))),
        }
    }

    pub(crate) fn create(
        &mut self,
        draw: &Draw,
        id: Uuid,
        content: &Content,
        state: State,
        times: (Timestamp, Timestamp),
    ) -> Result<Answer, Refused> {
        if !self.own_notebook(draw.who, content.notebook_id) {
            return Err("invalid notebook_id");
        }
        let note = Note {
            owner: draw.who,
            title: content.title.clone().unwrap_or_else(|| notes::derive_title(&content.body)),
            title_derived: content.title.is_none(),
            body: content.body.clone(),
            tags: content.tags.iter().map(|tag| tag.key().to_owned()).collect(),
            notebook: content.notebook_id,
            pinned: content.pinned,
            state,
            former: state,
            version: Some(draw.version),
            created_at: times.0,
            updated_at: times.1,
            trashed_at: None,
        };
        self.notes.insert(id, note);
        self.settle_tags(draw.who, &with_ids(&content.tags, &draw.tag_ids));
        Ok(Answer::Note(id))
    }

    pub(crate) fn edit(
        &mut self,
        draw: &Draw,
        id: Uuid,
        precondition: Option<&Precondition>,
        edit: &Edit,
    ) -> Result<Answer, Refused> {
        if !self.admit(draw.who, id, precondition)? {
            return Ok(Answer::Stale(id));
        }
        let old = self.notes[&id].clone();
        if old.state == State::Trashed {
            return Err("note trashed");
        }
        let mut new = old.clone();
        if let Some(notebook) = edit.notebook_id {
            if notebook != old.notebook && !self.own_notebook(draw.who, notebook) {
                return Err("invalid notebook_id");
            }
            new.notebook = notebook;
        }
        new.body = edit.body.clone().unwrap_or(new.body);
        if let Some(title) = &edit.title {
            new.title_derived = title.is_none();
            new.title = title.clone().unwrap_or_default();
        }
        if new.title_derived {
            new.title = notes::derive_title(&new.body);
        }
        if let Some(tags) = &edit.tags {
            new.tags = tags.iter().map(|tag| tag.key().to_owned()).collect();
        }
        let content_changed = new != old;
        new.pinned = edit.pinned.unwrap_or(new.pinned);
        new.state = edit.state.unwrap_or(new.state);
        if new != old {
            new.version = Some(draw.version);
            new.updated_at = if content_changed { draw.now } else { old.updated_at };
            new.former = new.state;
            self.notes.insert(id, new);
            self.settle_tags(draw.who, &with_ids(edit.tags.as_deref().unwrap_or_default(), &draw.tag_ids));
        }
        Ok(Answer::Note(id))
    }

    pub(crate) fn trash(&mut self, draw: &Draw, id: Uuid, on: Option<&Precondition>) -> Result<Answer, Refused> {
        if !self.admit(draw.who, id, on)? {
            return Ok(Answer::Stale(id));
        }
        let note = self.notes.get_mut(&id).unwrap();
        if note.state != State::Trashed {
            note.former = note.state;
            note.state = State::Trashed;
            note.trashed_at = Some(draw.now);
            note.version = Some(draw.version);
        }
        Ok(Answer::Note(id))
    }

    pub(crate) fn restore(&mut self, draw: &Draw, id: Uuid) -> Result<Answer, Refused> {
        let note = self.notes.get_mut(&id).filter(|note| note.owner == draw.who).ok_or("not found")?;
        if note.state != State::Trashed {
            return Err("note not trashed");
        }
        note.state = note.former;
        note.trashed_at = None;
        note.version = Some(draw.version);
        Ok(Answer::Note(id))
    }

    pub(crate) fn purge(&mut self, draw: &Draw, id: Uuid, on: Option<&Precondition>) -> Result<Answer, Refused> {
        if !self.admit(draw.who, id, on)? {
            return Ok(Answer::Stale(id));
        }
        self.notes.remove(&id);
        self.imported.retain(|_, note| *note != id);
        self.settle_tags(draw.who, &[]);
        Ok(Answer::Done)
    }

    pub(crate) fn rename_tag(&mut self, who: usize, from: &TagName, to: &TagName) -> Result<(), Refused> {
        let tag = self.tags.get_mut(&(who, from.key().to_owned())).ok_or("not found")?;
        if from.key() == to.key() {
            tag.name = to.as_str().to_owned();
            return Ok(());
        }
        for note in self.notes.values_mut().filter(|note| note.owner == who) {
            if note.tags.iter().any(|key| key == from.key()) {
                note.tags.retain(|key| key != from.key() && key != to.key());
                note.tags.push(to.key().to_owned());
                note.tags.sort();
            }
        }
        self.settle_tags(who, &[(to.clone(), None)]);
        Ok(())
    }

    pub(crate) fn remove_tag(&mut self, who: usize, name: &TagName) -> Result<(), Refused> {
        self.tags.get(&(who, name.key().to_owned())).ok_or("not found")?;
        for note in self.notes.values_mut().filter(|note| note.owner == who) {
            note.tags.retain(|key| key != name.key());
        }
        self.settle_tags(who, &[]);
        Ok(())
    }

    /// The child of that name.
    pub(crate) fn child(&self, who: usize, parent: Option<Uuid>, name: &str) -> Option<Uuid> {
        let siblings = self.children.get(&(who, parent)).into_iter().flatten();
        siblings.copied().find(|id| fold::name_key(&self.notebooks[id].name) == fold::name_key(name))
    }

    fn depth(&self, id: Option<Uuid>) -> usize {
        id.map_or(0, |id| 1 + self.depth(self.notebooks[&id].parent))
    }

    fn height(&self, id: Uuid) -> usize {
        let children = self.notebooks.iter().filter(|(_, n)| n.parent == Some(id));
        1 + children.map(|(child, _)| self.height(*child)).max().unwrap_or(0)
    }

    fn lies_in(&self, id: Option<Uuid>, outer: Uuid) -> bool {
        id.is_some_and(|id| id == outer || self.lies_in(self.notebooks[&id].parent, outer))
    }

    fn place(&mut self, who: usize, parent: Option<Uuid>, id: Uuid, position: Option<i64>) {
        let siblings = self.children.entry((who, parent)).or_default();
        let at = siblings.iter().position(|s| *s == id);
        if let Some(position) = position {
            if let Some(at) = at {
                siblings.remove(at);
            }
            let to = usize::try_from(position).unwrap().min(siblings.len());
            siblings.insert(to, id);
        } else if at.is_none() {
            siblings.push(id);
        }
    }

    pub(crate) fn new_notebook(
        &mut self,
        draw: &Draw,
        id: Uuid,
        name: &NotebookName,
        parent: Option<Uuid>,
        position: Option<i64>,
    ) -> Result<Answer, Refused> {
        if !self.own_notebook(draw.who, parent) || self.depth(parent) >= MAX_DEPTH {
            return Err("invalid parent_id");
        }
        if self.child(draw.who, parent, name.as_str()).is_some() {
            return Err("notebook exists");
        }
        let name = name.as_str().to_owned();
        self.notebooks
            .insert(id, Notebook { owner: draw.who, name, parent, created_at: draw.now, updated_at: draw.now });
        self.place(draw.who, parent, id, position);
        Ok(Answer::Done)
    }

    pub(crate) fn edit_notebook(
        &mut self,
        draw: &Draw,
        id: Uuid,
        edit: &inkstone::notebooks::Edit,
    ) -> Result<Answer, Refused> {
        let old = self.notebooks.get(&id).filter(|n| n.owner == draw.who).ok_or("not found")?.clone();
        let parent = edit.parent_id.unwrap_or(old.parent);
        if parent != old.parent {
            let fits = self.own_notebook(draw.who, parent)
                && !self.lies_in(parent, id)
                && (parent.is_none() || self.depth(parent) + self.height(id) <= MAX_DEPTH);
            if !fits {
                return Err("invalid parent_id");
            }
        }
        let name = edit.name.as_ref().map_or(old.name.clone(), |name| name.as_str().to_owned());
        if self.child(draw.who, parent, &name).is_some_and(|found| found != id) {
            return Err("notebook exists");
        }
        let changed = name != old.name || parent != old.parent;
        let updated_at = if changed { draw.now } else { old.updated_at };
        if parent != old.parent {
            self.children.get_mut(&(draw.who, old.parent)).unwrap().retain(|s| *s != id);
        }
        self.notebooks.insert(id, Notebook { name, parent, updated_at, ..old });
        self.place(draw.who, parent, id, edit.position);
        Ok(Answer::Done)
    }

    pub(crate) fn delete_notebook(&mut self, draw: &Draw, id: Uuid, to_trash: bool) -> Result<(), Refused> {
        let gone = self.notebooks.get(&id).filter(|n| n.owner == draw.who).ok_or("not found")?.clone();
        for note in self.notes.values_mut().filter(|note| note.notebook == Some(id)) {
            note.notebook = gone.parent;
            if to_trash && note.state != State::Trashed {
                note.former = note.state;
                note.state = State::Trashed;
                note.trashed_at = Some(draw.now);
                note.version = None;
            }
        }
        self.children.get_mut(&(draw.who, gone.parent)).unwrap().retain(|s| *s != id);
        self.notebooks.remove(&id);
        for child in self.children.remove(&(draw.who, Some(id))).unwrap_or_default() {
            let name = self.notebooks[&child].name.clone();
            let mut free = name.clone();
            let mut n = 1;
            while self.child(draw.who, gone.parent, &free).is_some() {
                n += 1;
                free = format!("{name} ({n})");
            }
            let notebook = self.notebooks.get_mut(&child).unwrap();
            (notebook.name, notebook.parent, notebook.updated_at) = (free, gone.parent, draw.now);
            self.place(draw.who, gone.parent, child, None);
        }
        Ok(())
    }
}

/// Tags with the ids that are drawn for them, as far as these are known.
fn with_ids(tags: &[TagName], ids: &[Uuid]) -> Vec<(TagName, Option<Uuid>)> {
    tags.iter().cloned().zip(ids.iter().map(|id| Some(*id)).chain(std::iter::repeat(None))).collect()
}
