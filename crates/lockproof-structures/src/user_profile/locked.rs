//! The profile behind one lock: its fields change together or not at all.

use std::mem;
use std::time::SystemTime;

use lockproof::extension::Named;
use lockproof::sync::{Mutex, MutexGuard, PoisonError};

use super::{InvalidName, Profile, ProfileSnapshot, UserName};

/// One user's profile, shared by the threads that serve the user.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use lockproof_structures::UserProfile;
///
/// let monday = SystemTime::UNIX_EPOCH + Duration::from_hours(24);
/// let user = UserProfile::new(7, "Ada")?;
/// assert!(user.record_login("Ada  Lovelace", monday)?);
///
/// let seen = user.snapshot();
/// assert_eq!((seen.name.as_str(), seen.last_login), ("Ada Lovelace", Some(monday)));
/// # Ok::<(), lockproof_structures::InvalidName>(())
/// ```
#[derive(Debug)]
pub struct UserProfile {
    /// Never changes, so it is read without the lock.
    id: u64,
    /// Name and last login are read and written together under this lock, by one acquisition per
    /// operation. `last_login` never goes back. Nothing under the lock allocates, waits or fails.
    current: Mutex<ProfileSnapshot>,
}

impl UserProfile {
    /// A user who has not logged in yet.
    ///
    /// # Errors
    ///
    /// If the name is not valid.
    pub fn new(id: u64, name: &str) -> Result<Self, InvalidName> {
        let current = ProfileSnapshot { id, name: name.parse()?, last_login: None };
        Ok(Self { id, current: Mutex::new(current).named("user_profile.current") })
    }

    /// The user's identity.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Changes only the name.
    ///
    /// # Errors
    ///
    /// If the name is not valid. Nothing has changed then.
    pub fn update_name(&self, name: &str) -> Result<(), InvalidName> {
        // Checked before the lock is taken: no other thread waits for the check.
        let name: UserName = name.parse()?;
        let old_name = mem::replace(&mut self.lock().name, name);
        // The lock is released by now: no other thread waits for the old name's memory to be freed.
        drop(old_name);
        Ok(())
    }

    /// Records a login, and returns whether it is later than all known ones. An earlier login
    /// changes nothing.
    pub fn update_last_login(&self, at: SystemTime) -> bool {
        let mut current = self.lock();
        let is_news = current.is_before(at);
        if is_news {
            current.last_login = Some(at);
        }
        is_news
    }

    /// Records a login together with the name given at it, and returns whether it is later than
    /// all known ones. An earlier login changes nothing.
    ///
    /// No thread ever sees the new name with the old login, or the reverse.
    ///
    /// # Errors
    ///
    /// If the name is not valid. Nothing has changed then.
    pub fn record_login(&self, name: &str, at: SystemTime) -> Result<bool, InvalidName> {
        // Checked before the lock is taken: no other thread waits for the check.
        let mut name: UserName = name.parse()?;
        let mut current = self.lock();
        let is_news = current.is_before(at);
        if is_news {
            mem::swap(&mut current.name, &mut name);
            current.last_login = Some(at);
        }
        // `name`, now the discarded one, was declared before the guard, so it is dropped after it:
        // the lock is released by then.
        Ok(is_news)
    }

    /// All fields as they were at one moment.
    #[must_use]
    pub fn snapshot(&self) -> ProfileSnapshot {
        self.lock().clone()
    }

    /// Ignores poisoning: nothing that runs under this lock can panic.
    #[track_caller]
    fn lock(&self) -> MutexGuard<'_, ProfileSnapshot> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Profile for UserProfile {
    fn new(id: u64, name: &str) -> Result<Self, InvalidName> {
        Self::new(id, name)
    }

    fn update_last_login(&self, at: SystemTime) -> bool {
        self.update_last_login(at)
    }

    fn record_login(&self, name: &str, at: SystemTime) -> Result<bool, InvalidName> {
        self.record_login(name, at)
    }

    fn snapshot(&self) -> ProfileSnapshot {
        self.snapshot()
    }
}
