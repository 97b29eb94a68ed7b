//! The whole page: header, steps, the phone on the left, one screen on the right.
//!
//! What tests and scripts hold on to (`data-testid`):
//!
//! | id | what | where |
//! |---|---|---|
//! | `connection` | the line to the helper, also `data-state`: `connecting`, `open`, `lost`, `key-refused`, `other-version` | header |
//! | `practice` | present in practice mode | header |
//! | `step-now` | the step of the bar, its name as text | bar |
//! | `step-back-phone`, `step-back-firmware` | back to a question | bar |
//! | `lost` | the helper does not answer | top |
//! | `rejected` | what the helper would not do, or that what it did ended with it | top |
//! | `heading`, `lead` | the one heading and its sentence | every screen |
//! | `scenario` | what the practice is about | left, before a recovery |
//! | `stage-display` | the lines of the drawn display, one `text` each | left |
//! | `phone-list`, `phone-chip-N`, `another-phone` | several phones | top of the right half |
//! | `symptom-locked`, `-no-software`, `-stuck`, `-reclaimed`, `-several` | what is wrong; a click goes on | Phone, not in practice |
//! | `practise` | to a practice beside this helper | the same |
//! | `symptom-note` | what to know in this case | Phone |
//! | `model`, `model-57i` …, `model-unknown` | the choice of the model; a click goes on | Phone |
//! | `firmware-input` | the real `<input type=file>` | Firmware |
//! | `firmware-drop` | where a file can be dropped | Firmware |
//! | `upload`, `upload-stop` | a file on its way: `data-percent`, `data-bytes` | Firmware |
//! | `upload-unfinished`, `upload-forget` | a file that is here in part, with the same two | Firmware |
//! | `firmware-name` | the chosen file's name | Firmware, Connect |
//! | `firmware-used-before` | for which phones the chosen file worked, and when | Firmware |
//! | `firmware-about` | what is known of it, folded: `firmware-about-name`, `-size`, `-model`, `firmware-sha1`, `firmware-sha256` | Firmware |
//! | `firmware-problem` | why a file was not taken, its code in `data-code` | Firmware |
//! | `upload-problem` | why it did not even get there | Firmware |
//! | `firmware-kept`, `firmware-delete` | buttons of a file that is here from before; deleting takes two presses | Firmware |
//! | `firmware-used` | for which phones it worked, how many in `data-models` | Firmware |
//! | `use-practice-firmware` | practice only | Firmware |
//! | `next`, `back` | on and back | Firmware, Connect |
//! | `fact-cable`, `fact-phone`, `fact-way`, `fact-mode` | what is seen right now, `data-state` as for the milestones, and `odd`, `unknown` | Connect |
//! | `address`, `address-problem`, `address-good` | the typed address, and what is made of it | Connect |
//! | `found-phone` | each phone that was found and is not in the address field | Connect |
//! | `look` | search the cables now | Connect |
//! | `interfaces` | this computer's network, folded | Connect |
//! | `by-hand` | the commands of a repair, folded | Connect, Failed |
//! | `start` | Get my phone back | Connect |
//! | `phase` | the phase's stable name in `data-phase` | Recover, Check, Done, Failed |
//! | `milestone-transfer` … | a line of the list, `data-state`: `done`, `now`, `todo`, `failed` | the same |
//! | `keep-plugged-in` | while unplugging harms | Recover |
//! | `rung` | trying another way | Recover |
//! | `progress` | `role=progressbar` with `aria-valuenow` | Recover |
//! | `transfer-bytes` | acknowledged bytes for people, exactly in `data-bytes` | Recover |
//! | `transfer-repeats` | only when there are any | Recover |
//! | `bell` | whether to be told at the end | Recover |
//! | `stop` | while stopping is safe | Recover, Check |
//! | `outcome` | how it ended, `data-result`: `verified`, `failed`; `data-code` of a failure | Done, Failed |
//! | `identity-version`, `identity-platform` | what the phone says of itself | Done |
//! | `failure-code`, `failure-seen` | inside `evidence`, which is folded | Failed |
//! | `remedy` | the first thing to do, when it is not `retry` | Failed |
//! | `repair` | changes this computer for as long as it takes, and starts again | Failed |
//! | `side-door` | reset without firmware | Connect, Failed |
//! | `retry` | only where it is safe | Failed |
//! | `start-over` | from the first question | Done, Failed |
//! | `same-again` | another phone, with the same model and file | Done |
//! | `sent-form`, `wire` | the two folded parts | from Recover on |

use leptos::prelude::*;

use crate::browser;
use crate::components::{Bell, Header, Notices, PhoneList, Stage, StepBar, WindowTitle};
use crate::connection::{self, Link};
use crate::journey::Screen;
use crate::state::Page;
use crate::steps::{
    CheckStep, ConnectStep, DoneStep, FailedStep, FirmwareStep, PhoneStep, RecoverStep, SymptomStep,
};
use crate::steps::{KeyRefused, OtherVersion, Waiting};

/// The whole page.
#[component]
pub(crate) fn App() -> impl IntoView {
    let page = Page::new();
    provide_context(page);
    connection::start(page);
    browser::ignore_stray_drops();
    browser::ask_before_leaving(move || page.holds_on());
    view! {
        <WindowTitle/>
        <Bell/>
        <Header/>
        <StepBar/>
        <main class:stale=move || matches!(page.link.get(), Link::Lost { .. })>
            <Stage/>
            <section class="screen">
                <Notices/>
                <PhoneList/>
                {move || screen(page.screen.get())}
            </section>
        </main>
    }
}

fn screen(screen: Screen) -> AnyView {
    use crate::draft::Question;
    match screen {
        Screen::Waiting => view! { <Waiting/> }.into_any(),
        Screen::KeyRefused => view! { <KeyRefused/> }.into_any(),
        Screen::OtherVersion => view! { <OtherVersion/> }.into_any(),
        Screen::Ask(Question::Symptom) => view! { <SymptomStep/> }.into_any(),
        Screen::Ask(Question::Phone) => view! { <PhoneStep/> }.into_any(),
        Screen::Ask(Question::Firmware) => view! { <FirmwareStep/> }.into_any(),
        Screen::Ask(Question::Connect) => view! { <ConnectStep/> }.into_any(),
        Screen::Recover(_) => view! { <RecoverStep/> }.into_any(),
        Screen::Check(_) => view! { <CheckStep/> }.into_any(),
        Screen::Done(id) => view! { <DoneStep id/> }.into_any(),
        Screen::Failed(id) => view! { <FailedStep id/> }.into_any(),
    }
}
