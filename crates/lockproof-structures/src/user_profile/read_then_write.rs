//! A broken profile: it decides by a value that may have changed when it writes.

use std::time::SystemTime;

use lockproof::extension::Named;
use lockproof::sync::{Mutex, MutexGuard, PoisonError};

use super::{InvalidName, Profile, ProfileSnapshot, UserName};

/// **Broken:** compares the last login in one acquisition and writes it in another, so that of two
/// concurrent logins the earlier can overwrite the later.
///
/// ```
/// use std::time::SystemTime;
/// use lockproof_structures::{Profile, ReadThenWriteUserProfile};
///
/// let user = ReadThenWriteUserProfile::new(7, "Ada")?;
/// assert!(user.update_last_login(SystemTime::UNIX_EPOCH));
/// assert!(!user.update_last_login(SystemTime::UNIX_EPOCH));
/// # Ok::<(), lockproof_structures::InvalidName>(())
/// ```
#[derive(Debug)]
pub struct ReadThenWriteUserProfile {
    /// The rule that both updates break: the decision and the write are one acquisition.
    current: Mutex<ProfileSnapshot>,
}

impl ReadThenWriteUserProfile {
    #[track_caller]
    fn lock(&self) -> MutexGuard<'_, ProfileSnapshot> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Profile for ReadThenWriteUserProfile {
    fn new(id: u64, name: &str) -> Result<Self, InvalidName> {
        let current = ProfileSnapshot { id, name: name.parse()?, last_login: None };
        Ok(Self { current: Mutex::new(current).named("user_profile.current") })
    }

    fn update_last_login(&self, at: SystemTime) -> bool {
        // The mistake: the lock is released between the decision and the write.
        let is_news = self.lock().is_before(at);
        if is_news {
            self.lock().last_login = Some(at);
        }
        is_news
    }

    fn record_login(&self, name: &str, at: SystemTime) -> Result<bool, InvalidName> {
        let name: UserName = name.parse()?;
        let is_news = self.lock().is_before(at);
        if is_news {
            let mut current = self.lock();
            current.name = name;
            current.last_login = Some(at);
        }
        Ok(is_news)
    }

    fn snapshot(&self) -> ProfileSnapshot {
        self.lock().clone()
    }
}
