//! Models of the user profile: whether a reader can see half an update, and whether an earlier
//! login can overwrite a later one.

use std::time::{Duration, SystemTime};

use lockproof::sync::Arc;
use lockproof::thread;
use lockproof_check::{Expected, Model};
use lockproof_structures::{Profile, ReadThenWriteUserProfile, TornUserProfile, UserProfile};
use lockproof_tests::assert_failure_reads;

const TOGETHER: &str = "shows name and last login of the same login";
const LATEST: &str = "keeps the latest login";
const WHOLE: &str = "keeps the latest login with its name";

fn second(number: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(number)
}

fn ada<P: Profile>() -> Arc<P> {
    Arc::new(P::new(7, "Ada").expect("the name is valid"))
}

/// A writer changes both fields while a reader looks once.
fn a_reader_sees_one_login<P: Profile + Send + Sync + 'static>() {
    let profile = ada::<P>();
    let other = Arc::clone(&profile);
    let writer = thread::spawn(move || other.record_login("Grace", second(1)));
    let seen = profile.snapshot();
    writer.join().expect("a login does not panic").expect("the name is valid");
    let seen = (seen.name.as_str(), seen.last_login);
    let was = [("Ada", None), ("Grace", Some(second(1)))];
    assert!(was.contains(&seen), "name and last login are of the same login, not {seen:?}");
}

#[test]
fn user_profile_is_never_seen_half_updated() {
    Model::new("UserProfile", TOGETHER, a_reader_sees_one_login::<UserProfile>).is_proved();
}

#[test]
fn torn_user_profile_is_seen_half_updated() {
    Model::new("TornUserProfile", TOGETHER, a_reader_sees_one_login::<TornUserProfile>)
        .is_refuted_by(Expected::panic("name and last login are of the same login"));
}

/// Two writers record a login each, the earlier and the later.
fn the_latest_login_is_kept<P: Profile + Send + Sync + 'static>() {
    let profile = ada::<P>();
    let other = Arc::clone(&profile);
    let earlier = thread::spawn(move || other.update_last_login(second(1)));
    profile.update_last_login(second(2));
    earlier.join().expect("a login does not panic");
    assert_eq!(profile.snapshot().last_login, Some(second(2)), "the latest login is kept");
}

#[test]
fn user_profile_keeps_the_latest_login() {
    Model::new("UserProfile", LATEST, the_latest_login_is_kept::<UserProfile>).is_proved();
}

#[test]
fn read_then_write_user_profile_goes_back_to_an_earlier_login() {
    Model::new(
        "ReadThenWriteUserProfile",
        LATEST,
        the_latest_login_is_kept::<ReadThenWriteUserProfile>,
    )
    .is_refuted_by(Expected::panic("the latest login is kept"));
}

/// Two writers record a login with a name each, the earlier and the later.
fn the_latest_login_is_kept_with_its_name<P: Profile + Send + Sync + 'static>() {
    let profile = ada::<P>();
    let other = Arc::clone(&profile);
    let earlier = thread::spawn(move || other.record_login("Grace", second(1)));
    profile.record_login("Joan", second(2)).expect("the name is valid");
    earlier.join().expect("a login does not panic").expect("the name is valid");
    let seen = profile.snapshot();
    let seen = (seen.name.as_str(), seen.last_login);
    assert_eq!(seen, ("Joan", Some(second(2))), "the latest login is kept with its name");
}

#[test]
fn user_profile_keeps_the_latest_login_with_its_name() {
    Model::new("UserProfile", WHOLE, the_latest_login_is_kept_with_its_name::<UserProfile>)
        .is_proved();
}

#[test]
fn torn_user_profile_mixes_two_logins() {
    Model::new("TornUserProfile", WHOLE, the_latest_login_is_kept_with_its_name::<TornUserProfile>)
        .is_refuted_by(Expected::panic("the latest login is kept with its name"));
}

#[test]
fn the_failures_of_the_twins_read_well() {
    assert_failure_reads!(
        "torn_user_profile_half",
        Model::new("TornUserProfile", TOGETHER, a_reader_sees_one_login::<TornUserProfile>)
    );
    assert_failure_reads!(
        "read_then_write_user_profile",
        Model::new("a twin", LATEST, the_latest_login_is_kept::<ReadThenWriteUserProfile>)
    );
    assert_failure_reads!(
        "torn_user_profile_mixed",
        Model::new("a twin", WHOLE, the_latest_login_is_kept_with_its_name::<TornUserProfile>)
    );
}
