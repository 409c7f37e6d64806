//! The single-threaded profile: the specification of the shared one.

use std::time::SystemTime;

use super::{InvalidName, ProfileSnapshot};

/// A profile without a lock: `&mut self` rules out sharing.
///
/// ```
/// use lockproof_structures::SequentialUserProfile;
///
/// let mut user = SequentialUserProfile::new(7, "Ada")?;
/// user.update_name("Grace")?;
/// assert_eq!(user.snapshot().name.as_str(), "Grace");
/// # Ok::<(), lockproof_structures::InvalidName>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SequentialUserProfile {
    current: ProfileSnapshot,
}

impl SequentialUserProfile {
    /// A user who has not logged in yet.
    ///
    /// # Errors
    ///
    /// If the name is not valid.
    pub fn new(id: u64, name: &str) -> Result<Self, InvalidName> {
        Ok(Self { current: ProfileSnapshot { id, name: name.parse()?, last_login: None } })
    }

    /// Changes only the name.
    ///
    /// # Errors
    ///
    /// If the name is not valid. Nothing has changed then.
    pub fn update_name(&mut self, name: &str) -> Result<(), InvalidName> {
        self.current.name = name.parse()?;
        Ok(())
    }

    /// Records a login if it is later than all known ones, and returns whether it is.
    pub fn update_last_login(&mut self, at: SystemTime) -> bool {
        match self.current.last_login {
            Some(known) if known >= at => false,
            _ => {
                self.current.last_login = Some(at);
                true
            }
        }
    }

    /// Records a login and its name if it is later than all known ones, and returns whether it is.
    ///
    /// # Errors
    ///
    /// If the name is not valid. Nothing has changed then.
    pub fn record_login(&mut self, name: &str, at: SystemTime) -> Result<bool, InvalidName> {
        let name = name.parse()?;
        let is_news = self.update_last_login(at);
        if is_news {
            self.current.name = name;
        }
        Ok(is_news)
    }

    /// All fields.
    #[must_use]
    pub fn snapshot(&self) -> ProfileSnapshot {
        self.current.clone()
    }
}
