//! A model, its settings, and the endings that say what a test expects of it.

mod running;

use lockproof::engine::{Engine, Task};
use lockproof::sync::Arc;
use lockproof_record::Expectation;

use crate::conversion::named;
use crate::endings::test_endings;
use crate::lock_order::{IntendedOrder, OrderDemands};
use crate::settings::{TestSettings, test_settings};

/// A closed concurrent test of one property of one subject.
///
/// The settings are those of [`Settings`](crate::Settings), with its defaults. A model does nothing
/// until one of its endings is called: [`is_proved`](Self::is_proved), [`passes`](Self::passes),
/// [`is_refuted_by`](Self::is_refuted_by) or [`check`](Self::check).
///
/// ```
/// use lockproof::sync::atomic::{AtomicU64, Ordering};
/// use lockproof_check::Model;
///
/// Model::new("AtomicU64", "counts an increment", || {
///     let total = AtomicU64::new(0);
///     total.fetch_add(1, Ordering::SeqCst);
///     assert_eq!(total.load(Ordering::SeqCst), 1);
/// })
/// .stress_runs(10)
/// .passes();
/// ```
#[must_use = "a model runs at its ending: is_proved, passes, is_refuted_by or check"]
pub struct Model {
    test: TestSettings,
    property: String,
    order_demands: OrderDemands,
    body: Arc<dyn Fn() + Send + Sync>,
}

impl Model {
    /// A model that shows by `body` whether `subject` has `property`.
    ///
    /// `property` completes the sentence that begins with the subject: "the counter counts
    /// every increment". The caller's place is where reports say that the model stands.
    #[track_caller]
    pub fn new(
        subject: impl Into<String>,
        property: impl Into<String>,
        body: impl Fn() + Send + Sync + 'static,
    ) -> Self {
        Self {
            test: TestSettings::new(subject),
            property: property.into(),
            order_demands: OrderDemands::default(),
            body: Arc::new(body),
        }
    }

    test_settings!();
    test_endings!();

    /// States the order in which the locks of these names are acquired, the first one first.
    ///
    /// An execution in which a thread waits for a lock while it holds one that comes after it is
    /// refuted, with both places. Locks without a place in the order may be acquired at any time,
    /// and so may several locks of one name. Not checked on real threads: they leave no trace.
    ///
    /// ```
    /// use lockproof::extension::Named;
    /// use lockproof::sync::Mutex;
    /// use lockproof_check::Model;
    ///
    /// Model::new("a transfer", "takes its locks in order", || {
    ///     let from = Mutex::new(3).named("from");
    ///     let to = Mutex::new(0).named("to");
    ///     let mut from = from.lock().unwrap();
    ///     *to.lock().unwrap() += std::mem::take(&mut *from);
    /// })
    /// .lock_order(["from", "to"])
    /// .is_proved();
    /// ```
    ///
    /// # Panics
    ///
    /// If it names fewer than two locks, or one twice. A name that no lock of the model has stands
    /// against every expectation.
    #[track_caller]
    pub fn lock_order(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let names = names.into_iter().map(Into::into).collect();
        self.order_demands.intended = Some(IntendedOrder::new(names));
        self
    }

    /// Demands that the lock order has no cycle but those that are discharged: see
    /// [`lock_order`](crate::lock_order).
    ///
    /// A deadlock that is confirmed refutes the model in any case; this is about potential ones,
    /// too.
    ///
    /// ```
    /// use lockproof::sync::{Arc, Mutex};
    /// use lockproof::thread;
    /// use lockproof_check::Model;
    ///
    /// Model::new("two locks", "nest in one order", || {
    ///     let locks = Arc::new((Mutex::new(0), Mutex::new(0)));
    ///     let nest = |locks: &(Mutex<i32>, Mutex<i32>)| {
    ///         let outer = locks.0.lock().unwrap();
    ///         *locks.1.lock().unwrap() += *outer;
    ///     };
    ///     let other = Arc::clone(&locks);
    ///     let child = thread::spawn(move || nest(&other));
    ///     nest(&locks);
    ///     child.join().unwrap();
    /// })
    /// .has_no_lock_order_cycle()
    /// .is_proved();
    /// ```
    pub fn has_no_lock_order_cycle(mut self) -> Self {
        self.order_demands.forbids_cycles = true;
        self
    }

    /// Demands that no thread does more than so much while it holds a lock: its own events between
    /// acquiring and releasing the lock, in any execution that was seen.
    ///
    /// ```
    /// use lockproof::sync::Mutex;
    /// use lockproof::sync::atomic::{AtomicU32, Ordering};
    /// use lockproof_check::Model;
    ///
    /// Model::new("two counters", "are read under one lock", || {
    ///     let (total, updates) = (Mutex::new(0), AtomicU32::new(0));
    ///     let mut total = total.lock().unwrap();
    ///     *total += updates.load(Ordering::SeqCst);
    /// })
    /// .events_under_a_lock(1)
    /// .is_proved();
    /// ```
    pub fn events_under_a_lock(mut self, most: usize) -> Self {
        self.order_demands.most_events = Some(most);
        self
    }

    /// Demands that no engine refutes the model, and that this one proves it.
    ///
    /// For models that not every exhaustive engine can prove. Where the engine is not in the build
    /// or was left out, the first half is all that is asked.
    ///
    /// ```
    /// use lockproof_check::{Engine, Model};
    ///
    /// Model::new("two plus two", "is four", || assert_eq!(2 + 2, 4)).is_proved_by(Engine::Explore);
    /// ```
    ///
    /// # Panics
    ///
    /// If that is not so: see [`is_proved`](Self::is_proved).
    #[track_caller]
    pub fn is_proved_by(self, engine: Engine) {
        self.demand(Expectation::ProvedBy { engine: named(engine) });
    }

    fn property(&self) -> String {
        self.property.clone()
    }

    /// The task for `engine`; or the reason that the test leaves it out.
    fn task(&self, engine: Engine) -> Result<Task, &str> {
        if let Some(reason) = self.test.left_out(engine) {
            return Err(reason);
        }
        let body = Arc::clone(&self.body);
        Ok(Task::new(engine, &self.test.settings, move || body()))
    }
}
