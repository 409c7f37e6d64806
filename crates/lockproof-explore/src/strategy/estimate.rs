//! An estimate of the number of executions of a search.

/// Knuth's estimator ("Estimating the Efficiency of Backtrack Programs", 1975), the other way round:
/// the explored share of a tree tells its size, if each branch of a step leads to equally many leaves.
/// `steps` gives, for each step of the current path, the number of branches explored before the
/// current one, and the number of those left.
pub(crate) fn estimate(executions: f64, steps: impl Iterator<Item = (u32, u32)>) -> Option<f64> {
    let (mut done, mut share) = (0.0, 1.0);
    for (explored, left) in steps {
        let explored = f64::from(explored);
        let all = explored + 1.0 + f64::from(left);
        done += share * explored / all;
        share /= all;
    }
    (done > 0.0).then(|| executions / done)
}
