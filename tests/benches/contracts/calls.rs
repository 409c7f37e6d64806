//! What the small types can do, and what they promise: one specification each, for both checkers.

use lockproof_check::specification;

pub(crate) trait Counter {
    fn increment(&self);
    fn get(&self) -> u64;
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct SequentialCounter(u64);

impl SequentialCounter {
    fn increment(&mut self) {
        self.0 += 1;
    }

    fn get(&self) -> u64 {
        self.0
    }
}

specification! {
    #[derive(Default)]
    pub(crate) struct CounterSpecification(SequentialCounter) for impl Counter;
    pub(crate) enum CounterCall -> CounterReturn;

    fn increment();
    fn get() -> u64;
}

pub(crate) trait Login {
    fn record(&self, login: u8);
    fn snapshot(&self) -> (u8, u8);
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct SequentialLogin(u8);

impl SequentialLogin {
    fn record(&mut self, login: u8) {
        self.0 = login;
    }

    fn snapshot(&self) -> (u8, u8) {
        (self.0, self.0)
    }
}

specification! {
    #[derive(Default)]
    pub(crate) struct LoginSpecification(SequentialLogin) for impl Login;
    pub(crate) enum LoginCall -> LoginReturn;

    fn record(login: u8 = 1..=2);
    fn snapshot() -> (u8, u8);
}

pub(crate) trait Setting {
    fn raise(&self, to: u8) -> bool;
    fn get(&self) -> u8;
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct SequentialSetting(u8);

impl SequentialSetting {
    fn raise(&mut self, to: u8) -> bool {
        let is_news = self.0 < to;
        self.0 = self.0.max(to);
        is_news
    }

    fn get(&self) -> u8 {
        self.0
    }
}

specification! {
    #[derive(Default)]
    pub(crate) struct SettingSpecification(SequentialSetting) for impl Setting;
    pub(crate) enum SettingCall -> SettingReturn;

    fn raise(to: u8 = 1..=3) -> bool;
    fn get() -> u8;
}

pub(crate) trait Cell {
    fn get_or_insert(&self, value: u8) -> u8;
    fn remove(&self) -> Option<u8>;
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct SequentialCell(Option<u8>);

impl SequentialCell {
    fn get_or_insert(&mut self, value: u8) -> u8 {
        *self.0.get_or_insert(value)
    }

    fn remove(&mut self) -> Option<u8> {
        self.0.take()
    }
}

specification! {
    #[derive(Default)]
    pub(crate) struct CellSpecification(SequentialCell) for impl Cell;
    pub(crate) enum CellCall -> CellReturn;

    fn get_or_insert(value: u8 = 1..=2) -> u8;
    fn remove() -> Option<u8>;
}

pub(crate) trait Pair {
    fn write_left(&self, value: u8);
    fn write_right(&self, value: u8);
    fn snapshot(&self) -> (u8, u8);
}

#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct SequentialPair(u8, u8);

impl SequentialPair {
    fn write_left(&mut self, value: u8) {
        self.0 = value;
    }

    fn write_right(&mut self, value: u8) {
        self.1 = value;
    }

    fn snapshot(&self) -> (u8, u8) {
        (self.0, self.1)
    }
}

specification! {
    #[derive(Default)]
    pub(crate) struct PairSpecification(SequentialPair) for impl Pair;
    pub(crate) enum PairCall -> PairReturn;

    fn write_left(value: u8 = 1..=2);
    fn write_right(value: u8 = 1..=2);
    fn snapshot() -> (u8, u8);
}
