//! The statements of an import: what was brought in before, what is there already, and what is made.
//!
//! Nothing that exists is changed. A note or notebook keeps the id that it brings along when nobody has it, or had it: a tombstone
//! is for ever, because other devices remember it.

use uuid::{Uuid, Variant};

use super::prepare::Prepared;
use crate::caller::UserId;
use crate::clock::Timestamp;
use crate::db::{ReadTx, WriteTx};
use crate::error::{Conflict, Error, Result};
use crate::export::manifest::SavedSearch;
use crate::notebooks::NotebookName;
use crate::notes::{Content, Note, State};
use crate::saved_searches::{Question, SearchName, Sort};
use crate::{notebooks, notes, saved_searches};

/// What became of a note.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Brought {
    /// It was made; otherwise it is there already.
    pub made: bool,
    /// What is different from what it was, one sentence each.
    pub remarks: Vec<String>,
}

/// Makes the note, in its notebook or that of its folder, unless the same file was brought in before and its note still exists, or the
/// note itself is there under its own id with the same title and text.
///
/// # Errors
/// What the store says.
pub fn bring_in(tx: &mut WriteTx<'_>, prepared: &Prepared) -> Result<Brought> {
    let owner = prepared.draws.owner;
    if brought_in(tx, owner, &prepared.identity)? {
        return Ok(Brought::default());
    }
    let mut remarks = Vec::new();
    let mut id = prepared.id;
    if let Some(own) = prepared.kept.as_ref().and_then(|kept| kept.id) {
        if !is_id(own) {
            remarks.push(format!("{own} is no id of a note (a UUIDv7), so it has the id {id}"));
        } else if !notes::store::was_ever(tx, own)? {
            id = own;
        } else if same(tx, owner, own, &prepared.content)? {
            return Ok(Brought::default());
        } else {
            remarks.push(format!("its id {own} is taken, so it came in as a note of its own with the id {id}"));
        }
    }
    let mut content = prepared.content.clone();
    content.notebook_id = match prepared.kept.as_ref().and_then(|kept| kept.notebook_id) {
        Some(notebook) if notebooks::store::belongs_to(tx, owner, notebook)? => Some(notebook),
        Some(notebook) if prepared.notebook.is_empty() => {
            remarks.push(format!("its notebook {notebook} is not here: it lies in none"));
            None
        }
        Some(_) | None => folder(tx, owner, &prepared.notebook, prepared.draws.now)?,
    };
    notes::carry::insert_as_it_was(tx, &prepared.draws, id, &content, &prepared.past)?;
    tx.post(
        "INSERT INTO imports (owner, identity, note_id) VALUES ($1, $2, $3)",
        &[owner.0.into(), prepared.identity.as_slice().into(), id.into()],
    )?;
    Ok(Brought { made: true, remarks })
}

/// Ids of this house are UUIDv7; whoever walks by them relies on that. An archive may say anything.
fn is_id(id: Uuid) -> bool {
    id.get_version_num() == 7 && id.get_variant() == Variant::RFC4122
}

fn brought_in(tx: &mut ReadTx<'_>, owner: UserId, identity: &[u8]) -> Result<bool> {
    let sql = "SELECT note_id FROM imports WHERE owner = $1 AND identity = $2";
    let found: Option<Uuid> = tx.query_opt(sql, &[owner.0.into(), identity.into()], |r| r.id(0))?;
    Ok(found.is_some())
}

/// Whether the owner has the note, and it says the same. Tags, notebook, pin and state are arranged anew every day; a note whose text
/// is there needs no twin because of them.
fn same(tx: &mut ReadTx<'_>, owner: UserId, id: Uuid, content: &Content) -> Result<bool> {
    Ok(match notes::store::get_any(tx, id)? {
        Some((of, Note { title, title_derived, body, .. })) => {
            of == owner
                && body == content.body
                && match &content.title {
                    Some(stated) => !title_derived && *stated == title,
                    None => title_derived,
                }
        }
        None => false,
    })
}

/// The notebook of nested folders, made where it is missing; `None` for no folder.
fn folder(tx: &mut WriteTx<'_>, owner: UserId, names: &[(NotebookName, Uuid)], now: Timestamp) -> Result<Option<Uuid>> {
    let mut parent = None;
    for (name, new_id) in names {
        let id = match notebooks::store::child(tx, owner, parent, name)? {
            Some(id) => id,
            None => {
                notebooks::store::insert(tx, owner, *new_id, name, parent, None, now)?;
                *new_id
            }
        };
        parent = Some(id);
    }
    Ok(parent)
}

/// A notebook that was somewhere before.
#[derive(Debug, Clone)]
pub struct Place {
    /// The id that it had.
    pub id: Uuid,
    /// A new one, in case that it cannot have that.
    pub new_id: Uuid,
    /// Its name.
    pub name: NotebookName,
    /// The notebook around it, under its present id.
    pub parent: Option<Uuid>,
    /// When it was made, and when its name or parent last changed.
    pub times: (Timestamp, Timestamp),
}

/// What became of a notebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// Its id here.
    pub id: Uuid,
    /// It was made; otherwise it, or one of its name in its place, is there already.
    pub made: bool,
    /// What is different from what it was.
    pub remark: Option<String>,
}

/// Saves a search, unless the owner has it, or one of its name.
///
/// # Errors
/// What the store says.
pub fn save_search(tx: &mut WriteTx<'_>, owner: UserId, saved: &SavedSearch, new_id: Uuid) -> Result<Placed> {
    let there = |id, remark: Option<String>| Ok(Placed { id, made: false, remark });
    if saved_searches::store::get(tx, owner, saved.id)?.is_some() {
        return there(saved.id, None);
    }
    let question = Question {
        query: saved.query.clone(),
        state: saved.state.as_deref().and_then(state_of),
        tag: saved.tag.clone(),
        notebook_id: saved.notebook_id,
        pinned: saved.pinned,
        year: saved.year,
        sort: saved.sort.as_deref().and_then(Sort::parse),
        exact: saved.exact,
    };
    let checked = SearchName::parse(&saved.name).and_then(|name| Ok((name, question.checked()?)));
    let Ok((name, mut question)) = checked else {
        return there(saved.id, Some("it was not saved: no search can be like that".to_owned()));
    };
    if let Some(named) = saved_searches::store::named(tx, owner, &name)? {
        let same = saved_searches::store::get(tx, owner, named)?.is_some_and(|found| found.question == question);
        let remark = "there was a saved search of its name already, which stays as it is";
        return there(named, (!same).then(|| remark.to_owned()));
    }
    let mut remark = None;
    if let Some(notebook) = question.notebook_id
        && !notebooks::store::belongs_to(tx, owner, notebook)?
    {
        remark = Some(format!("its notebook {notebook} is not here: it searches all of them"));
        question.notebook_id = None;
    }
    let is_free = is_id(saved.id) && !saved_searches::store::was_ever(tx, saved.id)?;
    let id = if is_free { saved.id } else { new_id };
    let times = (saved.created_at, saved.updated_at);
    match saved_searches::store::insert(tx, owner, id, &name, &question, None, times) {
        Ok(()) => Ok(Placed { id, made: true, remark }),
        Err(Error::Conflict(Conflict::TooManySavedSearches)) => there(
            saved.id,
            Some("it was not saved: there are as many saved searches as an account may have".to_owned()),
        ),
        Err(why) => Err(why),
    }
}

fn state_of(word: &str) -> Option<State> {
    [State::Active, State::Archived, State::Trashed].into_iter().find(|state| state.as_str() == word)
}

/// Finds or makes a notebook. One that the owner has is taken as it is now, whatever its name and place have become.
///
/// # Errors
/// What the store says.
pub fn place(tx: &mut WriteTx<'_>, owner: UserId, place: &Place) -> Result<Placed> {
    if notebooks::store::belongs_to(tx, owner, place.id)? {
        return Ok(Placed { id: place.id, made: false, remark: None });
    }
    let mut remark = None;
    let mut parent = place.parent;
    if let Some(above) = parent
        && !notebooks::store::belongs_to(tx, owner, above)?
    {
        remark = Some(format!("the notebook around it, {above}, is not here: it stands at the top"));
        parent = None;
    }
    let is_free = is_id(place.id) && !notebooks::store::was_ever(tx, place.id)?;
    let id = if is_free { place.id } else { place.new_id };
    let mut at = parent;
    loop {
        if let Some(there) = notebooks::store::child(tx, owner, at, &place.name)? {
            let remark = remark.or_else(|| Some("there was one of its name already: its notes go there".to_owned()));
            return Ok(Placed { id: there, made: false, remark });
        }
        match (notebooks::store::insert_as_it_was(tx, owner, id, &place.name, at, place.times), at) {
            (Ok(()), _) => break,
            // What is around it was nested deeper meanwhile.
            (Err(Error::Invalid(_)), Some(_)) => {
                remark = Some("there is no room below the notebook around it: it stands at the top".to_owned());
                at = None;
            }
            (Err(Error::Conflict(Conflict::NotebookExists)), _) => {
                return Err(Error::internal("a notebook's name is taken and free"));
            }
            (Err(why), _) => return Err(why),
        }
    }
    if id != place.id && remark.is_none() {
        remark = Some(format!("its id {} is taken, or is none: it has the id {id}", place.id));
    }
    Ok(Placed { id, made: true, remark })
}
