//! Settings that a model and a contract have in common: subject, place, engines and budgets.

use std::panic::Location;

use lockproof::engine::{Engine, Settings};
use lockproof_record::{Expectation, Report};

use crate::harness;

/// A subject under test, and how it is run, whatever is claimed of it.
pub(crate) struct TestSettings {
    pub(crate) subject: String,
    location: &'static Location<'static>,
    pub(crate) settings: Settings,
    pub(crate) left_out: Vec<(Engine, String)>,
    /// Whether a failure is written down: by default if it stands against the expectation.
    pub(crate) keeps_witness: Option<bool>,
    pub(crate) keeps_record: bool,
}

impl TestSettings {
    /// The settings of a test of this subject, at the caller's place, with the settings that are
    /// the default.
    #[track_caller]
    pub(crate) fn new(subject: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            location: Location::caller(),
            settings: Settings::default(),
            left_out: Vec::new(),
            keeps_witness: None,
            keeps_record: true,
        }
    }

    /// The reason that `engine` was left out, if it was.
    pub(crate) fn left_out(&self, engine: Engine) -> Option<&str> {
        let left_out = self.left_out.iter().find(|(left_out, _)| *left_out == engine);
        left_out.map(|(_, reason)| reason.as_str())
    }

    /// The report before anything has run.
    pub(crate) fn report(&self, property: String, expectation: Option<Expectation>) -> Report {
        Report {
            subject: self.subject.clone(),
            property,
            location: self.location.into(),
            test: harness::test_name(),
            expectation,
            runs: Vec::new(),
            witness_files: Vec::new(),
            lock_order: None,
            outcomes: None,
        }
    }
}

/// The settings of a test, as methods of the type that has them in its field `test`.
macro_rules! test_settings {
    () => {
        /// Leaves `engine` out; reports say that it was skipped, and why.
        ///
        /// ```
        /// use lockproof_check::{Engine, Model, Verdict};
        ///
        /// let report = Model::new("sleep", "returns", || {}).not_on(Engine::Std, "slow").check();
        /// assert_eq!(*report.runs[0].verdict(), Verdict::Skipped { reason: "slow".into() });
        /// ```
        pub fn not_on(
            mut self,
            engine: lockproof::engine::Engine,
            reason: impl Into<String>,
        ) -> Self {
            self.test.left_out.push((engine, reason.into()));
            self
        }

        /// Whether a failure is written to a witness file beside the crate, which runs first in the
        /// next test. Default: if it stands against what the test expects; so not for twins.
        ///
        /// ```
        /// use lockproof_check::{Expected, Model};
        ///
        /// Model::new("two plus two", "is five", || assert_eq!(2 + 2, 5, "the sum is right"))
        ///     .keep_witness(false)
        ///     .is_refuted_by(Expected::panic("the sum is right"));
        /// ```
        pub fn keep_witness(mut self, keeps: bool) -> Self {
            self.test.keeps_witness = Some(keeps);
            self
        }

        /// Whether a record is left, for `cargo lockproof` to list, replay and report. Default:
        /// true; false is for a test that looks at a report for its own sake.
        ///
        /// ```
        /// use lockproof_check::Model;
        ///
        /// let report = Model::new("nothing", "does nothing", || {}).keep_record(false).check();
        /// assert!(report.is_as_expected());
        /// ```
        pub fn keep_record(mut self, keeps: bool) -> Self {
            self.test.keeps_record = keeps;
            self
        }

        /// The most time to look for a shorter execution that fails in the same way, where the
        /// exploring engine is in the build. Default: 2 s; zero for none.
        pub fn shortening(mut self, limit: std::time::Duration) -> Self {
            self.test.settings.shortening = limit;
            self
        }

        /// Replaces all settings.
        pub fn settings(mut self, settings: lockproof::engine::Settings) -> Self {
            self.test.settings = settings;
            self
        }

        /// The most preemptions in one execution of an exhaustive search. Default: unbounded. A
        /// bounded search never proves. [`Settings::preemptions`](crate::Settings::preemptions)
        /// says what counts as one.
        pub fn preemptions(mut self, bound: usize) -> Self {
            self.test.settings.preemptions = Some(bound);
            self
        }

        /// The most executions of an exhaustive search. Default: no limit.
        pub fn executions(mut self, limit: u64) -> Self {
            self.test.settings.executions = Some(limit);
            self
        }

        /// The executions of a random search. Default: 2,000.
        pub fn samples(mut self, count: u64) -> Self {
            self.test.settings.samples = count;
            self
        }

        /// The strategy of a random search. Default:
        /// [`Strategy::Random`](crate::Strategy::Random).
        pub fn sampling(mut self, strategy: lockproof::engine::Strategy) -> Self {
            self.test.settings.sampling = strategy;
            self
        }

        /// The seed of everything random: random search, noise, and the generation of scenarios.
        /// Default: 0.
        pub fn seed(mut self, seed: u64) -> Self {
            self.test.settings.seed = seed;
            self
        }

        /// The scheduling points in one execution beyond which it is a livelock. Default: 10,000.
        pub fn steps(mut self, limit: usize) -> Self {
            self.test.settings.steps = limit;
            self
        }

        /// The bytes of stack that a thread under test may use. Default: 256 KiB.
        ///
        /// ```
        /// use lockproof_check::Model;
        ///
        /// Model::new("a large array", "fits", || assert_eq!([0_u8; 500_000].len(), 500_000))
        ///     .stack_size(1024 * 1024)
        ///     .is_proved();
        /// ```
        pub fn stack_size(mut self, bytes: usize) -> Self {
            self.test.settings.stack_size = bytes;
            self
        }

        /// The most time for each engine. Default: one minute.
        pub fn time(mut self, limit: std::time::Duration) -> Self {
            self.test.settings.time = limit;
            self
        }

        /// The executions on real threads. Default: 100.
        pub fn stress_runs(mut self, count: u64) -> Self {
            self.test.settings.stress_runs = count;
            self
        }

        /// The time after which an execution on real threads counts as hung. Default: 10 s.
        pub fn hang(mut self, limit: std::time::Duration) -> Self {
            self.test.settings.hang = limit;
            self
        }
    };
}

pub(crate) use test_settings;
