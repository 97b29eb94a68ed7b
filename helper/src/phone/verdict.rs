//! What a phone's answer to a submission says. It is a hint: the wire has the last word
//! (domain.md 7.6).

use super::form_reader::{read_fields, visible_text};
use super::reply::Reply;
use super::resolve::Here;
use super::spoken::{runs, spoken_text};

/// What it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It says that it is downloading, or that it took the file.
    Taken,
    /// It says no, in these words.
    Refused(String),
    /// It says something that we do not know, and does not ask again: its form is gone.
    Noted(String),
    /// It says something that we do not know.
    Unknown(String),
}

/// No, in the languages that the phones speak; spelling and case vary (domain.md 1.1).
const NO: [&str; 67] = [
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
    "incorrect",
    "missing",
    "reject",
    "cannot",
    "impossible",
    "not possible",
    "nicht möglich",
    "nicht moeglich",
    "falsch",
    "fehlt",
    "manquant",
    "n'est pas",
    "no es posible",
    "no se puede",
    "aborted",
    "abgebrochen",
    "interrompu",
    "cancelad",
    "imposible",
    "wrong",
    "bad parameter",
    "illegal",
    "not acceptable",
    "could not",
    "does not exist",
    "inexist",
    "no existe",
    "nicht vorhanden",
    "existiert nicht",
    "n'existe",
    "timeout",
    "timed out",
    "no response",
    "keine antwort",
];
/// That something is on its way.
const COMING: [&str; 13] = [
    "download",
    "geladen",
    "lade ",
    "lädt",
    "télécharge",
    "descarg",
    "upgrading",
    "updating",
    "aktualisier",
    "transfer",
    "übertrag",
    "fetching",
    "retriev",
];
/// That this needs time.
const WAIT: [&str; 8] =
    ["wait", "warten", "patient", "attend", "espere", "espera", "in progress", "en cours"];
/// The same in a form that takes the file itself.
const ARRIVED: [&str; 19] = [
    "upload complete",
    "upload successful",
    "successfully uploaded",
    "uploaded successfully",
    "writing",
    "flashing",
    "programming",
    "erasing",
    "will restart",
    "restarting",
    "rebooting",
    "wird geschrieben",
    "startet neu",
    "neu gestartet",
    "écriture",
    "redémarr",
    "escribiendo",
    "reiniciando",
    "se reiniciará",
];
/// As much as a person reads.
const CHARACTERS: usize = 200;

/// That the phone is at it, in words that no instruction has.
const PROGRESS: [&str; 23] = [
    "downloading",
    "download in progress",
    "upgrade in progress",
    "update in progress",
    "download started",
    "download has started",
    "being downloaded",
    "loading firmware",
    "loading the firmware",
    "upgrading",
    "updating",
    "wird geladen",
    "wird heruntergeladen",
    "wird aktualisiert",
    "download läuft",
    "lädt ",
    "lade ",
    "téléchargement",
    "mise à jour en cours",
    "descargando",
    "descarga en curso",
    "actualizando",
    "flashing",
];
/// Words of an instruction or of a warning: what stands beside them is not happening now.
const HINTS: [&str; 40] = [
    "not", "don", "never", "while", "during", "until", "when", "if", "after", "before", "once", "press",
    "click", "nicht", "nie", "während", "solange", "bis", "wenn", "nachdem", "drücken", "klicken", "pas",
    "jamais", "pendant", "jusqu", "quand", "lorsque", "si", "après", "cliquez", "appuyez", "no", "nunca",
    "mientras", "durante", "hasta", "cuando", "después", "pulse",
];
/// "Please wait while …" is no instruction: it says what is going on.
const WAIT_WHILE: [&str; 3] = ["wait while", "patienter pendant", "espere mientras"];
/// Words that make what follows a mere possibility.
const CONDITIONS: [&str; 4] = ["if ", "wenn ", "falls ", "si "];
/// The most characters of a line that says what the phone does. "Firmware Downloading..Please
/// Wait" has 33; an explanation beside a form has more.
const LONGEST_STATUS: usize = 60;

/// Whether a page says that the phone is downloading (domain.md 1.1), loosely. On a page with
/// fields that can be filled in, "press Download and wait" may be a mere instruction: there, only
/// one short line that says so by itself counts.
pub(super) fn is_busy(html: &str, has_fields: bool) -> bool {
    if has_fields {
        return runs(html).iter().any(|run| run.chars().count() <= LONGEST_STATUS && is_status(run));
    }
    let text = spoken_text(html);
    let lower = text.to_lowercase();
    is_status(&text) || (says(&lower, &COMING) && says(&lower, &WAIT) && !says(&lower, &NO))
}

/// Whether a page without fields says that the phone writes what it has or restarts, and that
/// this needs time.
pub(super) fn is_working(html: &str) -> bool {
    const WORKS: [&str; 12] = [
        "being written",
        "writing",
        "flashing",
        "programming",
        "erasing",
        "restarting",
        "rebooting",
        "wird geschrieben",
        "startet neu",
        "écriture",
        "escribiendo",
        "reiniciando",
    ];
    let lower = spoken_text(html).to_lowercase();
    says(&lower, &WORKS) && says(&lower, &WAIT) && !is_no(&lower)
}

/// Whether a text says that something is going on and that this needs time.
fn is_status(text: &str) -> bool {
    let lower = text.to_lowercase();
    let goes_on = |clause: &str| {
        let plain = WAIT_WHILE.iter().fold(clause.to_owned(), |clause, words| clause.replace(words, "wait "));
        let mut words = plain.split(|c: char| !c.is_alphanumeric());
        says(clause, &PROGRESS) && !says(clause, &NO) && !words.any(|word| HINTS.contains(&word))
    };
    says(&lower, &WAIT) && clauses(&lower).any(goes_on)
}

/// Whether a text says no. What it says would come of something is no answer.
fn is_no(text: &str) -> bool {
    let lower = text.to_lowercase();
    clauses(&lower).any(|clause| {
        let clause = clause.trim_start();
        says(clause, &NO) && !CONDITIONS.iter().any(|word| clause.starts_with(word))
    })
}

fn clauses(text: &str) -> impl Iterator<Item = &str> {
    text.split(['.', '!', '?', ';', ':', '…'])
}

fn says(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| text.contains(word))
}

/// Reads a phone's answer, loosely.
pub fn verdict(reply: &Reply, here: &Here) -> Verdict {
    let clip = |text: String| text.chars().take(CHARACTERS).collect::<String>();
    if reply.status >= 400 {
        let text = clip(visible_text(&reply.body));
        return Verdict::Refused(format!("HTTP {} {text}", reply.status).trim().to_owned());
    }
    // What it does comes first: "Downloading..Please Wait. If it fails, …" is no refusal. The form
    // again, and not a word about it: nobody knows.
    let asks_again = read_fields(reply, here).can_be_filled();
    if is_busy(&reply.body, asks_again) {
        return Verdict::Taken;
    }
    let text = clip(spoken_text(&reply.body));
    if is_no(&text) {
        Verdict::Refused(text)
    } else if asks_again || text.is_empty() {
        Verdict::Unknown(text)
    } else {
        Verdict::Noted(text)
    }
}

/// The same for an answer to a file that was sent along.
pub fn upload_verdict(reply: &Reply, here: &Here) -> Verdict {
    match verdict(reply, here) {
        Verdict::Noted(text) | Verdict::Unknown(text)
            if ARRIVED.iter().any(|word| text.to_lowercase().contains(word)) =>
        {
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
        assert_eq!(say(200, ""), Verdict::Unknown(String::new()));
        for body in ["Bitte warten", "OK", "Request accepted"] {
            assert_eq!(say(200, body), Verdict::Noted(body.into()));
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
    fn what_the_phone_does_counts_before_what_might_go_wrong() {
        for body in [
            "Firmware Downloading..Please Wait. If it fails, switch the phone off and try again.",
            "Please wait while the firmware is being downloaded.",
            "Please wait while the system retrieves the file.",
            "Firmware wird \u{fc}bertragen. Bitte warten.",
            "Downloading firmware, please wait. Do not unplug the phone. The download may fail without power.",
        ] {
            assert_eq!(say(200, body), Verdict::Taken, "{body}");
        }
        for body in
            ["Downloading failed. Please wait", "Der Download ist nicht m\u{f6}glich.", "File name missing"]
        {
            assert!(matches!(say(200, body), Verdict::Refused(_)), "{body}");
        }
    }

    #[test]
    fn a_hint_beside_the_form_is_no_answer() {
        let form = "<form method=post>File <input name=file><input type=submit value=Download></form>";
        for hint in [
            "Do not unplug while downloading. Please wait...",
            "W\u{e4}hrend die Firmware geladen wird, bitte warten.",
            "Ne pas d\u{e9}brancher pendant le t\u{e9}l\u{e9}chargement, attendez.",
            "The phone is downloading its firmware from the server that is named below; this takes long, so wait.",
        ] {
            let answer = say(200, &format!("<p>{hint}</p>{form}"));
            assert!(matches!(answer, Verdict::Unknown(_)), "{hint}: {answer:?}");
        }
        let status = format!("<p>Downloading firmware, please wait. Do not unplug.</p>{form}");
        assert_eq!(say(200, &status), Verdict::Taken);
    }

    #[test]
    fn an_answer_in_a_window_of_its_own_is_heard() {
        let said = say(200, "<html><script>alert('Invalid Parameters'); history.back();</script></html>");
        assert_eq!(said, Verdict::Refused("Invalid Parameters".into()));
        let check = "<script>function check() { alert('Invalid file'); }</script>OK";
        assert_eq!(say(200, check), Verdict::Noted("OK".into()));
    }

    #[test]
    fn a_file_that_was_sent_along_is_thanked_for_in_other_words() {
        let here = Here::new("10.0.0.2".parse().unwrap(), "/");
        let reply = Reply {
            status: 200,
            body: "Upload complete. The phone will restart.".into(),
            ..Reply::default()
        };
        assert!(matches!(verdict(&reply, &here), Verdict::Noted(_)));
        assert_eq!(upload_verdict(&reply, &here), Verdict::Taken);
    }
}
