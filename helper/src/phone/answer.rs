//! What answered at the address: a phone in Web Recovery, a phone in normal mode, or a
//! stranger (domain.md 5.2, 7.4).

use shared::form::{Certainty, Control, ControlKind, Mapping, Method, Protocol, RecoveryForm, Role, map};
use shared::model::Model;
use shared::text;

use super::form_reader::{read_forms, visible_text};
use super::reply::Reply;
use super::resolve::Here;
use super::verdict::{is_downloading, is_downloading_beside_a_form};

/// The name of the maker's own web server in normal mode (domain.md 1.3).
const ARAGORN: &str = "aragorn";
/// The realm of the 480i, which names no maker (domain.md 1.3, NMAP).
const REALM_480I: &str = "Please enter User name and password";
/// Words that a recovery page has and a router's login page has not.
const RECOVERY_WORDS: [&str; 9] = [
    "recovery",
    "firmware",
    "aastra",
    "mitel",
    "tftp",
    "wiederherstellung",
    "récupération",
    "recuperación",
    "micrologiciel",
];
/// How much of a stranger's page is worth telling, in characters.
const SEEN_CHARACTERS: usize = 160;

/// What answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A phone in Web Recovery, with its form.
    Recovery(Box<RecoveryPage>),
    /// A phone in Web Recovery that is downloading already.
    Busy,
    /// A phone that runs its normal software.
    Normal {
        /// Its own words: the realm of its login, or its title.
        name: String,
    },
    /// Something else.
    Stranger {
        /// What it said, as short as it can be told.
        seen: String,
    },
}

/// The page of a phone in Web Recovery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryPage {
    /// Its form: the one we understand best.
    pub form: RecoveryForm,
    /// What we understood of it.
    pub mapping: Mapping,
    /// The words on the page.
    pub text: String,
    /// Whether they are those of a recovery page. Without them, nothing is sent on a guess: it
    /// might be anybody's form.
    pub speaks: bool,
    /// Path and query of the page that the form is on.
    pub path: String,
}

impl RecoveryPage {
    /// The protocols that the form offers, in our order.
    pub fn protocols(&self) -> Vec<Protocol> {
        Protocol::ALL.into_iter().filter(|protocol| self.mapping.offers(&self.form, *protocol)).collect()
    }

    /// The model that the page names, when it does: in its words, or as the name of a file that
    /// a field came filled with.
    pub fn model(&self) -> Option<&'static Model> {
        let defaults = || self.form.controls.iter().filter_map(Control::default_value);
        Model::in_text(&self.text).or_else(|| defaults().find_map(Model::by_file))
    }

    /// The file's name, when the page fixes it: the phone will ask for this one.
    pub fn fixed_file(&self) -> Option<&str> {
        let name = self.mapping.mapped.iter().find(|mapped| mapped.target.role == Role::FileName)?;
        let control = &self.form.controls[name.control];
        (control.read_only || control.kind == ControlKind::Hidden).then_some(control.value.as_str())
    }

    /// The names of the fields whose values are nobody's business.
    pub fn secrets(&self) -> Vec<String> {
        let is_secret = |(index, control): &(usize, &Control)| {
            control.kind == ControlKind::Password
                || self.mapping.mapped.iter().any(|m| m.control == *index && m.target.role == Role::Password)
        };
        let controls = self.form.controls.iter().enumerate();
        controls.filter(is_secret).map(|(_, control)| control.name.clone()).collect()
    }

    /// What every field is taken for and why, a sentence each.
    pub fn reasons(&self) -> Vec<String> {
        let name = |index: usize| self.form.controls[index].name.as_str();
        self.mapping.mapped.iter().map(|mapped| text::form::mapped(name(mapped.control), mapped)).collect()
    }

    /// The question to the person, when the fields cannot be told apart: every field that could
    /// be meant, with the words beside it.
    pub fn question(&self) -> String {
        if let Some(elsewhere) = &self.form.elsewhere {
            return format!("its form wants to be sent to {elsewhere}, which is not the phone");
        }
        let typed =
            self.form.controls.iter().filter(|control| control.is_typed() && !control.name.is_empty());
        let fields: Vec<String> = typed
            .map(|control| match control.label.as_str() {
                "" => format!("\"{}\"", control.name),
                label => format!("\"{}\" ({label})", control.name),
            })
            .collect();
        format!(
            "which of these fields is for the file's name, and which for this computer's address? fields: {}",
            fields.join(", ")
        )
    }
}

/// Says what a page is.
pub fn recognise(reply: &Reply, here: &Here) -> Answer {
    if reply.status == 401 {
        return recognise_login(reply);
    }
    let text = visible_text(&reply.body);
    let lower = text.to_lowercase();
    let speaks = RECOVERY_WORDS.iter().any(|word| lower.contains(word));
    let best = read_forms(reply, here)
        .into_iter()
        .map(|form| (map(&form), form))
        .max_by_key(|(mapping, form)| understanding(mapping, form));
    let busy = match &best {
        Some((mapping, form)) if understanding(mapping, form).0.is_some() => {
            is_downloading_beside_a_form(&text)
        }
        _ => is_downloading(&text),
    };
    if busy {
        return Answer::Busy;
    }
    if let Some((mapping, form)) = best {
        let certain = understanding(&mapping, &form).0 >= Some(Certainty::Likely);
        if certain || speaks || (text.is_empty() && is_riddle(&form)) {
            let path = here.path.clone();
            return Answer::Recovery(Box::new(RecoveryPage { form, mapping, text, speaks, path }));
        }
    } else if let Some(name) = titled_phone(&reply.body) {
        return Answer::Normal { name };
    }
    let words: String = text.chars().take(SEEN_CHARACTERS).collect();
    let status = if reply.status == 0 { String::new() } else { format!("HTTP {}: ", reply.status) };
    Answer::Stranger { seen: format!("{status}{words}") }
}

/// How good an answer is, where a page has several in its frames: how well its form is
/// understood.
pub(super) fn worth(answer: &Answer) -> (u8, Option<Certainty>, usize) {
    match answer {
        Answer::Busy => (4, None, 0),
        Answer::Recovery(page) => {
            let (certainty, fields) = understanding(&page.mapping, &page.form);
            (3, certainty, fields)
        }
        Answer::Normal { .. } => (2, None, 0),
        Answer::Stranger { .. } => (1, None, 0),
    }
}

/// How well a form is understood: the certainty of its best protocol, then how many of its
/// fields have a role.
fn understanding(mapping: &Mapping, form: &RecoveryForm) -> (Option<Certainty>, usize) {
    let certainty = Protocol::ALL
        .into_iter()
        .filter(|protocol| mapping.offers(form, *protocol))
        .filter_map(|protocol| mapping.certainty(protocol))
        .max();
    (certainty, mapping.mapped.len())
}

/// A form that changes something and is no login: what a boot loader's page looks like when it
/// says nothing at all.
fn is_riddle(form: &RecoveryForm) -> bool {
    form.method == Method::Post
        && form.controls.iter().any(|control| control.is_typed())
        && form.controls.iter().all(|control| control.kind != ControlKind::Password)
}

fn recognise_login(reply: &Reply) -> Answer {
    let realm = reply.header("www-authenticate").map(realm_of).unwrap_or_default();
    let aragorn = reply.header("server").is_some_and(|server| server.to_ascii_lowercase().contains(ARAGORN));
    let maker = ["aastra", "mitel"].iter().any(|maker| realm.to_ascii_lowercase().starts_with(maker));
    if maker || aragorn || realm == REALM_480I {
        Answer::Normal { name: realm }
    } else {
        Answer::Stranger { seen: format!("HTTP 401: a login for \"{realm}\"") }
    }
}

fn realm_of(header: &str) -> String {
    let start = header.to_ascii_lowercase().find("realm=").map(|at| at + "realm=".len());
    let realm = start.and_then(|start| header.get(start..)).unwrap_or("");
    let realm = match realm.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap_or(""),
        None => realm.split(',').next().unwrap_or(""),
    };
    realm.trim().to_owned()
}

/// Some phones answer 200 with `<TITLE>Aastra 57i</TITLE>` (domain.md 1.3, NMAP).
fn titled_phone(html: &str) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    let start = lower.find("<title>")? + "<title>".len();
    let end = start + lower.get(start..)?.find('<')?;
    let title = html.get(start..end)?.trim();
    let model = title.strip_prefix("Aastra ").or_else(|| title.strip_prefix("Mitel "))?;
    Model::find(model).map(|_| title.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Reply { status, headers, body: body.into(), ..Reply::default() }
    }

    fn recognise(reply: &Reply, path: &str) -> Answer {
        super::recognise(reply, &Here::new("192.168.1.5".parse().unwrap(), path))
    }

    #[test]
    fn a_form_with_the_known_fields_is_a_recovery_page() {
        let html = "<title>Web Recovery 6757i CT</title><form method=post action=/go>\
                    File <input name=file> Server <input name=tftp></form>";
        let Answer::Recovery(page) = recognise(&page(200, &[], html), "/") else { panic!() };
        assert_eq!(page.protocols(), [Protocol::Tftp]);
        assert_eq!(page.model().map(|model| model.name), Some("57i CT"));
    }

    #[test]
    fn the_best_understood_of_several_forms_is_taken() {
        let html = "Firmware <form action=/search><input name=q></form>\
                    <form action=/go><input name=file><input name=tftp></form>";
        let Answer::Recovery(page) = recognise(&page(200, &[], html), "/") else { panic!() };
        assert_eq!(page.form.action, "/go");
    }

    #[test]
    fn a_riddle_on_a_recovery_page_is_still_a_recovery_page() {
        let html = "<h1>Web Recovery</h1><form><input type=checkbox name=x></form>";
        let Answer::Recovery(page) = recognise(&page(200, &[], html), "/") else { panic!() };
        assert_eq!(page.protocols(), []);
    }

    #[test]
    fn a_phone_that_is_downloading_already_says_so() {
        let html = "<b>Firmware Downloading..Please Wait</b>";
        assert_eq!(recognise(&page(200, &[], html), "/"), Answer::Busy);
    }

    #[test]
    fn a_form_without_a_word_is_a_riddle_and_says_so() {
        let html = "<form method=post action=/x><input name=q><input name=w><input name=e></form>";
        let Answer::Recovery(page) = recognise(&page(200, &[], html), "/") else { panic!() };
        assert!(!page.speaks);
    }

    #[test]
    fn a_phone_in_normal_mode_is_known_by_its_login() {
        for (headers, name) in [
            (vec![("www-authenticate", "Basic realm=\"Aastra 6757i\"")], "Aastra 6757i"),
            (vec![("www-authenticate", "Basic realm=\"Mitel 6915\"")], "Mitel 6915"),
            (vec![("www-authenticate", "Basic realm=x"), ("server", "Aragorn")], "x"),
            (vec![("www-authenticate", "Basic realm=\"Please enter User name and password\"")], REALM_480I),
        ] {
            let answer = recognise(&page(401, &headers, ""), "/");
            assert_eq!(answer, Answer::Normal { name: name.into() });
        }
        let titled = recognise(&page(200, &[], "<HTML><TITLE>Aastra 57i</TITLE>"), "/");
        assert_eq!(titled, Answer::Normal { name: "Aastra 57i".into() });
    }

    #[test]
    fn routers_and_printers_are_strangers() {
        for reply in [
            page(401, &[("www-authenticate", "Basic realm=\"Router\"")], ""),
            page(200, &[], "<form method=post>Login <input name=user><input type=password name=pw></form>"),
            page(200, &[], "<form>Search <input name=q></form>"),
            page(200, &[], "<title>NAS</title><form method=post action=/s><input name=q></form>"),
            page(200, &[], "<title>Printer</title>Toner low"),
            page(0, &[], "220 ftp ready"),
            page(404, &[], ""),
        ] {
            let answer = recognise(&reply, "/");
            assert!(matches!(answer, Answer::Stranger { .. }), "{answer:?}");
        }
    }

    #[test]
    fn an_instruction_to_wait_is_not_a_phone_at_work() {
        let html = "<h1>Web Recovery</h1>Press Download and wait until the phone restarts.\
                    <form method=post>File <input name=file> Server <input name=tftp></form>";
        assert!(matches!(recognise(&page(200, &[], html), "/"), Answer::Recovery(_)));
        let busy = html.replace("<h1>", "<b>Firmware Downloading..Please Wait</b><h1>");
        assert_eq!(recognise(&page(200, &[], &busy), "/"), Answer::Busy);
    }

    #[test]
    fn a_form_for_another_server_offers_nothing() {
        let html = "<h1>Web Recovery</h1><form method=post action=http://10.9.9.9/go>\
                    File <input name=file> Server <input name=tftp></form>";
        let Answer::Recovery(page) = recognise(&page(200, &[], html), "/") else { panic!() };
        assert_eq!(page.protocols(), []);
        assert!(page.question().contains("http://10.9.9.9/go"), "{}", page.question());
    }

    #[test]
    fn the_model_is_also_known_from_the_file_that_the_form_names() {
        let html = "Recovery <form method=post><input name=file value=57i.st><input name=tftp></form>";
        let Answer::Recovery(page) = recognise(&page(200, &[], html), "/") else { panic!() };
        assert_eq!(page.model().map(|model| model.name), Some("57i"));
    }

    #[test]
    fn what_is_asked_names_the_fields_and_the_words_beside_them() {
        let html = "<h1>Web Recovery</h1><form method=post>Eins <input name=a><br><input name=b></form>";
        let Answer::Recovery(page) = recognise(&page(200, &[], html), "/") else { panic!() };
        assert!(page.question().ends_with("fields: \"a\" (Eins), \"b\""), "{}", page.question());
        assert!(page.mapping.is_blind(Protocol::Tftp));
    }
}
