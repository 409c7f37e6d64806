//! Endings that a model and a contract have in common: what is demanded of them, which runs them.

/// The endings of a test, as methods of the type that has its settings in its field `test`, and the
/// methods `property`, `search` and `replay`.
macro_rules! test_endings {
    () => {
        /// Demands that no engine refutes it, and that an exhaustive engine proves it.
        ///
        /// Where no exhaustive engine of this build runs it, the first half is all that is asked. A
        /// contract is proved of the scenarios that are written by hand; of generated ones nothing
        /// is ever proved.
        ///
        /// # Panics
        ///
        /// If that is not so: with the defect, its timeline and how to repeat it, or with what is
        /// missing for a proof; for a contract with the smallest scenario that was found to break
        /// it, and why no order of its calls explains what they returned. Also if the record cannot
        /// be written.
        #[track_caller]
        pub fn is_proved(self) {
            self.demand(lockproof_record::Expectation::Proved);
        }

        /// Demands that no engine refutes it and none gives up.
        ///
        /// For what no engine can prove, such as models of timed waits.
        ///
        /// # Panics
        ///
        /// If that is not so: see [`is_proved`](Self::is_proved).
        #[track_caller]
        pub fn passes(self) {
            self.demand(lockproof_record::Expectation::Passes);
        }

        /// Demands that every engine that controls the schedule refutes it by this defect.
        ///
        /// For twins: broken counterparts that show that the test would find something. On real
        /// threads a refutation is luck, and nothing is asked.
        ///
        /// ```
        /// use lockproof_check::{Expected, Model};
        ///
        /// Model::new("two plus two", "is five", || assert_eq!(2 + 2, 5, "the sum is right"))
        ///     .is_refuted_by(Expected::panic("the sum is right"));
        /// ```
        ///
        /// # Panics
        ///
        /// If an engine that controls the schedule finds no defect, another one, or gives up; also
        /// if the record cannot be written.
        #[track_caller]
        pub fn is_refuted_by(self, defect: lockproof_record::Expected) {
            self.demand(lockproof_record::Expectation::Refuted { by: defect });
        }

        /// Runs it on every engine of this build, and expects nothing.
        ///
        /// ```
        /// use lockproof_check::{Model, RecordedEngine};
        ///
        /// let report = Model::new("nothing", "does nothing", || {}).check();
        /// assert!(report.run_of(RecordedEngine::Std).is_some());
        /// assert!(report.is_as_expected());
        /// ```
        ///
        /// # Panics
        ///
        /// If the record cannot be written.
        #[track_caller]
        pub fn check(self) -> lockproof_record::Report {
            self.run(None)
        }

        #[track_caller]
        fn demand(self, expectation: lockproof_record::Expectation) {
            crate::runner::demand(&self.run(Some(expectation)));
        }

        fn run(
            self,
            expectation: Option<lockproof_record::Expectation>,
        ) -> lockproof_record::Report {
            let report = self.test.report(self.property(), expectation);
            let replay = |replayable: &_| self.replay(replayable);
            let runner = crate::runner::Runner { test: &self.test, replay: Some(&replay) };
            runner.run(report, |report| self.search(report))
        }
    };
}

pub(crate) use test_endings;
