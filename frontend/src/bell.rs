//! A sound and a notice, as far as the browser lets a page have them. Nothing hangs on either: what
//! is refused is left out.

use std::cell::RefCell;

use web_sys::{AudioContext, Notification, NotificationOptions, NotificationPermission};

/// The two notes, in hertz (E5, A5), and how long each sounds, in seconds.
const NOTES: [(f32, f64); 2] = [(659.25, 0.18), (880.0, 0.4)];
/// Loud enough for the room, and no alarm.
const LOUDNESS: f32 = 0.2;

thread_local! {
    /// Made by the click that asked for it: one that is made later stays silent.
    static SOUND: RefCell<Option<AudioContext>> = const { RefCell::new(None) };
}

/// Asks the browser for both.
pub(crate) fn prepare() {
    SOUND.with_borrow_mut(|sound| {
        if sound.is_none() {
            *sound = AudioContext::new().ok();
        }
    });
    if Notification::permission() == NotificationPermission::Default {
        // The answer is looked at when it is needed.
        let _ = Notification::request_permission();
    }
}

/// Gives both.
pub(crate) fn ring(title: &str, says: &str) {
    if Notification::permission() == NotificationPermission::Granted {
        let options = NotificationOptions::new();
        options.set_body(says);
        options.set_icon("/icon.svg");
        let _ = Notification::new_with_options(title, &options);
    }
    SOUND.with_borrow(|sound| sound.as_ref().and_then(chime));
}

fn chime(sound: &AudioContext) -> Option<()> {
    let volume = sound.create_gain().ok()?;
    volume.gain().set_value(LOUDNESS);
    volume.connect_with_audio_node(&sound.destination()).ok()?;
    let mut at = sound.current_time();
    for (hertz, seconds) in NOTES {
        let note = sound.create_oscillator().ok()?;
        note.frequency().set_value(hertz);
        note.connect_with_audio_node(&volume).ok()?;
        note.start_with_when(at).ok()?;
        at += seconds;
        note.stop_with_when(at).ok()?;
    }
    Some(())
}
