//! Working as the user that the data directory belongs to, so that a command run by root leaves no file that the service
//! cannot open afterwards.

use std::ffi::CString;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nix::unistd::{Gid, Uid, User, geteuid, initgroups, setgid, setgroups, setuid};

use super::DataDirError;

/// When root runs this on a directory of another user, goes on as that user for good. Does nothing otherwise.
///
/// Has to be called while the process has a single thread and before it makes any file.
pub fn become_owner(dir: &Path) -> Result<(), DataDirError> {
    // A missing directory is made by whoever runs this.
    let Ok(found) = std::fs::metadata(dir) else { return Ok(()) };
    let (uid, dir_gid) = (Uid::from_raw(found.uid()), Gid::from_raw(found.gid()));
    if !geteuid().is_root() || uid.is_root() {
        return Ok(());
    }
    let failed = |errno: nix::errno::Errno| DataDirError::OwnerSwitch {
        dir: dir.to_owned(),
        owner: name_of(dir),
        reason: errno.desc().to_owned(),
    };
    // In a container the owner often is a bare number without an entry in the user database.
    let user = User::from_uid(uid).ok().flatten();
    match user.as_ref().and_then(|user| Some((CString::new(user.name.as_str()).ok()?, user.gid))) {
        Some((name, gid)) => {
            initgroups(&name, gid).map_err(failed)?;
            setgid(gid).map_err(failed)?;
        }
        None => {
            setgroups(&[dir_gid]).map_err(failed)?;
            setgid(dir_gid).map_err(failed)?;
        }
    }
    setuid(uid).map_err(failed)
}

/// The owner's name, or the number when there is no name.
pub(super) fn name_of(path: &Path) -> String {
    let Ok(found) = std::fs::metadata(path) else { return "another user".to_owned() };
    let user = User::from_uid(Uid::from_raw(found.uid())).ok().flatten();
    user.map_or_else(|| format!("user {}", found.uid()), |user| user.name)
}
