//! Many phones at once. Two processes that mostly wait for each other take 60 ms of a
//! processor and several seconds of time, so far more of them run than there are processors.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;

/// Phones at once. So many keep two processors half busy, so that nobody's patience ends because
/// of the crowd.
const AT_ONCE: usize = 256;

/// Plays all of them, and hands over each as it ends.
pub(crate) fn each<C: Sync, P: Send>(all: Vec<C>, play: impl Fn(&C) -> P + Sync, mut take: impl FnMut(P)) {
    let next = AtomicUsize::new(0);
    let (send, receive) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(all.len()) {
            let (send, next, all, play) = (send.clone(), &next, &all, &play);
            scope.spawn(move || {
                while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    send.send(play(one)).expect("the table listens to the end");
                }
            });
        }
        drop(send);
        receive.into_iter().for_each(&mut take);
    });
}

#[test]
fn each_is_played_once() {
    let mut seen = Vec::new();
    each((0..500).collect(), |number| number * 2, |doubled| seen.push(doubled));
    seen.sort_unstable();
    assert_eq!(seen, (0..500).map(|number| number * 2).collect::<Vec<_>>());
}
