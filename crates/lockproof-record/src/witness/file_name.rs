//! File names of witnesses.
//!
//! `Subject-the_property.json`, and `Subject-the_property-2.json` where a witness that does not
//! fail any more is kept beside a new one. Letters and digits stay; a name in which others were
//! replaced, or that was too long, gets a hash of the whole behind it. So no name leads out of the
//! folder, and no two models share one, unless they have the same subject and property.

use std::path::{Path, PathBuf};

use super::fingerprint::Fnv;

/// More of a subject or a property is not shown.
const LONGEST_PART: usize = 60;
/// The most witnesses of one model.
const MOST: usize = 9;

/// The names of a model's witnesses.
pub struct WitnessNames {
    stem: String,
}

impl WitnessNames {
    /// The names for the model of this subject and property.
    pub fn of(subject: &str, property: &str) -> Self {
        let (subject_part, is_whole) = part(subject);
        let (property_part, is_property_whole) = part(property);
        let mut stem = format!("{subject_part}-{property_part}");
        if !(is_whole && is_property_whole) {
            let mut hash = Fnv::default();
            hash.add(subject.as_bytes());
            hash.add(property.as_bytes());
            stem = format!("{stem}-{hash}");
        }
        Self { stem }
    }

    /// The witnesses in `folder`, the oldest first.
    pub fn existing(&self, folder: &Path) -> Vec<PathBuf> {
        self.all(folder).filter(|path| path.exists()).collect()
    }

    /// The path of a new witness; `None` if all names are taken.
    pub fn free(&self, folder: &Path) -> Option<PathBuf> {
        self.all(folder).find(|path| !path.exists())
    }

    fn all<'a>(&'a self, folder: &'a Path) -> impl Iterator<Item = PathBuf> + 'a {
        (1..=MOST).map(move |number| match number {
            1 => folder.join(format!("{}.json", self.stem)),
            number => folder.join(format!("{}-{number}.json", self.stem)),
        })
    }
}

/// A text that every file system takes, and whether nothing was lost.
fn part(text: &str) -> (String, bool) {
    let mut is_whole = text.chars().count() <= LONGEST_PART && !text.is_empty();
    let character = |character: char| match character {
        'a'..='z' | 'A'..='Z' | '0'..='9' => character,
        ' ' => '_',
        _ => {
            is_whole = false;
            '_'
        }
    };
    let part = text.chars().take(LONGEST_PART).map(character).collect();
    (part, is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_can_be_read() {
        let names = WitnessNames::of("LockedCounter", "counts every increment");
        assert_eq!(names.stem, "LockedCounter-counts_every_increment");
    }

    #[test]
    fn no_name_leads_out_of_the_folder() {
        for subject in ["../../etc/passwd", "/tmp/x", "C:\\x", "a\0b", "", "..", "ö"] {
            let stem = WitnessNames::of(subject, "is\n../odd").stem;
            let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
            assert!(stem.chars().all(is_plain), "`{stem}` is a plain name");
        }
    }

    #[test]
    fn different_models_have_different_names() {
        let names = [("A<B>", "c"), ("A B ", "c"), ("A_B_", "c"), ("A", "B_c"), ("A-B", "c")];
        let stems: Vec<_> = names.iter().map(|(s, p)| WitnessNames::of(s, p).stem).collect();
        for (index, stem) in stems.iter().enumerate() {
            assert!(!stems[..index].contains(stem), "{stem} is there twice");
        }
        assert!(WitnessNames::of(&"x".repeat(9_999), "y").stem.len() < 200, "long names are cut");
    }
}
