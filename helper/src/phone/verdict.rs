//! What a phone's answer to a submission says. It is a hint: the wire has the last word
//! (domain.md 7.6).

use super::form_reader::{read_forms, visible_text};
use super::reply::Reply;
use super::resolve::Here;

/// What it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It says that it is downloading, or that it took the file.
    Taken,
    /// It says no, in these words.
    Refused(String),
    /// It says something that we do not know.
    Unknown(String),
}

/// No, in the languages that the phones speak; spelling and case vary (domain.md 1.1).
const NO: [&str; 33] = [
    "invalid",
    "inválid",
    "no válido",
    "non valide",
    "ungültig",
    "ungueltig",
    "fail",
    "fehlgeschlagen",
    "échec",
    "échoué",
    "echec",
    "fallo",
    "falló",
    "fallid",
    "not found",
    "nicht gefunden",
    "introuvable",
    "no encontrad",
    "unsupported",
    "not supported",
    "nicht unterstützt",
    "error",
    "fehler",
    "erreur",
    "refused",
    "denied",
    "abgelehnt",
    "verweigert",
    "refusé",
    "rechazad",
    "not allowed",
    "bad request",
    "unable",
];
/// That something is on its way.
const COMING: [&str; 9] =
    ["download", "geladen", "lade ", "lädt", "télécharge", "descarg", "upgrading", "updating", "aktualisier"];
/// That this needs time.
const WAIT: [&str; 8] =
    ["wait", "warten", "patient", "attend", "espere", "espera", "in progress", "en cours"];
/// The same in a form that takes the file itself.
const ARRIVED: [&str; 9] = [
    "upload complete",
    "upload successful",
    "successfully uploaded",
    "uploaded successfully",
    "writing",
    "flashing",
    "will restart",
    "restarting",
    "rebooting",
];
/// As much as a person reads.
const CHARACTERS: usize = 200;

/// What the page says once it took the form (domain.md 1.1), loosely.
pub(super) fn is_downloading(text: &str) -> bool {
    let text = text.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    says(&COMING) && says(&WAIT) && !says(&NO)
}

/// The same on a page with a form, where "press Download and wait" may be a mere instruction:
/// only the phone's own sentence counts.
pub(super) fn is_downloading_beside_a_form(text: &str) -> bool {
    const SENTENCES: [&str; 4] = ["downloading", "wird geladen", "téléchargement en cours", "descargando"];
    let lower = text.to_lowercase();
    is_downloading(text) && SENTENCES.iter().any(|sentence| lower.contains(sentence))
}

/// Reads a phone's answer, loosely.
pub fn verdict(reply: &Reply, here: &Here) -> Verdict {
    let text: String = visible_text(&reply.body).chars().take(CHARACTERS).collect();
    let lower = text.to_lowercase();
    if reply.status >= 400 {
        return Verdict::Refused(format!("HTTP {} {text}", reply.status).trim().to_owned());
    }
    if NO.iter().any(|word| lower.contains(word)) {
        return Verdict::Refused(text);
    }
    // The form again, and not a word about it: nobody knows.
    let forms = read_forms(reply, here);
    let shows_form = forms.iter().any(|form| form.controls.iter().any(|control| control.is_typed()));
    let taken = match shows_form {
        true => is_downloading_beside_a_form(&lower),
        false => is_downloading(&lower),
    };
    if taken { Verdict::Taken } else { Verdict::Unknown(text) }
}

/// The same for an answer to a file that was sent along.
pub fn upload_verdict(reply: &Reply, here: &Here) -> Verdict {
    match verdict(reply, here) {
        Verdict::Unknown(text) if ARRIVED.iter().any(|word| text.to_lowercase().contains(word)) => {
            Verdict::Taken
        }
        verdict => verdict,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(status: u16, body: &str) -> Verdict {
        let reply = Reply { status, body: body.into(), ..Reply::default() };
        verdict(&reply, &Here::new("10.0.0.2".parse().unwrap(), "/"))
    }

    #[test]
    fn the_answer_is_read_loosely() {
        for (status, body) in [
            (200, "<b>Firmeware Downloading..Please Wait</b>"),
            (0, "Firmware DOWNLOADING please WAIT"),
            (200, "Firmware wird geladen. Bitte warten."),
            (200, "T\u{e9}l\u{e9}chargement en cours, veuillez patienter"),
            (200, "Descargando firmware, espere por favor"),
        ] {
            assert_eq!(say(status, body), Verdict::Taken, "{body}");
        }
        for body in [
            "Invalid Parameters",
            "firmware download failed",
            "Ung\u{fc}ltige Parameter",
            "Param\u{e8}tres non valides",
            "Par\u{e1}metros inv\u{e1}lidos",
            "Descarga fallida, espere",
        ] {
            assert_eq!(say(200, body), Verdict::Refused(body.into()), "{body}");
        }
        assert_eq!(say(405, "method unsupported"), Verdict::Refused("HTTP 405 method unsupported".into()));
        for body in ["Bitte warten", "", "OK"] {
            assert_eq!(say(200, body), Verdict::Unknown(body.into()));
        }
    }

    #[test]
    fn the_form_again_is_no_answer() {
        let form = "Press Download and wait. <form method=post><input name=file><input type=submit value=Download></form>";
        assert!(matches!(say(200, form), Verdict::Unknown(_)));
        let with_word = format!("<b>Invalid Parameters</b>{form}");
        assert!(matches!(say(200, &with_word), Verdict::Refused(_)));
        let busy = format!("<b>Firmware Downloading..Please Wait</b>{form}");
        assert_eq!(say(200, &busy), Verdict::Taken);
    }

    #[test]
    fn a_file_that_was_sent_along_is_thanked_for_in_other_words() {
        let here = Here::new("10.0.0.2".parse().unwrap(), "/");
        let reply = Reply {
            status: 200,
            body: "Upload complete. The phone will restart.".into(),
            ..Reply::default()
        };
        assert!(matches!(verdict(&reply, &here), Verdict::Unknown(_)));
        assert_eq!(upload_verdict(&reply, &here), Verdict::Taken);
    }
}
