//! A broken profile: between two acquisitions it is half updated, and readers can see that.

use std::time::SystemTime;

use lockproof::extension::Named;
use lockproof::sync::{Mutex, MutexGuard, PoisonError};

use super::{InvalidName, Profile, ProfileSnapshot, UserName};

/// **Broken:** [`record_login`](Profile::record_login) changes the name in one acquisition and the
/// last login in another, so that a reader in between sees the new name with the old login.
///
/// Every access is locked, which alone does not make the profile consistent.
///
/// ```
/// use std::time::SystemTime;
/// use lockproof_structures::{Profile, TornUserProfile};
///
/// let user = TornUserProfile::new(7, "Ada")?;
/// assert!(user.record_login("Grace", SystemTime::UNIX_EPOCH)?);
/// assert_eq!(user.snapshot().name.as_str(), "Grace");
/// # Ok::<(), lockproof_structures::InvalidName>(())
/// ```
#[derive(Debug)]
pub struct TornUserProfile {
    /// The rule that `record_login` breaks: one acquisition per operation.
    current: Mutex<ProfileSnapshot>,
}

impl TornUserProfile {
    #[track_caller]
    fn lock(&self) -> MutexGuard<'_, ProfileSnapshot> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Profile for TornUserProfile {
    fn new(id: u64, name: &str) -> Result<Self, InvalidName> {
        let current = ProfileSnapshot { id, name: name.parse()?, last_login: None };
        Ok(Self { current: Mutex::new(current).named("user_profile.current") })
    }

    fn update_last_login(&self, at: SystemTime) -> bool {
        let mut current = self.lock();
        let is_news = current.is_before(at);
        if is_news {
            current.last_login = Some(at);
        }
        is_news
    }

    fn record_login(&self, name: &str, at: SystemTime) -> Result<bool, InvalidName> {
        let name: UserName = name.parse()?;
        let mut current = self.lock();
        if !current.is_before(at) {
            return Ok(false);
        }
        current.name = name;
        // The mistake: from here until `update_last_login` locks again, the profile is torn.
        drop(current);
        Ok(self.update_last_login(at))
    }

    fn snapshot(&self) -> ProfileSnapshot {
        self.lock().clone()
    }
}
