//! Files that appear whole or not at all.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::process;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

/// Extension of a file that is being written.
const DRAFT: &str = "draft";

/// Writes a document into `directory`, under a name that no other file has, and returns the path.
///
/// # Errors
///
/// If the directory cannot be written; with the path that was tried.
pub(crate) fn write_new(
    directory: &Path,
    extension: &str,
    document: &impl Serialize,
) -> Result<PathBuf, (PathBuf, io::Error)> {
    let stem = unique_stem();
    for number in 0_u32.. {
        let path = directory.join(format!("{stem}-{number:06}.{extension}"));
        match reserve(&path) {
            Ok(true) => {
                let written = write(&path, document);
                return written.map(|()| path.clone()).map_err(|source| (path, source));
            }
            Ok(false) => {}
            Err(source) => return Err((path, source)),
        }
    }
    unreachable!("some number is free")
}

/// Takes the path for this caller alone, by its draft; false if another one has it.
fn reserve(path: &Path) -> io::Result<bool> {
    let draft = path.with_extension(DRAFT);
    match File::create_new(&draft) {
        // The draft of a file that is there has been renamed, and so was free again.
        Ok(_) if path.exists() => fs::remove_file(draft).map(|()| false),
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// Writes a file that appears, or replaces the one before, whole or not at all.
///
/// # Errors
///
/// If the file system refuses.
pub(crate) fn write(path: &Path, document: &impl Serialize) -> io::Result<()> {
    write_text(path, &serde_json::to_vec_pretty(document)?)
}

/// The same for what is text already.
///
/// # Errors
///
/// If the file system refuses.
pub(crate) fn write_text(path: &Path, text: &[u8]) -> io::Result<()> {
    let draft = path.with_extension(DRAFT);
    fs::write(&draft, text)?;
    fs::rename(&draft, path)
}

/// The beginning of a name that hardly any other file has: from the time and the process.
pub(crate) fn unique_stem() -> String {
    let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{}-{}", time.as_nanos(), process::id())
}
