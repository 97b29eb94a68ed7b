//! All bytes are in: they go into the flash, and the phone restarts. Minutes on a real phone,
//! and the moment in which a pulled plug does harm (domain.md 6, row 6).

use std::fmt::Write as _;

use tokio::time::sleep;

use super::sink::Received;
use crate::{
    Display, Event, Quirk,
    event::{Mode, Protocol},
    phone::{Core, Order, Stage},
    practice::PRACTICE_VERSION,
};

/// Writes the file and orders the restart.
pub(super) async fn write(core: &Core, protocol: Protocol, file: &Received) {
    let quirks = &core.config.quirks;
    core.set_silent(quirks.has(&Quirk::Silent));
    core.say(Event::FileReceived { protocol, bytes: file.length, sha256: hexadecimal(&file.sum) });
    core.with(|memory| {
        memory.flash_spoilt = true;
        memory.stage = Stage::Busy;
    });
    core.show(Display::writing());
    core.say(Event::WritingFlash);
    sleep(core.config.timing.write_flash).await;
    let version = version_in(&file.head).unwrap_or_else(|| PRACTICE_VERSION.to_owned());
    let again = core.with(|memory| {
        memory.firmware_written(version.clone(), &core.config);
        let again = memory.returns_to_recovery < quirks.back_in_recovery();
        memory.returns_to_recovery += u32::from(again);
        memory.flash_spoilt = again;
        again
    });
    core.say(Event::FlashWritten { version });
    let next = if quirks.has(&Quirk::NeverBack) {
        None
    } else if again {
        Some(Mode::Recovery)
    } else {
        Some(Mode::Normal)
    };
    core.order(Order::Restart(next)).await;
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The first text of the form `3.3.1.4365` (domain.md 3.3).
fn version_in(bytes: &[u8]) -> Option<String> {
    bytes
        .split(|byte| !byte.is_ascii_digit() && *byte != b'.')
        .filter_map(|run| std::str::from_utf8(run).ok())
        .map(|run| run.trim_matches('.'))
        .find(|run| {
            let parts: Vec<&str> = run.split('.').collect();
            let short = |part: &&str| (1..=2).contains(&part.len());
            matches!(parts.as_slice(), [head @ .., build]
                if head.len() == 3 && head.iter().all(short) && (3..=5).contains(&build.len()))
        })
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_found() {
        let version = |bytes: &[u8]| version_in(bytes);
        assert_eq!(version(b"\x00ab 3.3.1.4365\x00"), Some("3.3.1.4365".to_owned()));
        assert_eq!(version(b"10.2.3.4 and 1.2.3"), None);
        assert_eq!(version(b""), None);
    }
}
