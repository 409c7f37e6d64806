//! The profile against `SequentialUserProfile`, and the rules for names.

use std::time::{Duration, SystemTime};

use lockproof::thread;
use lockproof_structures::{
    InvalidName, Profile, ReadThenWriteUserProfile, SequentialUserProfile, TornUserProfile,
    UserName, UserProfile,
};
use proptest::prelude::*;

fn second(number: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(number)
}

#[derive(Clone, Debug)]
enum Operation {
    UpdateName(String),
    UpdateLastLogin(u64),
    RecordLogin(String, u64),
}

fn operation() -> impl Strategy<Value = Operation> {
    let name = prop_oneof!["[A-C ]{0,4}", Just("\u{7}".to_owned()), Just("x".repeat(65))];
    prop_oneof![
        name.clone().prop_map(Operation::UpdateName),
        (0..5_u64).prop_map(Operation::UpdateLastLogin),
        (name, 0..5_u64).prop_map(|(name, at)| Operation::RecordLogin(name, at)),
    ]
}

proptest! {
    #[test]
    fn the_profile_does_what_the_sequential_one_does(
        operations in prop::collection::vec(operation(), 0..20),
    ) {
        let profile = UserProfile::new(7, "Ada")?;
        let mut sequential = SequentialUserProfile::new(7, "Ada")?;
        for operation in operations {
            match &operation {
                Operation::UpdateName(name) => {
                    prop_assert_eq!(profile.update_name(name), sequential.update_name(name));
                }
                Operation::UpdateLastLogin(at) => prop_assert_eq!(
                    profile.update_last_login(second(*at)),
                    sequential.update_last_login(second(*at))
                ),
                Operation::RecordLogin(name, at) => prop_assert_eq!(
                    profile.record_login(name, second(*at)),
                    sequential.record_login(name, second(*at))
                ),
            }
            prop_assert_eq!(profile.snapshot(), sequential.snapshot());
        }
        prop_assert_eq!(profile.id(), 7);
    }
}

fn knows_the_latest_login<P: Profile>() -> Result<(), InvalidName> {
    let profile = P::new(7, "Ada")?;
    assert!(profile.record_login("Grace", second(2))?);
    assert!(!profile.record_login("Joan", second(1))?);
    assert!(!profile.update_last_login(second(2)));
    let seen = profile.snapshot();
    assert_eq!((seen.name.as_str(), seen.last_login), ("Grace", Some(second(2))));
    Ok(())
}

#[test]
fn every_profile_knows_the_latest_login_in_one_thread() -> Result<(), InvalidName> {
    knows_the_latest_login::<UserProfile>()?;
    knows_the_latest_login::<TornUserProfile>()?;
    knows_the_latest_login::<ReadThenWriteUserProfile>()
}

#[test]
fn an_invalid_name_changes_nothing() -> Result<(), InvalidName> {
    let profile = UserProfile::new(7, "Ada")?;
    assert_eq!(profile.record_login("\t", second(1)), Err(InvalidName::Empty));
    assert_eq!(profile.snapshot().last_login, None, "the login of an invalid name is not recorded");
    Ok(())
}

#[test]
fn names_are_normalised_and_limited() {
    let parse = str::parse::<UserName>;
    assert_eq!(parse(" Ada \n Lovelace").map(|name| name.to_string()), Ok("Ada Lovelace".into()));
    assert!(parse(&"é".repeat(64)).is_ok(), "characters count, not bytes");
    assert_eq!(parse(&"é".repeat(65)), Err(InvalidName::TooLong { characters: 65 }));
    assert_eq!(parse("a\u{7}"), Err(InvalidName::ControlCharacter));
    let message = InvalidName::TooLong { characters: 65 }.to_string();
    assert_eq!(message, "the name has 65 characters: shorten it to at most 64");
}

#[test]
fn threads_see_name_and_login_together() -> Result<(), InvalidName> {
    let profile = UserProfile::new(7, "user 0")?;
    thread::scope(|scope| {
        scope.spawn(|| {
            for at in 1..500 {
                let recorded = profile.record_login(&format!("user {at}"), second(at));
                assert_eq!(recorded, Ok(true), "a later login is recorded");
            }
        });
        for _ in 0..500 {
            let seen = profile.snapshot();
            let at = seen.last_login.map_or(0, |at| {
                at.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
            });
            assert_eq!(seen.name.as_str(), format!("user {at}"), "name and login belong together");
        }
    });
    Ok(())
}
