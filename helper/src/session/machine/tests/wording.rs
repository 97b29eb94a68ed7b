//! What the machine asks for, in words.

use crate::session::event::{Action, Key};

pub(super) fn action(action: &Action) -> String {
    match action {
        Action::Inspect => "inspect".into(),
        Action::Look(after) => format!("look after {after:?}"),
        Action::Serve { protocols, .. } => {
            let names: Vec<&str> = protocols.iter().map(|protocol| protocol.name()).collect();
            format!("serve by {}", names.join(", "))
        }
        Action::OpenWall => "open the wall".into(),
        Action::Remember(way) => format!("remember {}", way.rung),
        Action::Submit { rung, .. } => format!("submit {}", rung.name),
        Action::LogIn { after, keys: [Key::Factory] } => format!("log in after {after:?}"),
        Action::LogIn { after, keys } => format!("log in with {keys:?} after {after:?}"),
        Action::ReadSettings(Key::Factory) => "read settings".into(),
        Action::ReadSettings(Key::Typed) => "read settings as typed".into(),
        Action::Reset(option, Key::Factory) => option.body().replace("resetOption=", "reset "),
        Action::Reset(option, Key::Typed) => option.body().replace("resetOption=", "reset as typed "),
        Action::Tell(update) => format!("tell {update:?}"),
    }
}
