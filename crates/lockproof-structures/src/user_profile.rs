//! A service's record of one user: an identity, a name and the last login, changed together.
//!
//! One lock per user, so that users never wait for each other. Slow or fallible work, such as
//! checking a name, is done before the lock is taken. The old name's memory is freed after it is
//! released.

mod locked;
mod name;
mod read_then_write;
mod sequential;
mod torn;

use std::time::SystemTime;

pub use locked::UserProfile;
pub use name::{InvalidName, UserName};
pub use read_then_write::ReadThenWriteUserProfile;
pub use sequential::SequentialUserProfile;
pub use torn::TornUserProfile;

/// The contents of a profile at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProfileSnapshot {
    /// The user's identity, which never changes.
    pub id: u64,
    /// The name shown to others.
    pub name: UserName,
    /// The latest login, `None` before the first.
    pub last_login: Option<SystemTime>,
}

impl ProfileSnapshot {
    /// Whether a login at `at` is later than the last: messages about earlier logins may come late.
    fn is_before(&self, at: SystemTime) -> bool {
        self.last_login < Some(at)
    }
}

/// What [`UserProfile`] and its broken twins have in common, so that one model fits all.
///
/// The contract: a [`snapshot`](Self::snapshot) is never a mixture of two logins, and the last
/// login never goes back. Production code calls the methods of [`UserProfile`] itself.
pub trait Profile: Sized {
    /// See [`UserProfile::new`].
    ///
    /// # Errors
    ///
    /// If the name is not valid.
    fn new(id: u64, name: &str) -> Result<Self, InvalidName>;

    /// See [`UserProfile::update_last_login`].
    fn update_last_login(&self, at: SystemTime) -> bool;

    /// See [`UserProfile::record_login`].
    ///
    /// # Errors
    ///
    /// If the name is not valid.
    fn record_login(&self, name: &str, at: SystemTime) -> Result<bool, InvalidName>;

    /// See [`UserProfile::snapshot`].
    fn snapshot(&self) -> ProfileSnapshot;
}
