//! Which button of the form is pressed: by its words, for nothing else is known of it
//! (domain.md 1.1: "a submit button stands at the bottom"; hypothesis H6, 1.6).
//!
//! A button that erases is never pressed, and a form that has no other is never sent: a form
//! that is sent without its button may do the same.

use super::control::{Control, ControlKind, RecoveryForm};
use super::role::Protocol;
use super::words::{BOOT, ERASES, FIRMWARE, OTHER_FILES, Text};

/// Words on a button that sends nothing, or not this form.
const LEADS_AWAY: &[&str] = &[
    "cancel",
    "abort",
    "abbrechen",
    "annuler",
    "reload",
    "refresh",
    "neu laden",
    "recharger",
    "rafraîchir",
    "actualiser",
    "recargar",
    "logout",
    "log out",
    "abmelden",
    "help",
    "hilfe",
    "=aide",
    "ayuda",
    "=back",
    "zurück",
    "retour",
    "volver",
    "=no",
    "=nein",
    "=non",
    "=stop",
    "exit",
    "close",
    "quit",
    "beenden",
    "fermer",
    "salir",
    "cerrar",
    "browse",
    "durchsuchen",
    "parcourir",
    "examinar",
    "=ping",
];
/// Words on a button that restarts the phone. With a word for a download it does so afterwards.
const RESTARTS: &[&str] = &["reboot", "restart", "neustart", "neu starten", "redémarrer", "reiniciar"];
/// Words for the way of a file: with the name of another file, the button is for that one.
const MOVES: &[&str] = &[
    "load",
    "upgrade",
    "update",
    "restore",
    "import",
    "export",
    "send",
    "=get",
    "laden",
    "charger",
    "descargar",
    "cargar",
    "envoyer",
    "enviar",
];
/// Words on the button that fetches the firmware.
const FETCHES: &[&str] = &[
    "download",
    "upgrade",
    "=flash",
    "recover",
    "image",
    "fetch",
    "herunterladen",
    "wiederherstell",
    "télécharger",
    "récupér",
    "recuper",
    "descargar",
];
/// Words that may mean the same.
const LOADS: &[&str] = &[
    "load",
    "update",
    "install",
    "laden",
    "aktualisier",
    "charger",
    "mettre à jour",
    "mise à jour",
    "cargar",
    "actualizar",
    "instalar",
];
/// Words on a button that sends the form, where there are several.
const SENDS: &[&str] = &[
    "submit",
    "=start",
    "begin",
    "send",
    "save",
    "apply",
    "=go",
    "=ok",
    "=yes",
    "=next",
    "proceed",
    "continue",
    "confirm",
    "starten",
    "senden",
    "speichern",
    "übernehmen",
    "ausführen",
    "weiter",
    "fortfahren",
    "bestätigen",
    "=ja",
    "envoyer",
    "enregistrer",
    "valider",
    "lancer",
    "suivant",
    "continuer",
    "=oui",
    "enviar",
    "guardar",
    "iniciar",
    "aceptar",
    "continuar",
    "siguiente",
    "lanzar",
    "=sí",
];

/// How much speaks for a button, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// It restarts the phone: pressed only when there is nothing else to press.
    Restarts,
    /// Its words say nothing: pressed when it is the only one.
    Silent,
    /// It sends the form.
    Sends,
    /// It loads something.
    Loads,
    /// It fetches a file.
    Fetches,
    /// It speaks of firmware.
    Firmware,
}

impl RecoveryForm {
    /// The button a person would press to have the file fetched in this way: never one whose
    /// words say that it does something else, and among several the one whose words say that it
    /// is right. Unsure is none.
    pub fn button(&self, protocol: Protocol) -> Option<usize> {
        let ranked: Vec<(usize, Rank)> = self
            .buttons()
            .filter(|(_, control)| !names_other_protocol(control, protocol))
            .filter_map(|(index, control)| Some((index, rank(control)?)))
            .collect();
        let sends = |index: usize| self.controls[index].kind != ControlKind::Button;
        let has_submit = ranked.iter().any(|(index, _)| sends(*index));
        // A button with nothing but a script counts where its words say so, or nothing else is there.
        let counts = |(index, rank): &&(usize, Rank)| sends(*index) || !has_submit || *rank >= Rank::Sends;
        let top = ranked.iter().filter(counts).map(|(_, rank)| *rank).max()?;
        let best: Vec<usize> =
            ranked.iter().filter(counts).filter(|(_, rank)| *rank == top).map(|(index, _)| *index).collect();
        match (top, best.as_slice()) {
            (Rank::Restarts, [only]) => (self.buttons().count() == 1).then_some(*only),
            (Rank::Restarts, _) => None,
            (_, [only]) => Some(*only),
            (Rank::Silent, _) => None,
            (_, several) => several.iter().copied().find(|index| sends(*index)).or(several.first().copied()),
        }
    }

    /// Whether every button of the form is for something else than fetching firmware: such a
    /// form is never sent, with or without its button.
    pub fn is_for_something_else(&self) -> bool {
        let is_other = |control: &Control| {
            let text = words(control);
            text.any(ERASES) || moves_other_file(&text)
        };
        self.buttons().next().is_some() && self.buttons().all(|(_, control)| is_other(control))
            || self.commands_erasing()
    }

    /// Whether a hidden command says what the form is for: taking something away.
    fn commands_erasing(&self) -> bool {
        const COMMAND: &[&str] =
            &["=cmd", "command", "=action", "=op", "=operation", "=do", "=func", "=task", "=mode"];
        // "default" and the like are said of many things.
        const ORDERS: &[&str] = &["erase", "=format", "delete", "factory", "=reset", "=clear"];
        let hidden = self.controls.iter().filter(|control| control.kind == ControlKind::Hidden);
        let names_command = |control: &Control| Text::new(&control.name).any(COMMAND);
        hidden.into_iter().any(|control| names_command(control) && Text::new(&control.value).any(ORDERS))
    }

    /// The protocols that the buttons name, where each has one of its own.
    pub(super) fn protocols_of_buttons(&self) -> Vec<Protocol> {
        let usable = self.buttons().filter(|(_, control)| rank(control).is_some());
        usable.filter_map(|(_, control)| protocol_of(control)).collect()
    }

    fn buttons(&self) -> impl Iterator<Item = (usize, &Control)> {
        let controls = self.controls.iter().enumerate();
        controls.filter(|(_, control)| control.is_button() && !control.disabled)
    }
}

fn words(control: &Control) -> Text {
    Text::all(&[&control.name, &control.id, &control.value, &control.label])
}

fn moves_other_file(text: &Text) -> bool {
    !text.any(FIRMWARE) && (text.any(OTHER_FILES) || text.any(BOOT)) && text.any(MOVES)
}

fn rank(control: &Control) -> Option<Rank> {
    let text = words(control);
    if text.any(ERASES) || text.any(LEADS_AWAY) || moves_other_file(&text) {
        return None;
    }
    Some(if text.any(FIRMWARE) {
        Rank::Firmware
    } else if text.any(FETCHES) {
        Rank::Fetches
    } else if text.any(LOADS) {
        Rank::Loads
    } else if text.any(SENDS) {
        Rank::Sends
    } else if text.any(RESTARTS) {
        Rank::Restarts
    } else {
        Rank::Silent
    })
}

fn protocol_of(control: &Control) -> Option<Protocol> {
    Protocol::only_in(&format!("{} {} {}", control.name, control.value, control.label))
}

fn names_other_protocol(control: &Control, protocol: Protocol) -> bool {
    protocol != Protocol::Upload && protocol_of(control).is_some_and(|named| named != protocol)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{button, form, text};
    use super::*;

    fn with(words: &[&str]) -> RecoveryForm {
        let mut controls = vec![text("file", "", "")];
        controls.extend(words.iter().map(|words| button("op", words)));
        form(controls)
    }

    #[track_caller]
    fn check(words: &[&str], pressed: Option<&str>) {
        let form = with(words);
        let found = form.button(Protocol::Tftp).map(|index| form.controls[index].value.as_str());
        assert_eq!(found, pressed, "{words:?}");
    }

    #[test]
    fn the_right_button_is_pressed_or_none() {
        check(&["Download"], Some("Download"));
        check(&["Los"], Some("Los"));
        check(&["Erase all", "Download Firmware"], Some("Download Firmware"));
        check(&["Cancel", "Reboot phone", "Weiter"], Some("Weiter"));
        check(&["Format flash"], None);
        check(&["Eins", "Zwei"], None);
        check(&[], None);
    }

    #[test]
    fn what_fetches_firmware_comes_before_what_saves() {
        check(&["Save Settings", "Download Firmware"], Some("Download Firmware"));
        check(&["OK", "Download"], Some("Download"));
        check(&["Download", "Firmware"], Some("Firmware"));
        check(&["Enregistrer", "T\u{e9}l\u{e9}charger"], Some("T\u{e9}l\u{e9}charger"));
        check(&["Recargar", "Descargar"], Some("Descargar"));
        check(&["Neu laden", "Laden"], Some("Laden"));
        check(&["Save", "Load"], Some("Load"));
        check(&["Update settings", "Download"], Some("Download"));
        check(&["Install", "Boot"], Some("Install"));
        check(&["No", "Yes"], Some("Yes"));
        check(&["Start", "Stop"], Some("Start"));
    }

    #[test]
    fn what_restarts_afterwards_is_no_restart() {
        check(&["Download and Restart"], Some("Download and Restart"));
        check(&["Reboot", "Download and Restart"], Some("Download and Restart"));
        check(&["Restart"], Some("Restart"));
        check(&["Restart", "Cancel"], None);
    }

    #[test]
    fn what_erases_is_never_pressed_whatever_else_it_says() {
        for words in
            ["Erase firmware", "Download factory defaults", "Firmware l\u{f6}schen", "Effacer et envoyer"]
        {
            check(&[words], None);
            check(&[words, "Los"], Some("Los"));
            assert!(with(&[words]).is_for_something_else(), "{words}");
        }
        check(&["Send information"], Some("Send information"));
        for (name, value, erases) in [
            ("cmd", "eraseflash", true),
            ("action", "factory_default", true),
            ("cmd", "upgrade", false),
            ("theme", "reset", false),
        ] {
            let mut form = with(&["OK"]);
            form.controls.push(super::super::testing::hidden(name, value));
            assert_eq!(form.is_for_something_else(), erases, "{name}={value}");
        }
    }

    #[test]
    fn another_file_has_its_own_button() {
        check(&["Download Configuration", "Download Language", "Download"], Some("Download"));
        check(&["Load boot ROM", "Load"], Some("Load"));
        assert!(with(&["Download Configuration"]).is_for_something_else());
        assert!(!with(&["Save Configuration"]).is_for_something_else());
        assert!(!with(&[]).is_for_something_else());
    }

    #[test]
    fn a_button_for_each_protocol_is_pressed_for_that_protocol() {
        let form = with(&["TFTP Download", "FTP Download", "HTTP Download"]);
        for (protocol, at) in [(Protocol::Tftp, 1), (Protocol::Ftp, 2), (Protocol::Http, 3)] {
            assert_eq!(form.button(protocol), Some(at), "{protocol:?}");
        }
        assert_eq!(form.protocols_of_buttons(), [Protocol::Tftp, Protocol::Ftp, Protocol::Http]);
    }
}
