//! The contract of the user profiles.

use std::time::{Duration, SystemTime};

use lockproof_check::{Contract, specification};
use lockproof_structures::{
    InvalidName, Profile, ProfileSnapshot, ReadThenWriteUserProfile, SequentialUserProfile,
    TornUserProfile, UserProfile,
};

specification! {
    struct ProfileSpecification(SequentialUserProfile) for impl Profile;
    enum ProfileCall -> ProfileReturn;

    fn update_last_login(second: u64 = 1..=3) -> bool =
        |profile| profile.update_last_login(moment(second));
    fn record_login(name: &'static str = ["Grace", "Ada", ""], second: u64 = 1..=3)
        -> Result<bool, InvalidName> = |profile| profile.record_login(name, moment(second));
    fn snapshot() -> ProfileSnapshot;
}

fn moment(second: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(second)
}

fn profile<P: Profile + Send + Sync + 'static>(name: &str) -> Contract<ProfileSpecification, P> {
    let counterpart = SequentialUserProfile::new(7, "Ada").expect("the name is valid");
    let make = || P::new(7, "Ada").expect("the name is valid");
    Contract::new(name, make, ProfileSpecification(counterpart)).scenarios(200)
}

#[test]
fn user_profile_is_linearizable() {
    profile::<UserProfile>("UserProfile").passes();
}

#[test]
fn torn_user_profile_is_refuted() {
    profile::<TornUserProfile>("TornUserProfile").is_refuted();
}

#[test]
fn read_then_write_user_profile_is_refuted() {
    profile::<ReadThenWriteUserProfile>("ReadThenWriteUserProfile").is_refuted();
}
