//! From the store to the archive: one thread reads, several compress, the caller's writes.
//!
//! Notes travel in chunks, each to the next packer in turn, and are taken from the packers in the same turn: so they come out in
//! order, and the channels between, which hold one chunk each, bound what is in memory.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use uuid::Uuid;

use super::archive::{Archive, Packed, Packer};
use super::manifest::{self, FORMAT, Manifest, NOTES, VERSION};
use super::names::Names;
use super::{Broken, Summary, note};
use crate::caller::UserId;
use crate::clock::Timestamp;
use crate::db::{Db, ReadTx};
use crate::error::{Error, Result};
use crate::notes::{Note, State};
use crate::{feed, notebooks, notes, saved_searches};

/// A chunk is full at so many notes,
const CHUNK_NOTES: usize = 256;
/// or at so many bytes of bodies.
const CHUNK_BYTES: usize = 1 << 20;
/// Most threads that compress.
const MOST_PACKERS: usize = 4;

/// What the archive begins with.
struct Head {
    manifest: Manifest,
    folders: Vec<String>,
}

struct Item {
    path: String,
    note: Note,
    former: State,
}

struct Done {
    path: String,
    changed: Timestamp,
    packed: Packed,
}

/// See [`super::write`].
pub(super) fn write(
    db: &Db,
    owner: UserId,
    now: Timestamp,
    sink: &mut dyn Write,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Summary, Broken> {
    let packers = thread::available_parallelism().map_or(1, usize::from).clamp(1, MOST_PACKERS);
    thread::scope(|scope| {
        let (head_to, head_from) = sync_channel(1);
        let (mut to, mut from) = (Vec::new(), Vec::new());
        for _ in 0..packers {
            let (give, take) = sync_channel::<Vec<Item>>(1);
            let (give_done, take_done) = sync_channel::<io::Result<Vec<Done>>>(1);
            scope.spawn(move || pack(&take, &give_done));
            to.push(give);
            from.push(take_done);
        }
        let reading = scope.spawn(move || db.hold(|tx| read(tx, owner, now, &head_to, &to)));
        let written = assemble(sink, progress, &head_from, &from);
        // Whoever still has something to hand over learns that nobody takes it.
        drop((head_from, from));
        let read = reading.join().unwrap_or_else(|_| Err(Error::internal("the reading thread of an export panicked")));
        match (written, read) {
            // A reader that failed ends the chunks early: the reason is its own.
            (_, Err(why)) => Err(why.into()),
            (Err(why), Ok(())) => Err(why.into()),
            (Ok(None), Ok(())) => Err(Error::internal("an export ended before all its notes were in").into()),
            (Ok(Some(summary)), Ok(())) => Ok(summary),
        }
    })
}

/// Reads everything in its order: what the archive begins with, then chunk after chunk, to each packer in turn.
fn read(
    tx: &mut ReadTx<'_>,
    owner: UserId,
    now: Timestamp,
    head: &SyncSender<Head>,
    packers: &[SyncSender<Vec<Item>>],
) -> Result<()> {
    let (mut names, first) = head_of(tx, owner, now)?;
    if head.send(first).is_err() {
        return Ok(());
    }
    let mut turn = packers.iter().cycle();
    let mut chunk = Vec::new();
    let mut bytes = 0;
    let mut gone = false;
    let mut send = |chunk: Vec<Item>| turn.next().is_none_or(|packer| packer.send(chunk).is_err());
    for state in [State::Active, State::Archived, State::Trashed] {
        notes::carry::walk(tx, owner, state, |note, former| {
            bytes += note.body.len();
            let path = names.file(note.notebook_id, state == State::Trashed, &note.title);
            chunk.push(Item { path, note, former });
            if chunk.len() == CHUNK_NOTES || bytes >= CHUNK_BYTES {
                bytes = 0;
                gone = send(std::mem::take(&mut chunk));
            }
            Ok(!gone)
        })?;
    }
    if !chunk.is_empty() {
        send(chunk);
    }
    Ok(())
}

fn head_of(tx: &mut ReadTx<'_>, owner: UserId, now: Timestamp) -> Result<(Names, Head)> {
    let tree = from_the_top(notebooks::store::all(tx, owner)?);
    let names = Names::of(&tree);
    let notebooks: Vec<manifest::Notebook> = tree
        .into_iter()
        .map(|notebook| manifest::Notebook {
            id: notebook.id,
            folder: names.folder(Some(notebook.id)).to_owned(),
            name: notebook.name,
            parent_id: notebook.parent_id,
            position: notebook.position,
            created_at: notebook.created_at,
            updated_at: notebook.updated_at,
        })
        .collect();
    let folders = notebooks.iter().map(|notebook| format!("{NOTES}/{}", notebook.folder)).collect();
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        version: VERSION,
        inkstone: env!("CARGO_PKG_VERSION").to_owned(),
        exported_at: now,
        change: feed::store::head(tx)?,
        notes: u64::try_from(notes::carry::count(tx, owner)?).unwrap_or(0),
        notebooks,
        saved_searches: saved_searches::store::all(tx, owner)?.into_iter().map(Into::into).collect(),
    };
    Ok((names, Head { manifest, folders }))
}

/// Each notebook behind the one around it; siblings, which come in their order, stay in it.
fn from_the_top(all: Vec<notebooks::Notebook>) -> Vec<notebooks::Notebook> {
    let mut below: HashMap<Option<Uuid>, Vec<notebooks::Notebook>> = HashMap::new();
    let count = all.len();
    for notebook in all {
        below.entry(notebook.parent_id).or_default().push(notebook);
    }
    let mut tree: Vec<notebooks::Notebook> = below.remove(&None).unwrap_or_default();
    tree.reserve(count - tree.len());
    let mut at = 0;
    while at < tree.len() {
        if let Some(children) = below.remove(&Some(tree[at].id)) {
            tree.extend(children);
        }
        at += 1;
    }
    tree
}

fn pack(take: &Receiver<Vec<Item>>, give: &SyncSender<io::Result<Vec<Done>>>) {
    let mut packer = Packer::new();
    let mut text = String::new();
    for chunk in take {
        let done = chunk.into_iter().map(|Item { path, note, former }| {
            text.clear();
            note::write(&note, former, &mut text);
            Ok(Done { path, changed: note.updated_at, packed: packer.pack(text.as_bytes())? })
        });
        if give.send(done.collect()).is_err() {
            return;
        }
    }
}

/// Puts the archive together; `None` when the chunks ended before it was whole.
fn assemble(
    sink: &mut dyn Write,
    progress: &mut dyn FnMut(u64, u64),
    head: &Receiver<Head>,
    packers: &[Receiver<io::Result<Vec<Done>>>],
) -> io::Result<Option<Summary>> {
    let Ok(Head { manifest, folders }) = head.recv() else { return Ok(None) };
    let (total, now) = (manifest.notes, manifest.exported_at);
    progress(0, total);
    let mut packer = Packer::new();
    let mut archive = Archive::new(io::BufWriter::with_capacity(1 << 16, sink));
    let json = serde_json::to_vec_pretty(&manifest).map_err(io::Error::other)?;
    archive.file(manifest::NAME, now, &packer.pack(&json)?)?;
    archive.file(manifest::README, now, &packer.pack(include_bytes!("README.txt"))?)?;
    for folder in folders {
        archive.folder(&folder, now)?;
    }
    let mut notes = 0;
    for packer in packers.iter().cycle() {
        let Ok(chunk) = packer.recv() else { break };
        for Done { path, changed, packed } in chunk? {
            archive.file(&path, changed, &packed)?;
            notes += 1;
        }
        progress(notes, total);
    }
    if notes != total {
        return Ok(None);
    }
    let notebooks = manifest.notebooks.len() as u64;
    Ok(Some(Summary { notes, notebooks, bytes: archive.finish()?, change: manifest.change }))
}
